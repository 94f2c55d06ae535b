import { isEnglishWord } from '../../src/core/documents/grounding/lexicon';
import type { Random } from './random';

/** Makes of a true sentence one that says something else; undefined when it cannot be done to this sentence. */
export type Fabrication = (sentence: string, other: string, random: Random) => string | undefined;

const names = [
  'Keller',
  'Marsh',
  'Osaka',
  'Delgado',
  'Brandt',
  'Linz',
  'Petrov',
  'Canberra',
  'Amina',
  'Schultz',
  'Norwich',
  'Tanaka',
];

const synonyms =
  pairsOf(`must=should|stop=halt|use=employ|begin=start|large=big|small=little|before=prior to|after=following|about=roughly
  |often=frequently|every=each|show=display|keep=retain|near=close to|need=require|allow=permit|because=since|help=assist|open=unlock|close=shut
  |make=create|get=obtain|find=locate|check=inspect|remove=detach|replace=swap|run=operate|water=liquid|patients=people|members=users
  |light=lamp|ship=vessel|file=document|function=method|error=fault|return=give back|set=adjust|include=contain|provide=supply|work=labour
  |software=programs|copy=duplicate|version=edition|license=permit|default=standard|value=figure|change=modify|create=build|support=back
  |night=evening|day=date|left=departed|found=discovered|asked=demanded|wrote=noted|saw=noticed|came=arrived|stopped=halted|paid=given|only=just
  |also=too|many=numerous|several=various|the=this|and=plus|but=yet|with=using|in=inside|for=towards|from=out of|of=from|is=seems|are=seem|to=towards`);
const antonyms =
  pairsOf(`open=closed|opened=closed|increase=decrease|increases=decreases|rises=falls|above=below|before=after|more=less|hot=cold
  |left=right|first=last|high=low|higher=lower|long=short|large=small|slow=fast|start=stop|most=least|always=never|inside=outside|up=down|on=off
  |with=without|allowed=forbidden|enabled=disabled|include=exclude|thin=thick|thinner=thicker|older=newer|early=late|between=outside|over=under
  |maximum=minimum|min=max|true=false|safe=unsafe|able=unable|possible=impossible|necessary=unnecessary|valid=invalid|known=unknown|common=rare
  |input=output|public=private|local=remote|full=empty|wet=dry|new=old|same=different|good=bad|easy=hard|day=night|day=week|hour=day|hours=minutes`);
const weights =
  pairsOf(`may=must|must=may|can=must|should=may|will=may|could=must|might=will|all=some|some=all|every=some|each=some|many=few|few=many
  |most=some|several=most|any=some|both=neither|only=also|often=always|sometimes=always|usually=never|nearly=hardly|half=most|none=some|no=some
  |about=exactly|at least=at most|more than=less than|not=now|or=and|and=or|if=unless|within=after|until=unless|than=then|is=was|are=were|has=had|one=two|two=three|three=five|six=eight`);
const units =
  pairsOf(`mm=cm|cm=mm|m=km|km=m|kg=g|g=mg|mg=g|µg=mg|litres=gallons|litre=gallon|bar=psi|kPa=MPa|MPa=kPa|°C=°F|V=kV|kV=V|A=mA|mA=A|W=kW|kW=W
  |Hz=kHz|hours=minutes|minutes=seconds|seconds=minutes|hour=minute|days=weeks|weeks=days|months=weeks|years=months|year=month|metres=feet|mmol/L=mg/L
  |kroner=dollars|tons=pounds|tonnes=kilograms|ms=µs|s=ms|MB=GB|KB=MB|GB=MB|bytes=bits|bits=bytes|%=‰|£=€|$=€|rpm=Hz|km/h=mph|knots=mph|ft=m|min=s|h=min|Nm=N|L=mL|ml=l|dB=Hz|lux=lumen|ppm=ppb|degrees=radians|inches=feet|K=°C`);
