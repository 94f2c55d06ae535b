import { blocks } from '../../documents/blocks';
import { sentences } from '../../documents/sentences';
import { ProperNames } from './language/properNames';
import { readable, type Prose } from './language/prose';
import { retag } from './language/retag';
import type { Tagger } from './language/tagger';
import type { Token } from './language/token';

/** Longer sentences are lists or accidents of layout; no plain question comes out of them. */
const longestSentence = 420;

/** A passage is a chunk of some hundred characters; of a monster only the beginning is read, so that nobody waits for it. */
const longestPassage = 50_000;

/** A sentence with its words. Offsets of tokens are into `prose.text`; final punctuation is not among them. */
export interface Sentence {
  readonly prose: Prose;
  readonly start: number;
  readonly end: number;
  readonly tokens: readonly Token[];
  /** Number of the block: sentences of one paragraph share it. */
  readonly block: number;
  /** Position in the passage. */
  readonly index: number;
}

export interface Step {
  readonly number: number;
  /** Where the step begins in the passage, its number included. */
  readonly start: number;
  readonly sentence: Sentence;
  /** Its last sentence, the same one for most steps. */
  readonly last: Sentence;
}

/** A passage taken apart: what can be asked about, in order. */
export interface Passage {
  readonly text: string;
  readonly section: readonly string[];
  readonly sentences: readonly Sentence[];
  /** Numbered lists of at least two steps. */
  readonly procedures: readonly (readonly Step[])[];
  /** Raw text ranges of tables. */
  readonly tables: readonly { readonly start: number; readonly end: number }[];
  /** The heading that stands above an offset of the passage. */
  headingOf(offset: number): string | undefined;
}

export function readPassage(whole: string, section: readonly string[], tagger: Tagger): Passage {
  const text = whole.slice(0, longestPassage);
  const found: Sentence[] = [];
  const procedures: Step[][] = [];
  const tables: { start: number; end: number }[] = [];
  const headings: { text: string; at: number }[] = section.map((heading) => ({ text: heading, at: -1 }));
  let steps: Step[] = [];
  let number = 0;
  const all = [...blocks(text)];
  const names = new ProperNames(
    all.map((block) => (block.kind === 'heading' ? '' : text.slice(block.start, block.end))).join('\n'),
    tagger,
  );
  for (const block of all) {
    number += 1;
    const marker =
      block.kind === 'item' ? /^\s*\(?(\d{1,3})[.)]\s+/u.exec(text.slice(block.start, block.start + 40)) : null;
    if (!marker && steps.length > 0) {
      if (steps.length > 1) procedures.push(steps);
      steps = [];
    }
    if (block.kind === 'table') tables.push({ start: block.start, end: block.end });
    if (block.kind === 'heading')
      headings.push({ text: text.slice(block.start, block.end).replace(/^#+\s*/u, ''), at: block.start });
    if (block.kind !== 'prose' && block.kind !== 'item') continue;
    const bullet = /^\s*(?:[-*+•◦▪‣–]|\(?(?:\d{1,3}|[a-z])[.)])\s+/u.exec(text.slice(block.start, block.start + 40));
    const start = block.start + (block.kind === 'item' && bullet ? bullet[0].length : 0);
    const prose = readable(text, start, block.end);
    for (const span of sentences(prose.text)) {
      const sentence = analyse(prose, span, number, found.length, tagger, names);
      if (!sentence) continue;
      if (marker) {
        const value = Number(marker[1]);
        const open = steps.at(-1);
        if (open?.sentence.block === number) steps[steps.length - 1] = { ...open, last: sentence };
        else steps.push({ number: value, start: block.start, sentence, last: sentence });
      } else found.push(sentence);
    }
  }
  if (steps.length > 1) procedures.push(steps);
  return {
    text,
    section: headings.map((heading) => heading.text),
    sentences: found,
    procedures,
    tables,
    headingOf: (offset) => headings.findLast((heading) => heading.at < offset)?.text,
  };
}

function analyse(
  prose: Prose,
  span: { readonly start: number; readonly end: number },
  block: number,
  index: number,
  tagger: Tagger,
  names: ProperNames,
): Sentence | undefined {
  const raw = prose.text.slice(span.start, span.end);
  if (raw.length > longestSentence || raw.length < 8) return undefined;
  const first = /^\p{Lu}[\p{L}\p{N}'-]*/u.exec(raw)?.[0] ?? '';
  const lowered = first !== '' && !names.isName(first, raw) ? raw.charAt(0).toLowerCase() + raw.slice(1) : raw;
  const tokens = retag(tagger.tag(lowered, span.start));
  const last = tokens.at(-1);
  const body = withoutBrackets(last && /^[.!?…]+$/u.test(last.text) ? tokens.slice(0, -1) : tokens);
  return { prose, start: span.start, end: span.end, tokens: body, block, index };
}

/** "Solvang (1841-1919) was": a short remark in brackets is left out of questions; evidence and answers keep it. */
function withoutBrackets(tokens: readonly Token[]): readonly Token[] {
  const open = tokens.findIndex((token) => token.text === '(');
  const close = tokens.findIndex((token, i) => i > open && token.text === ')');
  if (open <= 0 || close < 0 || close - open > 12) return tokens;
  return withoutBrackets([...tokens.slice(0, open), ...tokens.slice(close + 1)]);
}
