import { partsOf } from '../language/parts';
import { isBe, nounCore } from '../language/phrases';
import { isNoun } from '../language/token';
import { join, words } from '../language/wording';
import type { Draft, Frame } from './frame';

/** "The stopcock is under a plate by the gate" → "Where is the stopcock?" */
export function* locations(frame: Frame): Generator<Draft> {
  const { clause, sentence, lead } = frame;
  const { tokens } = sentence;
  const copula = clause && tokens[clause.verb.aux];
  if (!clause || !copula || !isBe(copula) || clause.verb.main >= 0 || clause.verb.negative || lead) return;
  if (clause.verb.to - clause.verb.aux > 1) return;
  const parts = partsOf(tokens, clause);
  const first = parts?.[0];
  if (
    !parts ||
    !first ||
    parts.some((part) => part.kind !== 'phrase' && !(part.kind === 'aside' && isPlace(tokens, part.from)))
  )
    return;
  if (!parts.every((part) => isPlace(tokens, part.from))) return;
  const opening = tokens[clause.subject.from]?.lower ?? '';
  if (
    !/^(?:the|its|their|his|her)$/u.test(opening) &&
    tokens[clause.head]?.pos !== 'PROPN' &&
    clause.subject.to - clause.subject.from < 2
  )
    return;
  yield {
    score: 0.9,
    difficulty: 'easy',
    reasoning: 'The sentence says where it is.',
    answer: { from: first.from, to: parts.at(-1)?.to ?? first.to },
    uses: [clause.subject],
    parted: true,
    local: tokens[clause.head]?.pos !== 'PROPN',
    write: (replacements) => join('where', copula.lower, words(sentence, clause.subject, replacements)),
  };
}

const concrete =
  /^(?:box|shelf|wall|door|doors|gate|plate|cupboard|cabinet|room|hall|kitchen|basement|cellar|attic|floor|roof|yard|garden|garage|corner|street|road|lane|square|bridge|river|lake|sea|coast|bay|island|valley|hill|mountain|village|town|city|harbour|port|church|museum|tower|building|house|entrance|exit|desk|table|drawer|panel|rack|case|board|sink|bed|corridor|stairs?|landing|park|forest|wood|field|bank|shore|mouth|head|foot|middle|centre|center|north|south|east|west|back|front|edge|stage|station|platform|office|shop|library|school|engine|motor|tank|pipe|valve|pump|boiler|hull|deck|cover|lid|handle|seat|wheel|frame|left|right)$/u;

function isPlace(tokens: Frame['sentence']['tokens'], at: number): boolean {
  if (
    !/^(?:in|on|at|under|near|between|beneath|beside|behind|below|above|inside|outside|by|next|opposite|along)$/u.test(
      tokens[at]?.lower ?? '',
    )
  )
    return false;
  const core = nounCore(tokens, tokens[at]?.lower === 'next' ? at + 2 : at + 1);
  const head = tokens[core - 1];
  return core > 0 && isNoun(head) && (concrete.test(head?.lower ?? '') || head?.pos === 'PROPN');
}
