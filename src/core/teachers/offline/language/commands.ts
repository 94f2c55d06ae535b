import { isNoun, type Token, verbForm } from './token';

const commands = new Set(
  'use place mix check test turn switch start stop set cover store drain fill cut heat cook stir press lift hold label record mark measure wait rest plug clean dry open close empty flush coat wash rinse soak bake roast boil simmer whisk chop slice season serve shape knead pour add taste strip screw bolt tap back pack stack load charge note plan ship copy run contact report request'.split(
    ' ',
  ),
);

/** A command at the start that the tagger took for a noun or adjective: what follows is an object, not a verb. */
export function commandFirst(tokens: Token[]): void {
  for (const [i, token] of tokens.entries()) {
    const starts =
      i === 0 || tokens[i - 1]?.text === ',' || (tokens[i - 1]?.pos === 'CCONJ' && tokens[0]?.pos === 'VERB');
    if (
      !starts ||
      token.lemma !== token.lower ||
      !/^(?:NOUN|ADJ|PROPN|ADP|ADV)$/u.test(token.pos) ||
      token.text !== token.lower
    )
      continue;
    const next = tokens[i + 1];
    const object = next?.pos === 'DET' || /^(?:its|their|your|it|them|each|all|both|any)$/u.test(next?.lower ?? '');
    if (
      (object && token.pos === 'NOUN') ||
      (commands.has(token.lower) && (object || (i === 0 && startsObject(tokens, 1))))
    )
      tokens[i] = { ...token, pos: 'VERB' };
  }
}

/** "use reinforced hose on …": words up to a noun, with no verb of a statement among them. */
function startsObject(tokens: readonly Token[], from: number): boolean {
  const next = tokens[from];
  if (!next || !/^(?:NOUN|ADJ|NUM|PROPN|VERB|ADV)$/u.test(next.pos)) return false;
  if (next.pos === 'VERB' && !(verbForm(next) === 'past' && isNoun(tokens[from + 1]))) return false;
  const first = tokens.findIndex(
    (token, i) =>
      i >= from &&
      (token.pos === 'AUX' || (token.pos === 'VERB' && i > from) || token.pos === 'PUNCT' || token.pos === 'SCONJ'),
  );
  return (
    first < 0 ||
    (tokens[first]?.pos !== 'AUX' && !(tokens[first]?.pos === 'VERB' && verbForm(tokens[first] ?? next) === 's'))
  );
}
