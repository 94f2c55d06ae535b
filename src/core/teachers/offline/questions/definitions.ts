import { hasRelative } from '../language/clause';
import { isBe, nounCore } from '../language/phrases';
import { isPerson } from '../language/reference';
import { isNoun, type Range, type Token, verbForm } from '../language/token';
import { inverted, join, words } from '../language/wording';
import type { Draft, Frame } from './frame';
import { isPersonNoun } from './people';

const direct = 'One sentence of the passage states this directly.';

/** Nouns under which things are defined, so that "the … of …" is a definition without a relative clause. */
const genus =
  /^(?:process|flow|formation|study|act|art|practice|science|method|technique|amount|rate|ratio|share|number|part|ability|capacity|temperature|pressure|point|distance|time|length|height|width|depth|weight|mass|force|energy|measure|unit|branch|layer|area|region|boundary|movement|transfer|conversion|production|removal|loss|growth|build-up|change|difference|sum|product|name|capital|period|event|remains|residue|liquid|gas|substance|material|hormone|organ|muscle|bone|tissue)$/u;

/** Nouns that judge or compare more than they define: "a pity", "the enemy", "a sign". */
const figurative =
  /^(?:enemy|friend|luxury|mother|father|heart|soul|key|reason|problem|question|mistake|sign|matter|pity|way|result|example|success|failure|shame|idea|thing|kind|sort|joy|pleasure|miracle|mystery|art|gift|burden|curse|blessing|price|proof|secret|story|challenge|advantage|disadvantage|benefit|risk|danger|one|people|choice|conversation|journey|dream|language|dance|game|weapon|window|door|bridge|mirror|must|exception|rule|bit|lot|step|start|beginning|end|case)$/u;

/** "X is a Y that …" → "What is X?" */
export function* definitions(frame: Frame): Generator<Draft> {
  const { clause, sentence } = frame;
  const { tokens } = sentence;
  if (!clause || clause.verb.main >= 0 || clause.verb.negative || frame.lead) return;
  const copula = tokens[clause.verb.aux];
  const first = tokens[clause.tail.from];
  if (!isBe(copula) || !copula || !first || clause.verb.to - clause.verb.aux > 1) return;
  const answer = { from: clause.tail.from, to: sentenceEnd(frame) };
  const core = nounCore(tokens, clause.tail.from);
  if (core < 0 || /^(?:one|some|part|it|what|that|there)$/u.test(first.lower) || tokens[core - 1]?.lower === 'times')
    return;
  const subject = tokens[clause.head];
  if (/^(?:every|each|any|no|all|most|many|some|such|both|what)$/u.test(tokens[clause.subject.from]?.lower ?? ''))
    return;
  // "He was a small man with burned forearms" describes somebody, and does not say who he was.
  if (/^(?:he|she)$/u.test(subject?.lower ?? '')) return;
  if (!subject || subject.lower === 'there' || (subject.pos === 'PRON' && !frame.referent)) return;
  if (
    /^(?:reason|result|aim|goal|purpose|cause|answer|problem|point|way|question|truth|case|thing|example|exception|idea|trick|solution|alternative|difference|rule|step|option)$/u.test(
      subject.lower,
    ) &&
    tokens[clause.head + 1]?.lower !== 'of'
  )
    return;
  if (tokens[core - 1]?.lemma === subject.lemma && core === clause.tail.to) return;
  const nouns = tokens
    .slice(clause.subject.from, clause.subject.to)
    .filter((token) => isNoun(token) || token.pos === 'ADJ');
  if (tokens[core - 1]?.lemma === subject.lemma && nouns.length === 1) return;
  const size = clause.tail.to - clause.tail.from;
  const article = /^an?$/u.test(first.lower);
  if (
    !article &&
    first.lower !== 'the' &&
    first.pos !== 'NUM' &&
    !/^(?:about|nearly|almost|roughly)$/u.test(first.lower)
  )
    return;
  if (
    first.lower === 'the' &&
    !tokens.slice(core, core + 3).some((token) => /^(?:that|which|who)$/u.test(token.lower)) &&
    !genus.test(tokens[core - 1]?.lower ?? '') &&
    !singlesOut(tokens[clause.tail.from + 1])
  )
    return;
  if (figurative.test(tokens[core - 1]?.lower ?? '') || isRemark(frame, answer)) return;
  if (
    tokens
      .slice(clause.tail.from, clause.tail.to)
      .some((token) => /^(?:than|like|more|too|so|old|long|deep|high|wide|tall|thick|heavy|away)$/u.test(token.lower))
  )
    return;
  if (first.lower === 'the' && singlesOut(tokens[clause.tail.from + 1])) {
    yield* singledOut(frame);
    return;
  }
  const person = isPerson(subject, sentence, clause.subject) || isPersonNoun(tokens[core - 1]);
  // "Brandt was a good craftsman": of somebody without a first name it says what he was like.
  if (person && subject.pos === 'PROPN' && clause.subject.to - clause.subject.from < 2) return;
  if (article && size < 5) return;
  yield {
    score: 0.9,
    difficulty: 'easy',
    reasoning: direct,
    answer,
    uses: [clause.subject],
    write: (replacements) =>
      join(person ? 'who' : 'what', inverted(sentence, clause, { from: 0, to: 0 }, replacements)),
  };
}

