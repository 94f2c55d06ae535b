import { hasRelative } from '../language/clause';
import { isBe, isHave, nounCore } from '../language/phrases';
import { isPerson } from '../language/reference';
import { isNoun, type Range, type Token, verbForm } from '../language/token';
import { inverted, join, predicate, words } from '../language/wording';
import { type Draft, type Frame, leadUse, trailingLead } from './candidate';

const direct = 'One sentence of the passage states this directly.';

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
  if (core < 0 || /^(?:one|some|part|it|what|that|there)$/u.test(first.lower)) return;
  const subject = tokens[clause.head];
  if (!subject || subject.lower === 'there' || (subject.pos === 'PRON' && !frame.referent)) return;
  if (
    /^(?:reason|result|aim|goal|purpose|cause|answer|problem|point|way|question|truth|case|thing)$/u.test(
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
  if (first.lower === 'the' && size < 6 && !tokens.slice(core, answer.to).some((token) => /^(?:that|which|who)$/u.test(token.lower)) && !singlesOut(tokens[clause.tail.from + 1])) return;
  if (first.lower === 'the' && singlesOut(tokens[clause.tail.from + 1])) {
    yield* singledOut(frame);
    return;
  }
  const person =
    isPerson(subject, sentence, clause.subject) ||
    (frame.referent !== undefined && /^(?:he|she)$/u.test(subject.lower)) ||
    isPersonNoun(tokens[core - 1]);
  if (article && size < 5) {
    if (size < 3 || person || clause.plural) return;
    const noun = tokens[core - 1];
    if (!noun || core - clause.tail.from < 3 || core !== clause.tail.to) return;
    yield {
      score: 0.7,
      difficulty: 'easy',
      reasoning: direct,
      answer,
      uses: [clause.subject, { from: core - 1, to: core }],
      short: true,
      write: (replacements) =>
        join('what kind of', noun.text, copula.lower, words(sentence, clause.subject, replacements)),
    };
    return;
  }
  yield {
    score: 0.9,
    difficulty: 'easy',
    reasoning: direct,
    answer,
    uses: [clause.subject],
    short: true,
    write: (replacements) =>
      join(person ? 'who' : 'what', inverted(sentence, clause, { from: 0, to: 0 }, replacements)),
  };
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

function isPersonNoun(token: Token | undefined): boolean {
  return (
    token !== undefined &&
    /(?:ist|ian|eer|er|or|man|woman|king|queen|poet|chemist)$/u.test(token.lower) &&
    /^(?:.*(?:ologist|icist|mist|tician|engineer|writer|painter|composer|author|inventor|poet|king|queen|emperor|president|minister|philosopher|explorer|scholar|actor|singer|teacher|lawyer|officer|leader|woman|man))$/u.test(
      token.lower,
    )
  );
}

function sentenceEnd(frame: Frame): number {
  const { clause, sentence } = frame;
  if (!clause?.after) return sentence.tokens.length;
  // "a substance that collects in the brain while a person is awake": the relative goes on.
  if ((clause.after.kind === 'when' || clause.after.kind === 'if') && hasRelative(sentence.tokens, clause.tail)) return clause.after.to;
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

const particles = /^(?:of|on|from|in|to|as|with|for|against|into)$/u;
const bound: Readonly<Record<string, string>> = {
  consist: 'of',
  depend: 'on',
  rely: 'on',
  result: 'in',
  lead: 'to',
  refer: 'to',
  belong: 'to',
  contribute: 'to',
  serve: 'as',
  act: 'as',
  respond: 'to',
  focus: 'on',
  react: 'to',
  derive: 'from',
  suffer: 'from',
  deal: 'with',
  protect: 'against',
  apply: 'to',
  specialise: 'in',
  specialize: 'in',
};
const opaque = new Set(
  'have be do make take give get let mean say think know want seem become keep go come use see find tell ask try need like happen begin start stop continue'.split(
    ' ',
  ),
);

/** "X catches Y" → "What does X catch?" */
export function* objects(frame: Frame): Generator<Draft> {
  const { clause, sentence } = frame;
  const { tokens } = sentence;
  const verb = clause && tokens[clause.verb.main];
  const head = clause && tokens[clause.head];
  if (!clause || !verb || clause.verb.negative || clause.verb.passive || opaque.has(verb.lemma)) return;
  if (clause.tail.to - clause.tail.from < 2) return;
  const first = tokens[clause.tail.from];
  if (!first) return;
  const particle = bound[verb.lemma] === first.lower && particles.test(first.lower) ? first.lower : '';
  const from = clause.tail.from + (particle ? 1 : 0);
  const core = nounCore(tokens, from);
  const object = tokens[from];
  if (core < 0 || !object || object.pos === 'PRON' || object.pos === 'ADP' || object.pos === 'ADV') return;
  if (object.lower === 'the' && core - from === 2 && core === clause.tail.to) return;
  if (
    /^(?:night|day|morning|evening|week|month|year|time|summer|winter|spring|autumn)$/u.test(
      tokens[core - 1]?.lemma ?? '',
    ) ||
    isUnclear(object)
  )
    return;
  if (tokens[core]?.pos === 'VERB' || tokens[core]?.pos === 'PRON' || tokens[core]?.pos === 'ADJ') return;
  const person = isPerson(tokens[core - 1] ?? object, sentence, { from, to: core });
  if (
    isGeneral(frame) ||
    (/^(?:off|up|out|down|back|away|over|on|in)$/u.test(tokens[core]?.lower ?? '') && nounCore(tokens, core + 1) < 0)
  )
    return;
  if (/^(?:off|up|out|down|back|away)$/u.test(tokens[core]?.lower ?? '')) return;
  yield {
    local:
      object.lower === 'the' &&
      head?.pos !== 'PROPN' &&
      !/^(?:the|its|their)$/u.test(tokens[clause.subject.from]?.lower ?? ''),
    score: (particle ? 0.85 : 0.75) - (frame.lead ? 0.05 : 0),
    difficulty: 'easy',
    reasoning: direct,
    answer: { from, to: clause.tail.to },
    uses: [clause.subject, ...leadUse(frame)],
    write: (replacements) =>
      join(
        person ? 'whom' : 'what',
        inverted(sentence, clause, { from: clause.tail.from, to: from }, replacements),
        trailingLead(frame, replacements),
      ),
  };
}

function isUnclear(token: Token): boolean {
  return /^(?:this|these|that|those|such|its|their|his|her|it|them|what|how|why|which|when|where|so|no|nothing)$/u.test(
    token.lower,
  );
}

/** Subjects of whom nothing particular is asked: "you can store …", "few women attended …". */
function isGeneral({ clause, sentence }: Frame): boolean {
  if (!clause) return true;
  const first = sentence.tokens[clause.subject.from]?.lower ?? '';
  const finite = sentence.tokens[clause.verb.aux]?.lower ?? '';
  return (
    /^(?:you|one|few|many|most|some|several|much|more|anyone|everyone|someone|nobody|people|others?)$/u.test(first) ||
    /^(?:can|may|could|might)$/u.test(finite)
  );
}

/** "Chlorine destroys polyamide" → "What destroys polyamide?" */
export function* subjects(frame: Frame): Generator<Draft> {
  const { clause, sentence } = frame;
  const { tokens } = sentence;
  const verb = clause && tokens[clause.verb.main];
  const head = clause && tokens[clause.head];
  if (!clause || !verb || !head || clause.verb.negative || head.pos === 'PRON' || frame.lead) return;
  if (clause.verb.passive || isHave(verb) || opaque.has(verb.lemma) || verbForm(verb) === 'ing') return;
  const object = nounCore(tokens, clause.tail.from);
  if (object < 0 || tokens[clause.tail.from]?.pos === 'PRON' || clause.tail.to - clause.tail.from < 3) return;
  const bare = clause.subject.to - clause.subject.from === 2 && tokens[clause.subject.from]?.lower === 'the';
  if (
    bare ||
    isGeneral(frame) ||
    /^(?:each|every|one)$/u.test(tokens[clause.subject.from]?.lower ?? '') ||
    /^(?:this|these|that|those|its|their|his|her|my|our|your|many|most|some|several|such|no|residents|users|readers|visitors)$/u.test(
      tokens[clause.subject.from]?.lower ?? '',
    )
  )
    return;
  const person = isPerson(head, sentence, clause.subject);
  if (head.pos === 'PROPN' && !person) return;
  yield {
    score: 0.65,
    difficulty: 'easy',
    reasoning: direct,
    answer: clause.subject,
    uses: [clause.tail],
    write: (replacements) => join(person ? 'who' : 'what', predicate(sentence, clause, clause.tail, replacements)),
  };
}

/** "X is driven by Y" → "What is X driven by?"; "by removing oxygen" → "How does X …?" */
export function* means(frame: Frame): Generator<Draft> {
  const { clause, sentence } = frame;
  const { tokens } = sentence;
  if (!clause || clause.verb.main < 0 || clause.verb.negative) return;
  const by = tokens.findIndex((token, i) => i >= clause.tail.from && i < clause.tail.to && token.lower === 'by');
  const next = tokens[by + 1];
  if (by < 0 || !next) return;
  const before: Range = { from: clause.tail.from, to: by };
  if (
    (next.pos === 'VERB' && verbForm(next) === 'ing') ||
    (next.pos === 'NOUN' && /[^aeiou].*ing$/u.test(next.lower) && !clause.verb.passive)
  ) {
    yield {
      score: 0.95,
      difficulty: 'medium',
      reasoning: 'The sentence names the result and, after “by”, the way it is reached.',
      answer: { from: by, to: clause.tail.to },
      uses: [clause.subject, before, ...leadUse(frame)],
      write: (replacements) =>
        join('how', inverted(sentence, clause, before, replacements), trailingLead(frame, replacements)),
    };
  } else if (
    clause.verb.passive &&
    by === clause.tail.from &&
    next.pos !== 'NUM' &&
    next.pos !== 'ADV' &&
    !/^(?:hand|law|then|accident|now|way|far|means)$/u.test(next.lower)
  ) {
    const person =
      tokens.slice(by + 1, clause.tail.to).some((token) => token.pos === 'PROPN') ||
      isPerson(tokens[nounCore(tokens, by + 1) - 1] ?? next, sentence, { from: by + 1, to: clause.tail.to });
    if (
      person &&
      !isPerson(tokens[nounCore(tokens, by + 1) - 1] ?? next, sentence, { from: by + 1, to: clause.tail.to }) &&
      clause.tail.to - by < 3
    )
      return;
    yield {
      score: 0.8,
      difficulty: 'easy',
      reasoning: direct,
      answer: { from: by + 1, to: clause.tail.to },
      uses: [clause.subject, ...leadUse(frame)],
      write: (replacements) =>
        join(
          person ? 'who' : 'what',
          inverted(sentence, clause, { from: 0, to: 0 }, replacements),
          'by',
          trailingLead(frame, replacements),
        ),
    };
  }
}

const months =
  /^(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?$/u;

/** "… was founded in 1848" → "When was X founded?"; "… was born in Shrewsbury" → "Where …?" */
export function* settings(frame: Frame): Generator<Draft> {
  const { clause, sentence, lead } = frame;
  const { tokens } = sentence;
  if (!clause || clause.verb.main < 0 || clause.verb.negative) return;
  for (let i = clause.tail.from; i < clause.tail.to; i += 1) {
    if (!/^(?:in|on|at|near|around|between|from)$/u.test(tokens[i]?.lower ?? '')) continue;
    const date = dateEnd(tokens, i);
    const place = date < 0 && /^(?:in|at|near)$/u.test(tokens[i]?.lower ?? '') ? placeEnd(tokens, i) : -1;
    const to = Math.max(date, place);
    if (to < 0 || to > clause.tail.to || (place > 0 && to < clause.tail.to && dateEnd(tokens, to) < 0)) continue;
    const before: Range = { from: clause.tail.from, to: i };
    if (place > 0 && tokens.slice(before.from, before.to).some((token) => token.pos === 'ADP' || token.pos === 'PART')) continue;
    const rest: Range = { from: to, to: clause.tail.to };
    yield {
      score: date > 0 ? 0.95 : 0.85,
      difficulty: 'easy',
      reasoning: date > 0 ? 'The sentence gives the date.' : 'The sentence names the place.',
      answer: { from: i, to },
      uses: [clause.subject, before, rest],
      write: (replacements) =>
        join(
          date > 0 ? 'when' : 'where',
          inverted(sentence, clause, before, replacements),
          words(sentence, rest, replacements),
        ),
    };
  }
  if (
    lead?.kind === 'phrase' &&
    /^(?:in|on|around|between|from)$/u.test(tokens[lead.from]?.lower ?? '') &&
    dateEnd(tokens, lead.from) === lead.to
  ) {
    yield {
      score: 0.95,
      difficulty: 'easy',
      reasoning: 'The sentence begins with the date.',
      answer: lead,
      uses: [clause.subject, clause.tail],
      write: (replacements) => join('when', inverted(sentence, clause, clause.tail, replacements)),
    };
  }
}

/** End of "in 1848", "in May 1848", "on 12 February 1809", "on March 4, 1861", or -1. */
function dateEnd(tokens: readonly Token[], at: number): number {
  if (/^(?:between|from)$/u.test(tokens[at]?.lower ?? '')) {
    const years = [at + 1, at + 3].every((i) => /^(?:1\d|20)\d\d$/u.test(tokens[i]?.text ?? ''));
    return years && /^(?:and|to|until)$/u.test(tokens[at + 2]?.lower ?? '') ? at + 4 : -1;
  }
  if (!/^(?:in|on|around)$/u.test(tokens[at]?.lower ?? '')) return -1;
  let i = at + 1;
  let dated = false;
  for (; i < tokens.length; i += 1) {
    const token = tokens[i];
    if (!token) break;
    const year = /^(?:1\d|20)\d\d$/u.test(token.text);
    if (months.test(token.lower) || year) dated = true;
    else if (
      !/^\d{1,2}(?:st|nd|rd|th)?$/u.test(token.text) &&
      !(token.text === ',' && /^(?:1\d|20)\d\d$/u.test(tokens[i + 1]?.text ?? '')) &&
      !/^(?:early|late|mid|spring|summer|autumn|winter|of|the)$/u.test(token.lower)
    )
      break;
    if (year) {
      i += 1;
      break;
    }
  }
  return dated ? i : -1;
}

function placeEnd(tokens: readonly Token[], at: number): number {
  let i = at + 1;
  while (tokens[i]?.pos === 'PROPN' && /^\p{Lu}/u.test(tokens[i]?.text ?? '') && !months.test(tokens[i]?.lower ?? ''))
    i += 1;
  return i > at + 1 && tokens[i]?.pos !== 'NOUN' && tokens[i]?.text !== "'s" ? i : -1;
}