const inserted = [
  'not',
  'always',
  'rarely',
  'only',
  'electric',
  'previously',
  'large',
  'nearly',
  'strictly',
  'optional',
  'three',
  'usually',
  'former',
  'almost',
  'new',
  'no longer',
  'also',
];

export const fabrications: Readonly<Record<string, Fabrication>> = {
  'number changed': (s, _other, random) => replaceOne(s, /\d+(?:[.,]\d+)*/gu, random, (n) => changeNumber(n, random)),
  'digit dropped or added': (s, _other, random) =>
    replaceOne(s, /\d+/gu, random, (n) =>
      n.length > 1 && random.chance(0.5) ? n.slice(0, -1) : `${n}${random.below(10)}`,
    ),
  'number word changed': (s, _other, random) =>
    substitute(
      s,
      pairsOf(
        'one=two|two=three|three=four|four=six|six=eight|eight=nine|eleven=twelve|twelve=ten|ten=nine|half=third|twice=once|five=four|seven=nine',
      ),
      random,
    ),
  'negation added': (s, _other, random) =>
    replaceOne(
      s,
      /\b(?:is|are|was|were|can|may|must|should|will|could|would|has|have|had|did|does|do)\b(?! not|n't)/gu,
      random,
      (verb) => `${verb} not`,
    ),
  'negation dropped': (s, _other, random) =>
    replaceOne(s, /\b(?:[Nn]ot|[Nn]ever|[Nn]o|[Hh]ardly ever|without) |n't\b|(?<=can)not\b/gu, random, () => ''),
  'negating prefix': (s, _other, random) =>
    substitute(
      s,
      pairsOf(
        'able=unable|common=uncommon|possible=impossible|equal=unequal|safe=unsafe|usual=unusual|even=uneven|used=unused|locked=unlocked|treated=untreated|healthy=unhealthy|important=unimportant|heated=unheated|attended=unattended|complete=incomplete|correct=incorrect|valid=invalid|defined=undefined|expected=unexpected|supported=unsupported|known=unknown|regular=irregular|active=inactive|direct=indirect|modified=unmodified|limited=unlimited',
      ),
      random,
      true,
    ),
  'modal or quantifier': (s, _other, random) => substitute(s, weights, random),
  antonym: (s, _other, random) => substitute(s, antonyms, random),
  'unit changed': (s, _other, random) => changeUnit(s, random),
  'name swapped': (s, _other, random) =>
    replaceOne(s, /(?<=[\p{Ll},] )\p{Lu}\p{Ll}{2,}/gu, random, (name) => otherName(name, random)),
  'name respelled': (s, _other, random) =>
    replaceOne(s, /(?<=[\p{Ll},] )\p{Lu}\p{Ll}{3,}/gu, random, (name) =>
      isEnglishWord(name.toLowerCase()) ? undefined : respell(name, random),
    ),
  'paraphrase: one word': (s, _other, random) => substitute(s, synonyms, random),
  'paraphrase: many words': (s, _other, random) => {
    let text: string | undefined = s;
    let changed: string | undefined;
    for (let i = 0; i < 4 && text !== undefined; i += 1) {
      changed = text;
      text = substitute(text, synonyms, random);
    }
    return changed === s ? undefined : changed;
  },
  'word inserted': (s, _other, random) => {
    const words = s.split(' ');
    if (words.length < 5) return undefined;
    words.splice(1 + random.below(words.length - 2), 0, random.pick(inserted) ?? 'not');
    return words.join(' ');
  },
  'word dropped': (s, _other, random) => {
    const words = s.split(' ');
    const inner = words
      .map((_, i) => i)
      .filter((i) => i > 0 && i < words.length - 1 && /\p{L}{4}|\d/u.test(words[i] ?? ''));
    const at = random.pick(inner);
    return at === undefined ? undefined : words.toSpliced(at, 1).join(' ');
  },
  'words reordered': (s, _other, random) => {
    const words = s.split(' ');
    const at = random.pick(
      words
        .map((_, i) => i)
        .filter(
          (i) =>
            i + 1 < words.length &&
            (words[i] ?? '').toLowerCase() !== (words[i + 1] ?? '').toLowerCase() &&
            /[\p{L}\d]/u.test(words[i] ?? '') &&
            /[\p{L}\d]/u.test(words[i + 1] ?? ''),
        ),
    );
    if (at === undefined) return undefined;
    return words.toSpliced(at, 2, words[at + 1] ?? '', words[at] ?? '').join(' ');
  },
  'two halves spliced': (s, other) => splice(s, other, ' '),
  'middle elided': (s, other) => splice(s, other, ' … '),
  'phrases exchanged': (s) => {
    const parts = s.replace(/[.!?]$/u, '').split(/, | and | but /u);
    return parts.length < 2 || parts.some((part) => part.length < 6) ? undefined : parts.toReversed().join(', ');
  },
};

function pairsOf(list: string): ReadonlyMap<string, string> {
  return new Map(
    list.split('|').map((pair) => {
      const [from = '', to = ''] = pair.trim().split('=');
      return [from, to];
    }),
  );
}

function replaceOne(
  text: string,
  pattern: RegExp,
  random: Random,
  change: (found: string) => string | undefined,
): string | undefined {
  const hit = random.pick([...text.matchAll(pattern)]);
  if (!hit) return undefined;
  const changed = change(hit[0]);
  return changed === undefined ? undefined : text.slice(0, hit.index) + changed + text.slice(hit.index + hit[0].length);
}

function substitute(
  text: string,
  table: ReadonlyMap<string, string>,
  random: Random,
  both = false,
): string | undefined {
  const all = both ? new Map([...table, ...[...table].map(([from, to]) => [to, from] as const)]) : table;
  const hits = [...text.matchAll(/\p{L}+(?: than| least)?/gu)].filter(([word]) => all.has(word.toLowerCase()));
  const hit = random.pick(hits);
  if (!hit) return undefined;
  const to = all.get(hit[0].toLowerCase()) ?? '';
  const cased = /^\p{Lu}/u.test(hit[0]) ? to.charAt(0).toUpperCase() + to.slice(1) : to;
  return text.slice(0, hit.index) + cased + text.slice(hit.index + hit[0].length);
}

function changeNumber(number: string, random: Random): string {
  const at = random.pick([...number.matchAll(/\d/gu)].map(({ index }) => index)) ?? 0;
  const digit = Number(number.charAt(at));
  const other = (digit + 1 + random.below(9)) % 10;
  return number.slice(0, at) + String(other) + number.slice(at + 1);
}

function changeUnit(text: string, random: Random): string | undefined {
  const hits = [...text.matchAll(/(?<=\d ?)(?:[°%]C?|\p{L}+(?:\/\p{L}+)?)|[£$](?=\d)/gu)].filter(([unit]) =>
    units.has(unit),
  );
  const hit = random.pick(hits);
  return hit && text.slice(0, hit.index) + (units.get(hit[0]) ?? '') + text.slice(hit.index + hit[0].length);
}

function otherName(name: string, random: Random): string {
  const other = random.pick(names.filter((candidate) => candidate !== name));
  return other ?? 'Keller';
}

/** One letter of a name for another that no scan confuses: Martin, Marvin. */
function respell(name: string, random: Random): string {
  const at = 1 + random.below(name.length - 1);
  const kin = /[aeiou]/u.test(name.charAt(at)) ? 'a e i o u' : 'b d g k m p r v z';
  const letter = random.pick(kin.split(' ').filter((candidate) => candidate !== name.charAt(at))) ?? 'z';
  return name.slice(0, at) + letter + name.slice(at + 1);
}

function splice(one: string, other: string, joint: string): string | undefined {
  const first = one.replace(/[.!?]$/u, '').split(' ');
  const second = other.split(' ');
  if (first.length < 6 || second.length < 6) return undefined;
  return [...first.slice(0, Math.ceil(first.length / 2)), joint.trim(), ...second.slice(Math.floor(second.length / 2))]
    .filter((word) => word !== '')
    .join(' ');
}
