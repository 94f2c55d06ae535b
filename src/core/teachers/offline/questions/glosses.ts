import { nounCore } from '../language/phrases';
import { isNoun, isPlural, type Range, type Token } from '../language/token';
import { join, words } from '../language/wording';
import { englishRank } from '../../../documents/grounding/lexicon';
import { isPersonNoun } from './people';
import type { Draft, Frame } from './frame';

/** "suberin, a waxy substance that keeps water out" → "What is suberin?"; "Carrick, a clerk of the company" → "Who was Carrick?" */
export function* glosses({ sentence, clause }: Frame): Generator<Draft> {
  const { tokens } = sentence;
  for (let comma = 1; comma < tokens.length - 4; comma += 1) {
    if (tokens[comma]?.text !== ',' || !/^(?:an?|the)$/u.test(tokens[comma + 1]?.lower ?? '')) continue;
    const name = nameBefore(tokens, comma);
    const gloss = glossAfter(tokens, comma + 1);
    if (!name || !gloss || inList(tokens, comma, gloss.to)) continue;
    const head = tokens[nounCore(tokens, gloss.from) - 1];
    if (!head || isPlural(head) || !isNoun(head)) continue;
    const person = isPersonNoun(head);
    const proper = tokens[name.to - 1]?.pos === 'PROPN';
    // "born in Benevento, the daughter of a clockmaker": a name of one word may be a place's.
    if (person && name.to - name.from < 2) continue;
    if (person !== proper && (person || !isKind(head))) continue;
    const past = clause !== undefined && /^(?:was|were|had|did)$/u.test(tokens[clause.verb.aux]?.lower ?? '');
    yield {
      score: person ? 0.85 : 0.95,
      difficulty: 'easy',
      reasoning: 'The sentence names it and explains it right after the comma.',
      answer: gloss,
      uses: [name],
      apart: true,
      write: () =>
        join(person ? 'who' : 'what', person && (past || !present(tokens)) ? 'was' : 'is', words(sentence, name)),
    };
  }
}

function present(tokens: readonly Token[]): boolean {
  return tokens.some((token) => /^(?:is|are|has|have)$/u.test(token.lower));
}

/** A full name, or a noun so uncommon that somebody may ask what it is. */
function nameBefore(tokens: readonly Token[], comma: number): Range | undefined {
  const last = tokens[comma - 1];
  if (!last || !isNoun(last)) return undefined;
  let from = comma - 1;
  if (last.pos === 'PROPN') {
    while (from > 0 && tokens[from - 1]?.pos === 'PROPN') from -= 1;
    const before = tokens[from - 1];
    if (
      before &&
      (isNoun(before) ||
        before.pos === 'ADJ' ||
        before.lower === 'the' ||
        before.text === ',' ||
        before.lower === 'and')
    )
      return undefined;
    return { from, to: comma };
  }
  if (isPlural(last) || isUsual(last.lower)) return undefined;
  if (isNoun(tokens[from - 1]) || /^(?:ADJ|CCONJ|PRON)$/u.test(tokens[from - 1]?.pos ?? '')) return undefined;
  if (/^(?:his|her|its|their|my|our|your|'s)$/u.test(tokens[from - 1]?.lower ?? '')) return undefined;
  if (/^(?:the|a|an)$/u.test(tokens[from - 1]?.lower ?? '')) from -= 1;
  return { from, to: comma };
}

function isUsual(word: string): boolean {
  const rank = englishRank(word);
  return rank === 'common' || rank === 'usual';
}

/** From the article to the next comma or the end, when it says something. */
function glossAfter(tokens: readonly Token[], from: number): Range | undefined {
  const core = nounCore(tokens, from);
  if (core < 0) return undefined;
  const close = tokens.findIndex((token, i) => i >= core && /^[,;:()—–"]$/u.test(token.text));
  const to = close < 0 ? tokens.length : close;
  const after = tokens[core];
  const told =
    to > core &&
    after !== undefined &&
    /^(?:of|that|who|which|in|from|with|for|used|made|on|by|between)$/u.test(after.lower);
  const modified = core - from >= 3;
  if (!told && !(modified && core === to)) return undefined;
  if (to - from > 24 || tokens.slice(from, to).some((token) => token.pos === 'CCONJ' && to - from > 14))
    return undefined;
  return { from, to };
}

/** "a horse, a cart and two pigs": the comma is a list's. */
function inList(tokens: readonly Token[], comma: number, to: number): boolean {
  const next = tokens[to];
  if (next?.text === ',' && tokens[to + 1]?.pos === 'CCONJ' && !verbFollows(tokens, to + 2)) return true;
  if (next?.text === ',' && /^(?:an?|the)$/u.test(tokens[to + 1]?.lower ?? '')) return true;
  if (tokens[comma - 2]?.text === ',') return true;
  return (
    tokens.slice(comma + 1, to).some((token) => token.lower === 'and' || token.lower === 'or') &&
    /^an?$/u.test(tokens[comma - 2]?.lower ?? '')
  );
}

function verbFollows(tokens: readonly Token[], at: number): boolean {
  return tokens[at]?.pos === 'VERB' || tokens[at]?.pos === 'AUX' || tokens[at]?.pos === 'PRON';
}

/** Nouns that open an explanation of what a thing is. */
function isKind(head: Token): boolean {
  return kinds.test(head.lower) || /(?:ide|ate|ine|gen|logy|metry)$/u.test(head.lower);
}

const kinds =
  /^(?:substance|compound|material|metal|mineral|rock|stone|gas|liquid|oil|acid|salt|protein|enzyme|hormone|sugar|fat|fibre|fiber|pigment|dye|alloy|disease|illness|infection|condition|disorder|bacterium|virus|fungus|mould|mold|parasite|insect|beetle|moth|fly|fish|bird|mammal|plant|tree|shrub|herb|grass|moss|lichen|fruit|vegetable|spice|dish|drink|bread|cheese|sauce|cloth|fabric|garment|tool|device|instrument|machine|vessel|boat|ship|vehicle|weapon|method|process|technique|practice|custom|dance|song|game|festival|unit|measure|coin|tax|rule|law|style|form|kind|type|sort|variety|word|term|language|dialect|sea|lake|river|island|mountain|village|town|city|district|region|province|suburb|company|firm|society|club|newspaper|magazine|journal|charity|organisation|organization|group|tribe|people|theory|idea|layer|organ|gland|muscle|bone|tissue|cell|part|piece|system|number|index|scale|mixture|paste|powder|resin|glue|wax|clay|soil|sand|wind|current|wave|cloud|star|planet|moon|galaxy|telescope|building|church|temple|castle|bridge|canal|dam|railway|road|street|square|market|museum|school|college|university)$/u;
