import { chunkDocument } from '../../documents/chunk';
import type { Chunk, SourceDocument } from '../../documents/types';
import { visitOrder } from '../../documents/visitOrder';
import type { Unit } from '../../engine/pipeline';
import type { ChunkRow } from '../../records/distill';
import type { DistillOptions } from './options';

/** A passage as a unit of work: `index` is its place in the documents, `id` its chunk id. */
export interface PassageUnit extends Unit {
  readonly chunk: Chunk;
  readonly row: ChunkRow;
}

/** All passages of the documents, in document order. */
export interface Passages {
  readonly count: number;
  at(index: number): PassageUnit;
  /** Seeded and low-discrepancy: a run that its budget stops has covered the documents evenly. */
  inVisitOrder(seed: number): Iterable<PassageUnit>;
}

export function passagesOf(
  documents: readonly SourceDocument[],
  options: Pick<DistillOptions, 'chunkSize' | 'overlap' | 'startIndex' | 'maxPassages'>,
): Passages {
  const everything = documents.flatMap((document) =>
    Array.from(chunkDocument(document.text, { size: options.chunkSize, overlap: options.overlap }), (chunk) => ({
      document,
      chunk,
    })),
  );
  // Ids count from the documents' beginning, whatever part of them is worked on.
  const { startIndex, maxPassages = everything.length } = options;
  const all = everything.slice(startIndex, startIndex + maxPassages);

  function at(index: number): PassageUnit {
    const passage = all[index];
    if (!passage) throw new RangeError(`There is no passage ${index} among ${all.length}.`);
    const id = `chunk_${String(startIndex + index).padStart(6, '0')}`;
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
