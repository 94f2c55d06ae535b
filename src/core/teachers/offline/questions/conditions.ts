import { hasRelative } from '../language/clause';
import { isBe, isHave, isModal, nounCore } from '../language/phrases';
import { isNoun, isUnchanging, type Range, verbForm } from '../language/token';
import { inverted, join, words } from '../language/wording';
import { commandOf } from './causes';
import type { Draft, Frame } from './frame';

const stateVerbs = new Set(
  'be have seem appear remain contain consist belong mean need want know like own depend include lie'.split(' '),
);

/** "If C, do Y" → "What should you do if C?"; "If C, X happens" → "What happens if C?" */
export function* conditions(frame: Frame): Generator<Draft> {
  const { sentence, lead, clause } = frame;
  const command = commandOf(frame);
  if (lead && command && lead.kind !== 'contrast' && lead.kind !== 'because') {
    if (
      lead.kind === 'phrase' &&
      (!/^(?:in|for|before|after|during|at|above|below|to)$/u.test(sentence.tokens[lead.from]?.lower ?? '') ||
        /^(?:example|instance|general|particular|fact|addition|short|words|first|last|least|now|case|cases|reason|time|moment|end|way|turn|beginning|start)$/u.test(
          sentence.tokens[lead.to - 1]?.lower ?? '',
        ))
    )
      return;
    if (
      sentence.tokens[lead.from]?.lower === 'once' &&
      /^(?:an?|every|each)$/u.test(sentence.tokens[lead.from + 1]?.lower ?? '')
    )
      return;
    // "What should you not do?" has more answers than the one the passage gives.
    if (command.word === 'not' || command.word === 'never') return;
    yield {
      score: lead.kind === 'phrase' ? 0.75 : 1,
      difficulty: 'medium',
      reasoning: 'The sentence names the situation first and then says what to do in it.',
      answer: { from: frame.main, to: colonOr(frame, sentence.tokens.length) },
      uses: [lead],
      write: (replacements) => join('what should you do', words(sentence, lead, replacements)),
    };
  }
  if (!clause || !lead || (lead.kind !== 'if' && lead.kind !== 'when')) return;
  const verb = outcome(frame);
  if (verb === undefined) return;
  yield {
    score: 0.9,
    local: isNews(frame),
    difficulty: 'medium',
    reasoning: 'The sentence states the condition first; the answer is what it says follows.',
    answer: { from: frame.main, to: sentence.tokens.length },
    uses: [lead],
    write: (replacements) => join('what', verb, words(sentence, lead, replacements)),
  };
}

/** Where a reason or remark after a colon begins: "pull the plug: water has got into the socket". */
function colonOr({ sentence: { tokens }, main }: Frame, end: number): number {
  const colon = tokens.findIndex((token, i) => i > main && token.text === ':');
  return colon < 0 ? end : colon;
}

/** Whether the outcome is about "the tram", which the condition does not mention. */
function isNews({ clause, lead, sentence: { tokens } }: Frame): boolean {
  if (!clause || !lead || tokens[clause.subject.from]?.lower !== 'the') return false;
  const head = tokens[clause.head]?.lemma;
  return !tokens.slice(lead.from, lead.to).some((token) => token.lemma === head);
}

/** "a site wins", "foam appears": too little said to know what it is about. */
function isScant({ clause, sentence: { tokens } }: Frame, kept: Range): boolean {
  if (!clause) return true;
  const said = [...tokens.slice(clause.subject.from, clause.subject.to), ...tokens.slice(kept.from, kept.to)];
  return said.filter((token) => /^(?:NOUN|PROPN|ADJ|VERB|NUM)$/u.test(token.pos)).length < 2;
}

/** How to ask for the outcome in the clause's own tense; undefined for states, which do not happen. */
function outcome({ clause, sentence, lead }: Frame): string | undefined {
  const { tokens } = sentence;
  if (!clause || clause.verb.main < 0) return undefined;
  const main = tokens[clause.verb.main];
  const finite = tokens[clause.verb.aux >= 0 ? clause.verb.aux : clause.verb.main];
  const opening = tokens[lead?.from ?? 0]?.lower ?? '';
  if (!main || !finite || stateVerbs.has(main.lemma) || /^(?:before|until|while|unless|i|we)$/u.test(opening))
    return undefined;
  if (
    tokens
      .slice(clause.subject.from, clause.subject.to)
      .some((token) => /^(?:you|i|we|he|she|who|no|nobody|nothing)$/u.test(token.lower))
  )
    return undefined;
  if (tokens.slice(clause.verb.from, clause.verb.to).some((token) => token.lower === 'have')) return undefined;
  if (/^(?:can|may|might|could)$/u.test(finite.lower))
    return clause.verb.negative ? undefined : `${finite.lower} happen`;
  // "the boiler has lost pressure": a cause, not what follows.
  if (isHave(finite)) return undefined;
  // So is "the belt is slipping", and what "probably" happened before.
  if (isBe(finite) && verbForm(main) === 'ing') return undefined;
  if (tokens.some((token) => /^(?:probably|likely|perhaps|presumably)$/u.test(token.lower))) return undefined;
  if (/^(?:will|would)$/u.test(finite.lower)) return `${finite.lower} happen`;
  if (isModal(finite)) return undefined;
  if (tokens.slice(clause.subject.from, clause.subject.to).some((token) => token.pos === 'PROPN')) return undefined;
  const past = isBe(finite) ? /^(?:was|were)$/u.test(finite.lower) : verbForm(finite) === 'past';
  return past ? 'happened' : 'happens';
}

