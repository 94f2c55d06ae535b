import { pronounOf } from '../language/protagonist';
import { isPerson } from '../language/reference';
import type { Range, Token } from '../language/token';
import type { Frame } from './frame';

const neverClear = new Set(
  'i we me us my our mine ours myself this these those such here former latter respectively above below aforementioned yesterday today tomorrow now ago'.split(
    ' ',
  ),
);
const pronounsOf: Readonly<Record<string, 'thing' | 'person' | 'many'>> = {
  it: 'thing',
  its: 'thing',
  itself: 'thing',
  they: 'many',
  them: 'many',
  their: 'many',
  themselves: 'many',
  he: 'person',
  him: 'person',
  his: 'person',
  himself: 'person',
  she: 'person',
  her: 'person',
  herself: 'person',
};

/** Whether every word of a range can be understood by somebody who has not read the passage. */
export function isClear(frame: Frame, range: Range): boolean {
  const { tokens } = frame.sentence;
  for (let i = range.from; i < range.to; i += 1) {
    const token = tokens[i];
    if (!token) return false;
    if (
      neverClear.has(token.lower) &&
      !(token.lower === 'above' && tokens[i + 1]?.pos !== undefined) &&
      !(token.lower === 'below' && i + 1 < range.to)
    )
      return false;
    if (isPointing(tokens, i)) return false;
    if (/^(?:many|some|several|few|others|various|certain)$/u.test(token.lower)) return false;
    if (token.lower === 'that' && i + 1 >= range.to) return false;
    if (token.lower === 'there' && i + 1 >= range.to) return false;
    if (/^(?:instead|meanwhile|otherwise|too|either|therefore|thus|also)$/u.test(token.lower)) return false;
    if (token.lower === 'enough' && i + 1 >= range.to && /^(?:VERB|AUX)$/u.test(tokens[i - 1]?.pos ?? '')) return false;
    if (
      /^(?:other|another|same|one|ones|latter|both|each|either|any|following|previous|next)$/u.test(token.lower) &&
      !isNounLike(tokens[i + 1])
    )
      return false;
    const kind = Object.hasOwn(pronounsOf, token.lower) ? pronounsOf[token.lower] : undefined;
    if (kind && !hasAntecedent(frame, i, kind)) return false;
  }
  return true;
}

/** "that situation", "when that happens": not the "that" of a clause. */
export function isPointing(tokens: readonly Token[], i: number): boolean {
  const [before, token, next] = [tokens[i - 1], tokens[i], tokens[i + 1]];
  if (token?.lower !== 'that') return false;
  if (token.pos === 'DET') return true;
  return /^(?:SCONJ|CCONJ|ADP|ADV)$/u.test(before?.pos ?? '') && /^(?:VERB|AUX|NOUN)$/u.test(next?.pos ?? '');
}

function isNounLike(token: { readonly pos: string } | undefined): boolean {
  return token?.pos === 'NOUN' || token?.pos === 'PROPN' || token?.pos === 'ADJ';
}

function hasAntecedent(frame: Frame, i: number, kind: 'thing' | 'person' | 'many'): boolean {
  const { clause, sentence } = frame;
  if (!clause) return false;
  if (i === clause.head) return frame.referent !== undefined;
  const head = sentence.tokens[clause.head];
  // "employed her as", "published his results": somebody else's, unless the passage is about one person.
  if (kind === 'person') {
    const { protagonist } = frame.mentions;
    // "Sigrid Moe translated her articles": whose, when the subject is another than the one whom the passage is about?
    const another =
      head?.pos === 'PROPN' &&
      i >= clause.subject.to &&
      isNounLike(sentence.tokens[i + 1]) &&
      !namesProtagonist(frame, protagonist?.surname ?? '');
    return !another && pronounOf(sentence.tokens[i]?.lower ?? '') === protagonist?.pronoun;
  }
  // Within one clause "it" is never the subject itself; "its" and "itself" are.
  if (
    !head ||
    i < clause.subject.to ||
    !/^(?:its|their|his|her|.*self|.*selves)$/u.test(sentence.tokens[i]?.lower ?? '')
  )
    return false;
  if (head.pos === 'PRON') return frame.referent !== undefined && pronounsOf[head.lower] === kind;
  if (kind === 'many') return clause.plural;
  if (clause.plural) return false;
  return !isPerson(head, sentence, clause.subject);
}

function namesProtagonist({ clause, sentence }: Frame, surname: string): boolean {
  return (
    clause !== undefined &&
    sentence.tokens.slice(clause.subject.from, clause.subject.to).some((token) => token.text === surname)
  );
}

/** Whether the finished words read as a question: no scraps of layout, no second clause, no "last week". */
export function isWellFormed(text: string): boolean {
  const body = text.trim();
  if (body.length < 12 || body.length > 220 || /\b(?:no|nothing|nobody|none)\b/iu.test(body)) return false;
  if (body.includes(';')) return false;
  // "how much … and 40p a page": one of two prices is left in the question.
  if (/^(?:.*, )?how much\b/iu.test(body) && /[£$€]\d|\b\d+(?:p|c| cents| pence)\b/u.test(body)) return false;
  // A second clause caught in the question, or a piece of program.
  if (/, (?:and|but|so|or) |\w[_:]\w|\/\w+[./]\w|\p{Ll}\p{Lu}/u.test(body)) return false;
  if (/["“”‘()[\]|<>{}\\]|https?:|\s[-–—]\s|!|\.\.\.|…/u.test(body)) return false;
  if (
    /\b(?:step|steps|figure|table|listing|example|equation|part|section|chapter|page|appendix|clause|paragraph|article) (?:\d|[A-Z]\b)/iu.test(
      body,
    )
  )
    return false;
  if (
    /\b(?:last|next|this) (?:second|minute|hour|night|morning|evening|day|week|month|year|spring|summer|autumn|winter|time)\b/iu.test(
      body,
    )
  )
    return false;
  // "the night", "so far": of the passage's own time.
  if (
    /\bthe (?:night|day|morning|evening|afternoon|week|month|year)\b(?! (?:of|before|after|that|when|shift|sky))|\b(?:so far|by then|since then|at the time|at first|at last|in the end|of course|in fact|for example|for instance)\b/iu.test(
      body,
    )
  )
    return false;
  // "less reliable": than what?
  if (
    /\b(?:less|more|better|worse|higher|lower|larger|smaller|faster|slower|cheaper|colder|warmer|greater|stronger|weaker|easier|harder)\b/u.test(
      body,
    ) &&
    !/\bthan\b/u.test(body)
  )
    return false;
  return body.split(/\s+/u).length >= 3;
}
