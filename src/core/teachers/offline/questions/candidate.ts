import type { Difficulty } from '../../../records/envelopes';
import type { Clause } from '../language/clause';
import type { Lead } from '../language/lead';
import { type Mentions, replacementsFor } from '../language/mentions';
import type { Referent } from '../language/protagonist';
import { isPerson } from '../language/reference';
import type { Range, Token } from '../language/token';
import { asQuestion, join, type Replacement, words } from '../language/wording';
import type { Sentence } from '../passage';
import { nonsense } from '../sense';
import { cutsNames, hasSecondClause, isBackground, isWholeAnswer, keepsConditions } from './kept';
import { isUnplaced, isUntold, isVagueActor, penalty } from './placed';

/** A half-open range of the passage. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A question that could be asked, and how good it looks. */
export interface Candidate {
  readonly question: string;
  readonly answer: Span;
  readonly evidence: readonly Span[];
  readonly reasoning: string;
  readonly difficulty: Difficulty;
  readonly score: number;
  /** Sentences or lists that the answer comes from: one question each is enough. */
  readonly origin: string;
}

/** A sentence ready to be asked about. */
export interface Frame {
  readonly sentence: Sentence;
  readonly clause: Clause | undefined;
  readonly lead: Lead | undefined;
  /** Where the main clause begins. */
  readonly main: number;
  readonly imperative: boolean;
  readonly referent: Referent | undefined;
  readonly mentions: Mentions;
}

export interface Draft {
  readonly score: number;
  readonly difficulty: Difficulty;
  readonly reasoning: string;
  /** Token range of the answer. */
  readonly answer: Range;
  /** Token ranges whose words the question uses. */
  readonly uses: readonly Range[];
  /** Says something about particular things although its subject is general: "a technician visits the tower". */
  readonly local?: boolean;
  /** Writes the question once its references are clear. */
  readonly write: (replacements: readonly Replacement[]) => string;
}

/** Words that point out of the answer, to the writer or to another sentence. */
const pointing =
  /^(?:i|me|my|this|these|those|such|here|aforementioned|former|latter|following|previous|yesterday|today|tomorrow|ago)$/u;

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

/** A draft becomes a candidate when every word of its question is clear without the passage. */
export function finish(frame: Frame, draft: Draft): Candidate | undefined {
  const { sentence } = frame;
  if (draft.answer.to <= draft.answer.from || !isWholeAnswer(frame, draft.answer) || !keepsConditions(frame, draft))
    return undefined;
  const { list, vague } = replacementsFor(sentence, draft.uses, frame.mentions);
  const vagueSubject =
    frame.clause && draft.uses.includes(frame.clause.subject)
      ? replacementsFor(sentence, [frame.clause.subject], frame.mentions).vague
      : 0;
  const replacements = [...list];
  const subject = frame.clause;
  if (frame.referent && subject) {
    replacements.push({ from: subject.head, to: subject.head + 1, text: frame.referent.text });
  }
  const uses = frame.clause ? [...draft.uses, frame.clause.verb] : draft.uses;
  if (!uses.every((range) => isClear(frame, range)) || hasSecondClause(frame, draft)) return undefined;
  if (isBackground(frame) || cutsNames(frame, draft)) return undefined;
  const body = draft.write(replacements);
  if (!isWellFormed(body)) return undefined;
  if (isUntold(frame, body)) return undefined;
  const unplaced = vague + (isVagueActor(frame, draft) || isUnplaced(frame, draft, body) ? 1 : 0);
  const context = unplaced > 0 ? frame.mentions.setting(body) : '';
  const question = asQuestion(context === '' ? body : `${context}, ${body}`);
  const placedBy = context !== '' || body.includes(frame.mentions.subject ?? '\n');
  const score =
    draft.score -
    (unplaced === 0
      ? 0
      : placedBy
        ? 0.05
        : penalty(vague, vagueSubject + (isBareReferent(frame) || isVagueActor(frame, draft) ? 1 : 0), body)) -
    Math.max(0, body.length - 110) / 200;
  const first = sentence.tokens[draft.answer.from];
  const last = sentence.tokens[draft.answer.to - 1];
  if (!first || !last) return undefined;
  if (
    sentence.tokens
      .slice(draft.answer.from, draft.answer.to)
      .some((token, i) => pointing.test(token.lower) || isPointing(sentence.tokens, draft.answer.from + i))
  )
    return undefined;
  const answer = sentence.prose.span(first.start, last.end);
  if (!nonsense(question, sentence.prose.text.slice(first.start, last.end)).next().done) return undefined;
  const evidence = [sentence.prose.span(sentence.start, sentence.end)];
  const earlier = frame.referent?.sentence;
  if (earlier) evidence.unshift(earlier.prose.span(earlier.start, earlier.end));
  return {
    question,
    answer,
    evidence,
    reasoning: earlier ? `${draft.reasoning} The sentence before it names what is meant.` : draft.reasoning,
    difficulty: earlier && draft.difficulty === 'easy' ? 'medium' : draft.difficulty,
    score,
    origin: `s${sentence.index}`,
  };
}

function isBareReferent({ referent }: Frame): boolean {
  return referent !== undefined && /^the \p{Ll}+$/u.test(referent.text);
}

function isClear(frame: Frame, range: Range): boolean {
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
    if (
      /^(?:other|another|same|one|ones|latter|both|following|previous|next)$/u.test(token.lower) &&
      !isNounLike(tokens[i + 1])
    )
      return false;
    const kind = Object.hasOwn(pronounsOf, token.lower) ? pronounsOf[token.lower] : undefined;
    if (kind && !hasAntecedent(frame, i, kind)) return false;
  }
  return true;
}

/** "that situation", "when that happens": not the "that" of a clause. */
function isPointing(tokens: readonly Token[], i: number): boolean {
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
  // Within one clause "it" is never the subject itself; "its" and "itself" are.
  if (
    !head ||
    i < clause.subject.to ||
    !/^(?:its|their|his|her|.*self|.*selves)$/u.test(sentence.tokens[i]?.lower ?? '')
  )
    return false;
  // "employed her as", "published his results": somebody else's, or known only to who has read on.
  if (kind === 'person') return false;
  if (head.pos === 'PRON') return frame.referent !== undefined && pronounsOf[head.lower] === kind;
  if (kind === 'many') return clause.plural;
  if (clause.plural) return false;
  return !isPerson(head, sentence, clause.subject);
}

function isWellFormed(text: string): boolean {
  const body = text.trim();
  if (body.length < 12 || body.length > 220 || /\b(?:no|nothing|nobody|none)\b/iu.test(body)) return false;
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
  return body.split(/\s+/u).length >= 3;
}

/** The lead as it stands at the end of a question: " at 25 °C", " if the water is brackish". */
export function trailingLead(frame: Frame, replacements: readonly Replacement[]): string {
  const { lead } = frame;
  if (!lead || lead.kind === 'contrast' || lead.kind === 'because') return '';
  return words(frame.sentence, lead, replacements);
}

export function leadUse(frame: Frame): readonly Range[] {
  const { lead } = frame;
  return lead && lead.kind !== 'contrast' && lead.kind !== 'because' ? [lead] : [];
}

export { join };