const asksWhen: Readonly<Record<string, string>> = {
  when: 'when',
  whenever: 'when',
  before: 'when',
  after: 'when',
  once: 'when',
  if: 'under what condition',
  provided: 'under what condition',
};

/** "X does Y when C" → "When does X do Y?" */
export function* occasions(frame: Frame): Generator<Draft> {
  const { sentence, clause, lead } = frame;
  const after = clause?.after;
  if (!clause || !after || (after.kind !== 'if' && after.kind !== 'when')) return;
  if (clause.verb.negative || (lead && lead.kind !== 'phrase')) return;
  if (/^(?:what|who|how)$/u.test(sentence.tokens[clause.tail.from]?.lower ?? '')) return;
  // "has returned": the present perfect has no "when".
  if (/^(?:has|have)$/u.test(sentence.tokens[clause.verb.aux]?.lower ?? '')) return;
  const word = sentence.tokens[after.at]?.lower ?? '';
  // "They died when …": in a story "when" tells what else happened, no condition.
  if (/^(?:when|once)$/u.test(word) && isStory(frame)) return;
  const ask = Object.hasOwn(asksWhen, word) ? asksWhen[word] : undefined;
  if (ask === undefined || after.to - after.at < 3) return;
  if (word === 'when' && sentence.tokens[after.at - 1]?.text === ',') return;
  if (hasRelative(sentence.tokens, clause.tail)) return;
  if (
    /^(?:while|time|moment|all|that|then)$/u.test(
      sentence.tokens[nounCore(sentence.tokens, after.at + 1) - 1]?.lower ?? '',
    )
  )
    return;
  const span = spanBefore(frame, after.at);
  const kept = { from: clause.tail.from, to: span ?? clause.tail.to };
  const dated = sentence.tokens
    .slice(kept.from, kept.to)
    .some((token) => token.pos === 'NUM' || /^(?:mon|tues|wednes|thurs|fri|satur|sun)day$/u.test(token.lower));
  if (sentence.tokens[kept.to - 1]?.pos === 'ADP' && kept.to > kept.from) return;
  if (dated && /^(?:after|before)$/u.test(word)) return;
  if (
    /^(?:only|or|and|even|just|especially|particularly|except|than)$/u.test(sentence.tokens[kept.to - 1]?.lower ?? '')
  )
    return;
  yield {
    score: 0.85,
    local: word === 'if' || word === 'provided' || isScant(frame, kept),
    difficulty: 'medium',
    reasoning: `One sentence gives the fact and its condition; the answer begins with “${word}”.`,
    answer: { from: span ?? after.at, to: after.to },
    uses: [clause.subject, kept],
    write: (replacements) => join(ask, inverted(sentence, clause, kept, replacements)),
  };
}

function isStory({ clause, sentence: { tokens } }: Frame): boolean {
  const finite = clause && tokens[clause.verb.aux >= 0 ? clause.verb.aux : clause.verb.main];
  if (!finite) return false;
  if (clause.verb.aux >= 0) return /^(?:was|were|had|did|would|could)$/u.test(finite.lower);
  return verbForm(finite) === 'past' && !isUnchanging(finite);
}

/** "seven days after the last run": where the length of time before "after" begins. */
function spanBefore({ sentence, clause }: Frame, at: number): number | undefined {
  const { tokens } = sentence;
  const unit = tokens[at - 1];
  if (!/^(?:after|before)$/u.test(tokens[at]?.lower ?? '')) return undefined;
  if (!clause || !unit || !/^(?:second|minute|hour|day|week|month|year|decade|centur)/u.test(unit.lower))
    return undefined;
  let from = at - 1;
  while (from > clause.tail.from && /^(?:NUM|ADJ|DET)$/u.test(tokens[from - 1]?.pos ?? '')) from -= 1;
  return from < at - 1 ? from : undefined;
}

/** "Do X before Y" → "What should you do before Y?"; "Never do X while Y" → "When should you never do X?" */
export function* commandOccasions(frame: Frame): Generator<Draft> {
  const command = commandOf(frame);
  if (!command || frame.lead) return;
  const { sentence } = frame;
  const { tokens } = sentence;
  const at = tokens.findIndex(
    (token, i) => i > command.verb.from + 1 && /^(?:when|whenever|if|before|after|while)$/u.test(token.lower),
  );
  if (at < 0 || tokens.length - at < 4 || !tokens.slice(at).some(isNoun)) return;
  const to = tokens[at - 1]?.text === ',' ? at - 1 : at;
  const what: Range = { from: command.verb.from, to };
  const word = tokens[at]?.lower ?? '';
  const end = colonOr(frame, tokens.length);
  if (
    end <= at ||
    tokens.slice(at + 1, end).some((token) => /^(?:until|if|when|because|unless|while)$/u.test(token.lower))
  )
    return;
  if (tokens.slice(what.from, what.to).some((token) => token.text === ',' || token.pos === 'SCONJ')) return;
  const shared = {
    local: frame.mentions.subject !== undefined,
    difficulty: 'medium' as const,
    reasoning: 'The instruction says what to do and on which occasion.',
  };
  if (command.word !== '' || word === 'while') {
    yield {
      ...shared,
      score: 0.9,
      answer: { from: at, to: end },
      uses: [what],
      write: (replacements) => join('when should you', command.word, words(sentence, what, replacements)),
    };
    return;
  }
  yield {
    ...shared,
    score: 0.9,
    answer: what,
    uses: [{ from: at, to: tokens.length }],
    write: (replacements) => join('what should you do', words(sentence, { from: at, to: tokens.length }, replacements)),
  };
}
