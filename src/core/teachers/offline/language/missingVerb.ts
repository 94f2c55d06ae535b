import { isNoun, isPlural, type Pos, type Token, verbForm } from './token';

const afterVerb = new Set<Pos | undefined>([
  'DET',
  'PRON',
  'NUM',
  'ADP',
  'ADJ',
  'ADV',
  'NOUN',
  'PROPN',
  'PART',
  'SCONJ',
  undefined,
]);

/** When no word can be the main verb, a plural-looking noun after a singular noun is it. */
export function supplyVerb(tokens: readonly Token[]): readonly Token[] {
  let mended = verbIn(tokens, 0);
  for (const [i, token] of tokens.entries()) {
    const next = tokens[i + 1];
    const clause =
      token.text === ',' &&
      (next?.pos === 'CCONJ' ? tokens[i + 2]?.pos === 'DET' : next?.pos === 'DET' && tokens[0]?.pos === 'SCONJ');
    if (clause || (token.pos === 'SCONJ' && /^(?:DET|NOUN|ADJ|PROPN)$/u.test(next?.pos ?? '')))
      mended = verbIn(mended, i + 1);
  }
  return mended;
}

/** The same for the clause that begins at `from`. */
function verbIn(tokens: readonly Token[], from: number): readonly Token[] {
  const clauseEnd = tokens.findIndex(
    (token, i) =>
      i > from &&
      ((from > 0 && token.text === ',') ||
        token.pos === 'SCONJ' ||
        /^[;:—]$/u.test(token.text) ||
        token.lower === 'which'),
  );
  const end = clauseEnd < 0 ? tokens.length : clauseEnd;
  const before = tokens.slice(from, end);
  const finite = before.filter(
    (token, i) =>
      (token.pos === 'AUX' && before[i - 1]?.pos !== 'AUX') ||
      (token.pos === 'VERB' &&
        verbForm(token) !== 'ing' &&
        !/^(?:AUX|PART|ADV|CCONJ)$/u.test(before[i - 1]?.pos ?? '')),
  );
  const relatives = before.filter(
    (token, i) => i > 0 && isNoun(before[i - 1]) && /^(?:that|which|who)$/u.test(token.lower),
  );
  if (finite.length > relatives.length) return tokens;
  const at = tokens.findIndex((token, i) => {
    const before = tokens[i - 1];
    return (
      i > from &&
      i < end &&
      token.pos === 'NOUN' &&
      isPlural(token) &&
      isNoun(before) &&
      before !== undefined &&
      !isPlural(before) &&
      afterVerb.has(tokens[i + 1]?.pos)
    );
  });
  const verb = tokens[at];
  if (!verb) return tokens;
  return tokens.map((token, i) => (i === at ? { ...verb, pos: 'VERB' as const } : token));
}
