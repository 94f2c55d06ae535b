import { isUtf8 } from 'node:buffer';
import { pairOfLine, type PairOptions, type PairRow } from '../pairs';
import { sliceWhole } from './preview';
import { isWhole, type ReadRow } from './rowReader';

/** A half of a pair as the preview shows it: texts cut to what can be read, `meta` as JSON. */
export interface PreviewedHalf {
  readonly instruction: string;
  readonly input: string;
  readonly output: string;
  readonly meta: string;
}

export type PairPreview =
  | { readonly state: 'pair'; readonly forward: PreviewedHalf; readonly reverse: PreviewedHalf }
  | { readonly state: 'problem'; readonly column: number; readonly message: string }
  | { readonly state: 'blank' };

const SHOWN_CHARACTERS = 20_000;

/** What `pairs` would write for a row, or why it would refuse to. `file` is the one that the person opened. */
export function pairPreview(read: ReadRow, file: string, options: PairOptions): PairPreview {
  if (read.row.state === 'blank') return { state: 'blank' };
  if (!isWhole(read)) {
    return { state: 'problem', column: 1, message: 'This row is too large to be shown; it is written all the same.' };
  }
  const text = read.bytes.toString('utf8').replace(/^\ufeff/u, '');
  const damage = isUtf8(read.bytes) ? {} : ({ damage: 'invalid_utf8' } as const);
  const place = { number: read.line + 1, offset: read.range.start, bytes: read.bytes.length };
  const made = pairOfLine(file, { ...place, text, ending: '\n', ...damage }, options);
  if ('message' in made) return { state: 'problem', column: made.column, message: made.message };
  return { state: 'pair', forward: shown(made.forward), reverse: shown(made.reverse) };
}

function shown({ instruction, input, output, meta }: PairRow): PreviewedHalf {
  const texts = [instruction, input, output, JSON.stringify(meta, undefined, 1)].map((text) =>
    text.length > SHOWN_CHARACTERS ? `${sliceWhole(text, SHOWN_CHARACTERS)}…` : text,
  );
  const [first = '', second = '', third = '', fourth = ''] = texts;
  return { instruction: first, input: second, output: third, meta: fourth };
}
