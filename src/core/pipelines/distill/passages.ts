import { chunkDocument } from '../../documents/chunk';
import type { Chunk, SourceDocument } from '../../documents/types';
import { visitOrder } from '../../documents/visitOrder';
import type { Unit } from '../../engine/pipeline';
import type { ChunkRow } from '../../records/distill';

/** A passage as a unit of work: `index` is its place in the documents, `id` its chunk id. */
export interface PassageUnit extends Unit {
  readonly chunk: Chunk;
  readonly row: ChunkRow;
}

/** All passages of the documents, in document order. */
export interface Passages {
  readonly count: number;
  /** Characters that are in at least one passage. */
  at(index: number): PassageUnit;
  /** Seeded and low-discrepancy: a run that its budget stops has covered the documents evenly. */
  inVisitOrder(seed: number): Iterable<PassageUnit>;
}

export function passagesOf(
  documents: readonly SourceDocument[],
  options: { readonly chunkSize: number; readonly overlap: number },
): Passages {
  const all = documents.flatMap((document) =>
    Array.from(chunkDocument(document.text, { size: options.chunkSize, overlap: options.overlap }), (chunk) => ({
      document,
      chunk,
    })),
  );

  function at(index: number): PassageUnit {
    const passage = all[index];
    if (!passage) throw new RangeError(`There is no passage ${index} among ${all.length}.`);
    const id = `chunk_${String(index).padStart(6, '0')}`;
    return { index, id, chunk: passage.chunk, row: rowOf(id, passage.document, passage.chunk) };
  }

  return {
    count: all.length,
    at,
    *inVisitOrder(seed) {
      for (const index of visitOrder(all.length, seed)) yield at(index);
    },
  };
}

function rowOf(id: string, document: SourceDocument, chunk: Chunk): ChunkRow {
  return {
    chunk_id: id,
    text: chunk.text,
    source: {
      file: document.file,
      sha256: document.sha256,
      start: chunk.start,
      end: chunk.end,
      line_start: chunk.lineStart,
      line_end: chunk.lineEnd,
    },
    section: [...chunk.section],
    char_count: chunk.text.length,
  };
}