/** "a simple machine that took a thousand years", "an animal that nobody has seen": said of it, not what it is. */
function isRemark({ clause, sentence: { tokens } }: Frame, { from, to }: Range): boolean {
  const said = tokens.slice(from, to);
  const present = /^(?:is|are)$/u.test(tokens[clause?.verb.aux ?? -1]?.lower ?? '');
  const relative = said.findIndex((token) => /^(?:that|which|who)$/u.test(token.lower));
  if (
    said.some((token) =>
      /^(?:everybody|everyone|nobody|anyone|anybody|somebody|people|perhaps|almost|always|never)$/u.test(token.lower),
    )
  )
    return true;
  return (
    present &&
    relative >= 0 &&
    said
      .slice(relative)
      .some((token) => token.pos === 'VERB' && verbForm(token) === 'past' && !isBe(said[said.indexOf(token) - 1]))
  );
}

function singlesOut(token: Token | undefined): boolean {
  return (
    token !== undefined &&
    (/^(?:main|only|chief|principal|first|last|most|best|worst|capital|common)$/u.test(token.lower) ||
      (token.pos === 'ADJ' && /.est$/u.test(token.lower)))
  );
}

/** "Snow is the main danger on the line" → "What is the main danger on the line?" */
function* singledOut(frame: Frame): Generator<Draft> {
  const { clause, sentence } = frame;
  const { tokens } = sentence;
  const copula = clause && tokens[clause.verb.aux];
  const head = clause && tokens[clause.head];
  if (!clause || !copula || !head || head.pos === 'PRON' || clause.plural || clause.tail.to - clause.tail.from < 5)
    return;
  const person = isPerson(head, sentence, clause.subject);
  if (head.pos === 'PROPN' && !person) return;
  yield {
    score: 0.85,
    difficulty: 'easy',
    reasoning: direct,
    answer: clause.subject,
    uses: [clause.tail],
    write: (replacements) => join(person ? 'who' : 'what', copula.lower, words(sentence, clause.tail, replacements)),
  };
}

function sentenceEnd(frame: Frame): number {
  const { clause, sentence } = frame;
  if (!clause?.after) return sentence.tokens.length;
  // "a substance that collects in the brain while a person is awake": the relative goes on.
  if ((clause.after.kind === 'when' || clause.after.kind === 'if') && hasRelative(sentence.tokens, clause.tail))
    return clause.after.to;
  return clause.after.kind === 'relative' || clause.after.kind === 'because' || clause.after.kind === 'purpose'
    ? clause.after.to
    : clause.tail.to;
}

/** ", which is a …" → "What is X?" */
export function* appositions(frame: Frame): Generator<Draft> {
  const { sentence } = frame;
  const { tokens } = sentence;
  const at = tokens.findIndex(
    (token, i) =>
      token.lower === 'which' && tokens[i - 1]?.text === ',' && /^(?:is|are)$/u.test(tokens[i + 1]?.lower ?? ''),
  );
  if (at < 3) return;
  const verb = tokens[at + 1];
  const noun = tokens[at - 2];
  if (!verb || noun?.pos !== 'NOUN') return;
  let from = at - 2;
  while (from > 0 && (isNoun(tokens[from - 1]) || tokens[from - 1]?.pos === 'ADJ')) from -= 1;
  if (/^(?:DET|PRON|NUM|PART)$/u.test(tokens[from - 1]?.pos ?? '') && !/^an?$/u.test(tokens[from - 1]?.lower ?? ''))
    return;
  if (/^an?$/u.test(tokens[from - 1]?.lower ?? '')) from -= 1;
  if (tokens[from - 1]?.lower === 'of' && /^an?$/u.test(tokens[from]?.lower ?? '')) return;
  const start = at + 2;
  const comma = tokens.findIndex((token, i) => i > start && /^[,;:)—]$/u.test(token.text));
  const to = comma < 0 ? tokens.length : comma;
  if (to - start < 4 || !/^(?:DET|NOUN)$/u.test(tokens[start]?.pos ?? '') || nounCore(tokens, start) < 0) return;
  yield {
    score: 0.8,
    difficulty: 'easy',
    reasoning: 'The passage explains the term in a clause right after naming it.',
    answer: { from: start, to },
    uses: [{ from, to: at - 1 }],
    write: () => join('what', verb.lower, words(sentence, { from, to: at - 1 })),
  };
}
