import { conflict, goesWith, type Lore, sentence, type Unlikely } from './lore';

const unlikelyMatter: Unlikely = [
  [
    /will|dismissed|tender|personal data|shareholder|design/,
    /invoices|cheaper cure|versions of the terms|exclusion clause/,
  ],
  [/will|tender|design|shareholder|defect/, /notice was given|foreseeable|relied on/],
  [/will|lease|guarantee|defect|shareholder/, /forty like cases|trade secret/],
  [/will|defect|design/, /e-mail and the signed|minutes of a meeting|silence over months|translation/],
  [/will/, /insolvent|go on working|burden of proof|conduct for a year/],
  [/tender|personal data|dismissed/, /translation|silence over months|conduct for a year/],
];
const unlikelyClient: Unlikely = [
  [/private person|heir|charity|municipality|university/, /trade secret|forty like cases/],
  [
    /private person|heir|university|municipality/,
    /supply contract|franchise|shareholder|minutes of a meeting|meets next month/,
  ],
  [
    /listed|start-up|cooperative|insurer|family business|charity|municipality|university|parent company/,
    /a will changed|signed by a relative/,
  ],
  [/an heir/, /dismissed|software|tender|personal data|warehouse|design/],
  [/insurer that|municipality|listed/, /insurer refusing|employee dismissed/],
];

/** `is judged in a federal system …`, in whatever form the value names the order. */
function placeOf(order: string): string {
  if (order.startsWith('an international contract')) return `arises from ${order}`;
  return order.startsWith('an arbitration seat') ? `is decided at ${order}` : `is judged in ${order}`;
}

/** Evidence on the terms goes with a dispute on the terms: where the point is another, that is what is in issue. */
function pointOf({
  contested_point: point = '',
  conflicting_evidence: evidence = '',
}: Readonly<Record<string, string>>) {
  const onTerms = /e-mail and the signed|translation|two invoices|conduct for a year/.test(evidence);
  const asksForTerms = /versions of the terms|exclusion clause|silence|general principle/.test(point);
  return onTerms && !asksForTerms ? 'which terms the parties agreed on' : point;
}

