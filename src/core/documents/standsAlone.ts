/** Why a question cannot be understood by somebody who has not read the passage. */
export type Dependence =
  /** "According to the passage", "the author", "listed above", "Table 3". */
  | 'names_the_source'
  /** "What does it do?", "Why did they leave?", "How does this device work?" */
  | 'dangling_reference'
  /** No word says what it is about: "Why?", "What is it?" */
  | 'no_subject';

/** Whether a question can be understood without the passage that it was made from. */
export function standsAlone(question: string): boolean {
  return dependence(question) === undefined;
}

/**
 * Why a question does not stand alone, or undefined. Made for English. A rule fires only where the words hardly ever mean
 * the thing itself: "Which passage leads to the engine room?" is a good question.
 */
export function dependence(question: string): Dependence | undefined {
  const plain = question.replace(/[‘’]/gu, "'").replace(/\s+/gu, ' ').trim().slice(0, 2000);
  if (sourceRules.some((rule) => rule.test(plain))) return 'names_the_source';
  const words = plain.toLowerCase().match(/[\p{L}\p{N}'_-]+/gu) ?? [];
  if (words.every((word) => empty.has(word))) return 'no_subject';
  if (danglingRules.some((rule) => rule.test(plain)) || (startsDangling(plain) && !isImpersonal(plain)))
    return 'dangling_reference';
  return undefined;
}

/** Words for the thing that was read; `writing` names only that, `place` may also be a thing in the world. */
const writing = '(?:excerpt|paragraph|snippet|extract|context)s?';
const place =
  '(?:passage|text|document|article|section|chapter|table|figure|diagram|chart|list|page|sentence|story|manual|handbook|guide|report|study|paper|material|information|content|description|statement|source|example|author|writer)s?';
const reader =
  '(?:author|writer|narrator|speaker|passage|text|excerpt|document|article|paragraph|section|snippet|extract|chapter)s?';
const saying =
  '(?:say|state|mention|describe|suggest|imply|explain|argue|recommend|claim|note|list|mean|refer|define|discuss|give|provide|warn|advise|compare|contrast|indicate|call|conclude|emphasi[sz]e|present|portray|identify|cite|use|tell|believe|think|feel|want|view|propose|assert|mark|illustrate|cover|focus)(?:s|es|d|ed)?';
const told =
  '(?:mentioned|described|stated|listed|discussed|cited|quoted|referenced|outlined|presented|specified|explained|noted|shown|named|given|provided|defined|identified|depicted|highlighted)';
/** The noun phrase is over: what follows is no noun that it only modifies ("the text editor"), nor what tells which one. */
const over =
  '(?=\\s*(?:[?,.;:!)\'"]|$)|\\s+(?:is|are|was|were|do|does|did|has|have|that|which|about|above|below|say|says|state|states|mention|describe|suggest)\\b)';

const sourceRules: readonly RegExp[] = [
  new RegExp(
    `\\b(?:this|the (?:given|provided|above|preceding|foregoing|present|current|accompanying)) ${place}\\b`,
    'iu',
  ),
  new RegExp(`\\b(?:the|this|these|that|provided|given|above) ${writing}${over}`, 'iu'),
  new RegExp(
    `\\b(?:according to|based (?:only |solely )?(?:up)?on|as per|per|judging (?:by|from)|from reading|after reading|with reference to|given) the ${place}${over}`,
    'iu',
  ),
  new RegExp(`\\b(?:according to|based on|as per) (?:the )?(?:above|following|given|provided|passage|text)\\b`, 'iu'),
  new RegExp(
    `\\b(?:in|from|within|of|by|throughout) the (?:passage|text|document|article|section|table|figure|diagram|story|sentence)${over}`,
    'iu',
  ),
  new RegExp(
    `\\b(?:do|does|did|is|are|was|were|has|have|had|can|could|would|might) the ${reader} (?:\\w+ )?${saying}\\b`,
    'iu',
  ),
  new RegExp(`\\bthe (?:author|writer|narrator|passage|text|excerpt|paragraph)s? ${saying}\\b`, 'iu'),
  /\b(?:do|does|did|would|has|have) the (?:author|narrator|writer)s?\b(?! of\b)/iu,
  new RegExp(`\\b(?:is|are|was|were) the ${reader} (?:mainly |mostly |primarily )?about\\b`, 'iu'),
  /\bthe (?:passage|excerpt|paragraph|author|narrator)'s? (?:main|view|opinion|point|claim|argument|purpose|tone|attitude|topic|intent|message|perspective)/iu,
  new RegExp(
    `\\b${told} (?:above|below|here|earlier|previously|herein|in (?:the|this) ${place}${over})(?! (?:the|a|an|\\d))`,
    'iu',
  ),
  new RegExp(
    `^(?!how\\b).*\\b(?:is|are|was|were|been|being) (?:mentioned|described|discussed|listed|stated|cited|quoted|referenced|outlined)\\s*[?.]*$`,
    'iu',
  ),
  new RegExp(
    `^(?:what|which|who|how many|list|name)\\b.*\\b\\w+s? (?:mentioned|described|discussed|listed|stated|cited|quoted|referenced)\\s*[?.]*$`,
    'iu',
  ),
  /\b(?:which|one|any|all|none|each|two|three) of the following\b/iu,
  /\bthe following(?! (?:day|days|week|month|year|years|morning|evening|night|afternoon|season|spring|summer|autumn|winter|decade|century|hour|session|shift|term|generation|turn|wind)\b)(?: \w+){0,3}(?:\s*[?:]|$)/iu,
  /\b(?:afore|above|below)-?mentioned\b|\bas (?:mentioned|described|stated|noted|shown) (?:above|below|earlier|here|in the (?:text|passage|document))\b/iu,
  /\b(?:see|shown in|listed in|given in|according to|in|from|does|do|is|of) (?:table|figure|fig\.|listing|equation|exhibit|diagram|step) \d+(?:\.\d+)*\b(?! (?:of|in|from) )/iu,
  /\b(?:see|according to|in|under|from) (?:section|chapter|appendix|paragraph|part) (?:\d+(?:\.\d+)*|[A-H]|[IVX]+)\b(?=\s*(?:[?,.;]|$)| (?:is|are|was|does|do|that|which|describe|say))/iu,
];

const auxiliary = '(?:is|are|was|were|do|does|did|can|could|should|shall|will|would|must|may|might|has|have|had)';
const asking = '(?:what|which|who|whom|whose|when|where|why|how)';
const opening = `(?:(?:and|so|but|then|also|in|at|on|by|for|to|from|with|under|after|before|during|of) )?(?:${asking}(?: [\\w-]+){0,3}? )?${auxiliary}(?:n't)?`;

const subject = new RegExp(
  `^${opening} (?:also |then |still |not )?(?:it|they|he|she|its|their|his|her(?:s)?|them|him|this|these|those(?! (?:who|that|which|with|of|in|on|without)\\b)|that(?! of\\b)|such)\\b`,
  'iu',
);

function startsDangling(question: string): boolean {
  return subject.test(question);
}

/** "How long does it take to …", "Is it safe to …", "Why does it matter that …": an `it` that stands for nothing. */
function isImpersonal(question: string): boolean {
  const verb =
    /\bit (?:take|cost|mean|matter|help|hurt|seem|appear|happen|follow|make (?:sense|a difference)|feel|pay)s?\b.* (?:to|that|if|when|for|whether|before|until)\b/iu;
  const state = new RegExp(
    `\\b${auxiliary} it (?:be |been |become |remain )?(?!(?:used|made|designed|intended|supposed|meant|connected|attached|able|going|set)\\b)(?:[\\w-]+ ){1,4}?(?:to|that|if|whether|unless|when|before|after|for \\w+(?: \\w+){0,3} to)\\b`,
    'iu',
  );
  const weather = /\bit (?:rain|snow|freeze|get dark|be dark|be (?:raining|snowing))/iu;
  return verb.test(question) || state.test(question) || weather.test(question);
}

const things =
  '(?:device|machine|system|product|unit|software|program|company|organi[sz]ation|person|species|process|method|procedure|approach|feature|tool|law|rule|policy|event|book|man|woman|character|project|technique|term|concept|mechanism|substance|material|component)s?';

const danglingRules: readonly RegExp[] = [
  new RegExp(`\\b(?:this|these|those) (?:\\w+ )?${things}\\b`, 'iu'),
  // "Who built it?": a short question that ends in a pronoun, and names nothing before it.
  /^(?:who|what|when|where|why|how)(?: (?!the |an? |each |every |any |your |our )[a-z'-]+){1,4} (?:it|them|him|her|this|that|these|those)\s*\?*$/u,
  /^(?:Who|What|When|Where|Why|How)(?: (?!the |an? |each |every |any |your |our )[a-z'-]+){1,4} (?:it|them|him|her|this|that|these|those)\s*\?*$/u,
  /\b(?:happens?|occurs?|done|comes?|follows?|required|needed) (?:after|before|because of|during|following|as a result of) (?:this|that|it)\s*\?*$/iu,
];

const empty = new Set(
  `what which who whom whose when where why how is are was were be been being do does did done can could should shall will would must may
   might has have had it its they them their he him his she her this that these those here there the a an of to in on at by
   for from with and or so but then also not about much many long often else one ones happen happens mean means work works`.split(
    /\s+/u,
  ),
);
