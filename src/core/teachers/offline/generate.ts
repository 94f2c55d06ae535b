import type { GeneratedPair } from '../../records/envelopes';
import { parseClause } from './language/clause';
import { dateLead, furtherClauses, furtherPredicates } from './language/clauses';
import { isImperative, parseLead } from './language/lead';
import { asQuestion } from './language/wording';
import { Mentions } from './language/mentions';
import type { Referent } from './language/protagonist';
import { resolveSubject, type Statement } from './language/reference';
import type { Tagger } from './language/tagger';
import { type Passage, readPassage, type Sentence } from './passage';
import { finish } from './questions/candidate';
import type { Candidate, Draft, Frame } from './questions/frame';
import { causes, commandCauses } from './questions/causes';
import { commandOccasions, conditions, occasions } from './questions/conditions';
import { appositions, definitions } from './questions/definitions';
import { objects, subjects } from './questions/facts';
import { commandMeans, means } from './questions/means';
import { adjuncts } from './questions/adjuncts';
import { deedsOf, doers } from './questions/doers';
import { glosses } from './questions/glosses';
import { locations } from './questions/locations';
import { reports } from './questions/reports';
import { enumerations, shares, uses } from './questions/complements';
import { glossary } from './questions/glossary';
import { procedures } from './questions/lists';
import { quantities } from './questions/quantities';
import { tables } from './questions/tables';
import { choose } from './choose';
import type { GenerateTask } from './tasks';

/** Every way to ask about one sentence. */
const askers: readonly ((frame: Frame) => Iterable<Draft>)[] = [
  causes,
  commandCauses,
  conditions,
  occasions,
  commandOccasions,
  quantities,
  definitions,
  appositions,
  means,
  commandMeans,
  adjuncts,
  locations,
  reports,
  doers,
  deedsOf,
  glosses,
  uses,
  shares,
  enumerations,
  objects,
  subjects,
];

/** Questions about a passage whose answers and evidence are its own words; the best first, never more than asked for. */
export function generatePairs(task: GenerateTask, tagger: Tagger): GeneratedPair[] {
  const passage = readPassage(task.passage, task.section, tagger);
  const chosen = choose([...candidates(passage, tagger)], task.questions);
  return chosen.map((candidate) => ({
    question: candidate.question,
    answer: task.passage.slice(candidate.answer.start, candidate.answer.end),
    reasoning: candidate.reasoning,
    difficulty: candidate.difficulty,
    evidence: candidate.evidence.map(({ start, end }) => task.passage.slice(start, end)),
  }));
}

export function allCandidates(passage: Passage, tagger: Tagger): Candidate[] {
  return [...candidates(passage, tagger)];
}

function* candidates(passage: Passage, tagger: Tagger): Generator<Candidate> {
  const mentions = new Mentions(passage);
  yield* glossary(passage);
  for (const candidate of [...procedures(passage, tagger), ...tables(passage)]) yield placed(candidate, mentions);
  const referents = new Map<Sentence, Referent>();
  let before: Statement | undefined;
  for (const sentence of passage.sentences) {
    const { frame, statement } = frameOf(sentence, before, referents, mentions);
    if (frame) for (const part of [frame, ...further(frame)]) yield* asked(part);
    before = statement;
  }
}

/** A step or a cell of a table belongs to what the whole document is about. */
function placed(candidate: Candidate, mentions: Mentions): Candidate {
  const { question } = candidate;
  const context = mentions.setting(question);
  if (context === '') return candidate;
  return {
    ...candidate,
    question: asQuestion(`${context}, ${question.charAt(0).toLowerCase()}${question.slice(1, -1)}`),
  };
}

function* asked(frame: Frame): Generator<Candidate> {
  for (const asker of askers) {
    for (const draft of asker(frame)) {
      const candidate = finish(frame, draft);
      if (candidate) yield candidate;
    }
  }
}

function further(frame: Frame): Frame[] {
  const { sentence, clause } = frame;
  if (!clause) return [];
  const same = furtherPredicates(sentence.tokens, clause).map((predicate) => ({
    ...frame,
    clause: predicate,
    lead: undefined,
  }));
  // "If you keep everything, …, and the yeast will starve": the condition holds for both.
  if (frame.lead && frame.lead.kind !== 'phrase') return same;
  const others = furtherClauses(sentence.tokens, clause).map(({ clause, from }) => ({
    ...frame,
    clause,
    main: from,
    lead: undefined,
    referent: undefined,
    second: true,
  }));
  return [...same, ...others];
}

/** Somebody speaks: what "we" do or think is not the passage's subject but its teller's. */
const telling = /^(?:i|we|us|our|ours|me|my|mine|let's)$/u;

/** Takes a sentence apart; without a frame it is not asked about, but may still tell what the next one's "it" is. */
function frameOf(
  sentence: Sentence,
  before: Statement | undefined,
  referents: Map<Sentence, Referent>,
  mentions: Mentions,
): { frame: Frame | undefined; statement: Statement } {
  const { tokens } = sentence;
  const opening =
    /^(?:but|and|yet|so|or|however|therefore|thus|moreover|furthermore|nevertheless|indeed|finally|similarly|meanwhile)$/u;
  let from = opening.test(tokens[0]?.lower ?? '') ? 1 : 0;
  if (tokens[from]?.text === ',') from += 1;
  const lead = dateLead(tokens, from) ?? parseLead(tokens, from);
  const main = lead ? lead.next : from;
  const imperative = isImperative(tokens, main);
  const clause = imperative ? undefined : parseClause(tokens, main);
  const statement: Statement = { sentence, clause };
  const referent = resolveSubject(statement, before, referents, mentions);
  if (referent) referents.set(sentence, referent);
  const text = sentence.prose.text.slice(sentence.start, sentence.end);
  const usable =
    /[.;]["'”’)]*$/u.test(text) &&
    !/^[\p{Ll}]/u.test(text) &&
    !/[“”"«»]|^\s*[—–-]/u.test(text) &&
    tokens.length >= 4 &&
    (imperative || !tokens.some((token) => telling.test(token.lower)));
  if (!usable || (!clause && !imperative)) return { frame: undefined, statement };
  return { frame: { sentence, clause, lead, main, imperative, referent, mentions }, statement };
}