export const legal: Lore = {
  tell(values, difficulty) {
    const { dispute = '', client = '', legal_order: order = '' } = values;
    const point = pointOf(values);
    const { conflicting_evidence: evidence = '', missing_information: missing = '' } = values;
    const { decision_constraint: constraint = '' } = values;
    const facts = [evidence, point, constraint].join(' ');
    const whose = goesWith(client, `${facts} ${dispute}`, unlikelyClient) ? client : 'a client';
    const matter = goesWith(dispute, facts, unlikelyMatter) ? dispute : 'a contract on which the parties fell out';
    return [
      sentence(`${whose} asks for advice`),
      `The matter is ${matter}; it ${placeOf(order)}.`,
      sentence(`in issue is ${point}`),
      `On that ${evidence}.`,
      ...(difficulty === 'easy' ? [] : [`Besides, ${missing}.`]),
      sentence(constraint),
      'What should the client do now, on which view of the facts, and who would have to prove what?',
    ];
  },
  step: () => '',
  setAside(values) {
    const point = pointOf(values);
    return point.includes('burden of proof')
      ? `The question to be answered is ${point}; that is a question of law, which no witness settles, and it decides what doubt is worth.`
      : `The question to be answered is ${point}; whoever asserts the fact that decides it has to prove it, and doubt is at that side’s cost.`;
  },
  conflicts: {
    'two witnesses of equal standing contradict each other': conflict(
      'The witness who supports the client is believed.',
      'The witness of the other side is believed.',
      'Neither account is accepted, and the point is decided by the burden of proof.',
      'Equal standing means that neither outweighs the other; details that were written down at the time do.',
      'b',
      'a plan that survives the worse finding is safe under the better one too',
      'a note, message or bill from the day itself',
    ),
    'an e-mail and the signed document say different things': conflict(
      'The signed document states what was agreed.',
      'The e-mail shows what the parties meant, or changed the document.',
      'There was no agreement on this point at all, and the general rules fill the gap.',
      'The signed text is the stronger evidence; the e-mail counts if it came later or explains words with two meanings.',
      'a',
      'a signed text stands until whoever relies on the e-mail proves that it was replaced',
      'the order in time of the two, and whether the text allows changes by e-mail',
    ),
    'the minutes of a meeting were corrected two weeks later': conflict(
      'The corrected minutes are right, and the first were a slip.',
      'The first minutes are right, and the correction was made for the dispute.',
      'Neither version records a decision, because none was taken.',
      'The first version was written when nothing depended on it; the correction needs a reason of its own.',
      'b',
      'a later change in the interest of its author is the first thing that a court will doubt',
      'the notes of those who were present, and who asked for the correction',
    ),
    'experts of both sides reach opposite results from the same data': conflict(
      'The client’s expert is right.',
      'The other side’s expert is right.',
      'Both results stand on assumptions that the data cannot support, and the fact remains unproved.',
      'Both are paid by a party; what separates them is an assumption, and that can be named.',
      'b',
      'the party with the burden of proof loses when two experts leave the judge in doubt',
      'a joint statement of the experts on the assumption at which they part',
    ),
    "the parties' conduct for a year does not fit what they wrote": conflict(
      'The written words still bind, and the conduct was indulgence.',
      'The conduct changed the agreement or shows what its words meant.',
      'The conduct belongs to another arrangement beside the written one.',
      'A year is long for indulgence; a clause that asks for changes in writing weighs against the conduct.',
      'b',
      'whoever accepted the conduct for a year will hardly be heard to call it a breach',
      'any protest or reservation made during the year',
    ),
    'a recorded call is clear, but may not be admissible': conflict(
      'The recording is admitted and decides the point.',
      'The recording is excluded, and the point must be proved by other means.',
      'It is admitted but shown to be a part only, so that it proves less than it seems to.',
      'Its content is strong, its way into the proceedings is weak, and using it may be an offence by itself.',
      'b',
      'a case that stands only with a doubtful recording falls when it is excluded',
      'whether the other person knew of the recording, and a witness to the call',
    ),
    "a document's date and its file metadata differ": conflict(
      'The document was made on the date that it bears.',
      'It was made later, as the metadata say, and dated back.',
      'It was made in time and only saved or converted later, so that both are true.',
      'Metadata change when a file is copied; a date on paper can be written on any day.',
      'a',
      'metadata alone prove no backdating, and the accusation has to be proved by whoever makes it',
      'the original medium, or a message to which the document was attached',
    ),
    "an internal memo of the client harms the client's own account": conflict(
      'The client’s account is right, and the memo reports a mistaken belief.',
      'The memo is right, and the account cannot be kept up.',
      'The memo speaks of another matter, and neither supports nor harms the account.',
      'A memo written before any dispute is believed more readily than an account given in one.',
      'b',
      'the advice must stand on the day on which the memo is disclosed, and nothing untrue may be asserted',
      'a talk with its author, and whether it must be disclosed',
    ),
    'a translation and the original differ in the decisive sentence': conflict(
      'The text of the original prevails.',
      'The translation prevails, because the parties signed or used it.',
      'Both are authentic, and the sentence is read by its purpose.',
      'The original has the better claim unless a clause names the ruling language.',
      'a',
      'without a clause that says otherwise the text in which the contract was made decides',
      'the language clause, and which text was in front of those who signed',
    ),
    'a statement made in settlement talks contradicts the pleading': conflict(
      'The statement stays out, and the pleading stands.',
      'The statement comes in, and the pleading must be mended.',
      'The statement was an offer without an admission, so that it contradicts nothing.',
      'Talks to settle are protected in most orders; the protection has limits where a fact was asserted dishonestly.',
      'a',
      'the protection of settlement talks is the rule, and the exception must be shown',
      'what was said on confidentiality when the talks began',
    ),
    'two invoices for the same service show different terms': conflict(
      'The terms on the first invoice were agreed.',
      'The terms on the second invoice were agreed.',
      'No invoice made terms at all, because they came after the contract.',
      'An invoice states what its sender wishes; it makes terms only if both sides treated it so.',
      'a',
      'terms on which the parties have dealt stand until a change of them is shown to be agreed',
      'which of the two was booked and paid',
    ),
    'a witness has changed the account between two statements': conflict(
      'The first statement is true.',
      'The second statement is true, given after thought or with papers at hand.',
      'The witness does not remember and rebuilds it each time.',
      'Memory fades, so that the earlier statement counts more unless the change has a reason that can be checked.',
      'a',
      'the earlier account was given with the fresher memory',
      'the reason for the change, put to the witness openly',
    ),
  },
  constraints: {
    'a limitation period ends in nine days':
      'Before anything else the period is stopped, by a filing or a written waiver.',
    'the client must go on working with the other side':
      'The step is put in terms that allow the work to go on, and rights are reserved in writing.',
    'the costs of a trial would exceed the sum at stake':
      'A settlement below the sum is the aim, and a claim is prepared only as far as it supports the talks.',
    'publicity would do more harm than losing':
      'Confidential ways come first, such as mediation or arbitration by agreement.',
    'a settlement offer lapses at the end of the week':
      'The offer is measured against the weaker reading and answered, or its extension is asked for, before the week ends.',
    'the documents needed are privileged':
      'The privilege is kept: the point is proved from other sources, or the client decides on a waiver with its consequences known.',
    'an interim order is possible only against security':
      'The security is weighed against the harm of waiting, and the order is asked for only if the client can bear its loss.',
    'a concession here would bind the client in forty like cases':
      'Nothing is conceded on the principle; if there is a settlement, it is on this case’s facts and without admission.',
    'the opponent may become insolvent':
      'Security and speed come before the amount, since a judgment against an empty estate is worth little.',
    'disclosure would reveal a trade secret': 'A confidentiality order is asked for before anything is disclosed.',
    'the decision needs the consent of a body that meets next month':
      'Time is bought by a standstill, and the paper for the meeting is drafted with both outcomes.',
    "a lawyer's duty to the court limits what may be argued":
      'Only what can be said truthfully is argued; adverse authority is disclosed and distinguished.',
  },
};
