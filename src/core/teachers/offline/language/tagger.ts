import type { ItsFunction } from 'wink-nlp';
import type { Pos, Token } from './token';

/** Tags sentences. Loading the model takes some 200 ms, so it is loaded when it is first needed and then kept. */
export interface Tagger {
  /** The words of a sentence that stands at `at` in its block. */
  tag(sentence: string, at: number): readonly Token[];
  /** Whether a lower-case word is an ordinary one, that the model was taught. */
  knows(lower: string): boolean;
}

/** What is read off a token. wink-nlp 2.4 declares `lemma` with the parameters of an older release, but calls it like the others. */
interface Readers {
  readonly value: ItsFunction<string>;
  readonly pos: ItsFunction<string>;
  readonly lemma: ItsFunction<string>;
  readonly uniqueId: ItsFunction<number>;
}

let loading: Promise<Tagger> | undefined;

export function loadTagger(): Promise<Tagger> {
  loading ??= createTagger();
  return loading;
}

async function createTagger(): Promise<Tagger> {
  const [{ default: winkNLP }, { default: model }] = await Promise.all([
    import('wink-nlp'),
    import('wink-eng-lite-web-model'),
  ]);
  const nlp = winkNLP(model, ['sbd', 'pos']);
  const its = nlp.its as unknown as Readers;
  // The model numbers its own words first; a word that nobody taught it gets the next number.
  const taught = nlp.readDoc('\u{e000}\u{e001}').tokens().out(its.uniqueId).map(Number).at(0) ?? 0;
  return {
    tag(sentence, at) {
      const tokens = nlp.readDoc(sentence).tokens();
      return mergeJoined(
        place(sentence, at, tokens.out(its.value), tokens.out(its.pos), tokens.out(its.lemma)),
        sentence,
        at,
      );
    },
    knows(lower) {
      const ids = nlp.readDoc(lower).tokens().out(its.uniqueId).map(Number);
      return ids.length === 1 && (ids[0] ?? taught) < taught;
    },
  };
}

function place(
  sentence: string,
  at: number,
  values: readonly string[],
  tags: readonly string[],
  lemmas: readonly string[],
): Token[] {
  const tokens: Token[] = [];
  let cursor = 0;
  for (const [i, value] of values.entries()) {
    const pos = (tags[i] ?? 'X') as Pos;
    const found = sentence.indexOf(value, cursor);
    if (pos === 'SPACE' || found < 0) continue;
    cursor = found + value.length;
    // At the end of a sentence "45 °C." the model keeps the full stop with the unit.
    const stop = cursor === sentence.length && value.length > 1 && /[\p{L}\p{N}]\.$/u.test(value);
    const text = stop ? value.slice(0, -1) : value;
    const lower = text.toLowerCase();
    const lemma = stop ? lower : (lemmas[i] ?? lower);
    tokens.push({ text, lower, lemma, pos, start: at + found, end: at + found + text.length });
  }
  return tokens;
}

const joiner = /^[-‐‑–/·²³°½¼¾⅓⅔−±$€£%×]/u;

/** "high", "-", "pressure" are one word, so are "3½", "−21", "°C", "N·m", "$5.20", "14–16". */
function mergeJoined(tokens: readonly Token[], sentence: string, at: number): Token[] {
  const merged: Token[] = [];
  for (let i = 0; i < tokens.length;) {
    let j = i + 1;
    while (j < tokens.length && joins(tokens[j - 1], tokens[j])) j += 1;
    const first = tokens[i];
    const last = tokens[j - 1];
    if (!first || !last) break;
    merged.push(j === i + 1 ? alone(first) : join(first, last, sentence.slice(first.start - at, last.end - at)));
    i = j;
  }
  return merged;
}

function joins(left: Token | undefined, right: Token | undefined): boolean {
  if (!left || !right || left.end !== right.start) return false;
  if (/^[,.;:!?()"“”—]$/u.test(left.text) || /^[,.;:!?()"“”—]/u.test(right.text)) return false;
  return joiner.test(right.text) || joiner.test(left.text);
}

function alone(token: Token): Token {
  if (/^[%°]/u.test(token.text)) return { ...token, pos: 'NOUN' };
  return token;
}

function join(first: Token, last: Token, text: string): Token {
  const lower = text.toLowerCase();
  return { text, lower, lemma: lower, pos: joinedPos(text, first, last), start: first.start, end: last.end };
}

function joinedPos(text: string, first: Token, last: Token): Pos {
  if (/^[−±-]?[$€£]?\d[\d.,]*[½¼¾⅓⅔]?(?:[–/×-]\d[\d.,]*)?[½¼¾⅓⅔]?$/u.test(text)) return 'NUM';
  if (/^[−±-]?\d[\d.,]*(?:°|%)/u.test(text)) return 'NOUN';
  if (/^°/u.test(text) || /[²³·]/u.test(text) || /^\p{L}+\/\p{L}+$/u.test(text)) return 'NOUN';
  if (/^\d/u.test(text) || last.pos === 'VERB' || last.pos === 'ADJ') return 'ADJ';
  if (last.pos === 'NUM' && first.pos === 'NUM') return 'NUM';
  return last.pos === 'PROPN' ? 'PROPN' : 'NOUN';
}
