import { conflict, figure, fitting, type Lore, type Needs, sentence, type Unlikely, type Values } from './lore';

const unlikelyMatter: Unlikely = [
  [
    /will|dismissed|tender|personal data|shareholder|design/,
    /invoices|cheaper cure|versions of the terms|exclusion clause/,
  ],
  [/will|tender|design|shareholder|defect/, /notice was given|foreseeable|relied on/],
  [/will|lease|guarantee|defect|shareholder/, /forty like cases|trade secret/],
  [
    /will|defect|design/,
    /e-mail and the signed|minutes of a meeting|silence over months|translation|authority to do so/,
  ],
  [/will/, /insolvent|go on working|burden of proof|conduct for a year|duty to disclose/],
  [/tender|personal data|dismissed/, /translation|silence over months|conduct for a year|e-mail and the signed/],
  [/tender/, /authority to do so|relied on|overrides the wording|go on working|insolvent|notice was given/],
  [/defect|guarantee|lease|insurer refusing/, /two invoices/],
  [/insurer refusing|defect|guarantee|lease|software/, /minutes of a meeting/],
  [/insurer refusing/, /cheaper cure|silence over months|versions of the terms|authority to do so|insolvent/],
  [/dismissed/, /cheaper cure|authority to do so|foreseeable|forty like cases/],
  [/guarantee/, /cheaper cure|invoices|foreseeable|conduct for a year/],
  [/lease|franchise/, /cheaper cure|relied on/],
  [/personal data/, /notice was given|authority to do so|foreseeable/],
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
  [/an heir/, /dismissed|software|tender|personal data|warehouse|design|handover/],
  [/insurer that|municipality|listed/, /insurer refusing|employee dismissed/],
  [/administrator/, /will changed|insolvent|go on working|dismissed|personal data/],
  [/insurer that/, /shareholder|franchise|tender|dismissed|personal data|design|lease/],
];
const unlikelyOrder: Unlikely = [
  [/international contract|arbitration seat/, /will|dismissed|tender|personal data|shareholder|design|guarantee/],
  [/adapt a contract/, /will|dismissed|tender|personal data|shareholder|design/],
  [/weaker party/, /tender|shareholder|design|will/],
];
const unlikelyGap: Unlikely = [
  [/annex|before signing/, /will|dismissed|tender|personal data|design|shareholder/],
  [/insurance cover|amount of the loss/, /will|shareholder|tender/],
  [/key witness/, /witness/],
  [/key witness|before signing|first knew/, /internal memo/],
];
const gapNeeds: Needs = [
  [/others are affected/, /personal data|software|franchise|lease|design|guarantee/],
  [/authority's file/, /tender|dismissed|personal data|defect|fire/],
  [/disputed wording/, /terms|clause|wording|translation|e-mail/],
];
const unlikelyConstraint: Unlikely = [
  [/go on working/, /will|dismissed|administrator|shut out|guarantee/],
  [/become insolvent/, /tender|will|insurer refusing|personal data|municipality|administrator/],
  [/documents needed are privileged/, /internal memo|recorded call|two witnesses|witness has changed/],
  [/trade secret/, /will|lease|guarantee/],
  [/forty like cases/, /will|shareholder|private person|heir/],
  [/a body that meets/, /private person|heir|a client/],
];

const onTheTerms = 'which terms the parties agreed on';
const onTheFacts = 'what happened, and who answers for it';
const onTheWill = 'whether the last change of the will stands';
const onTheMeeting = 'what was decided at a meeting, and whom it binds';
/** A question of law: the facts are another matter. */
const ofLaw = /burden of proof|general principle|duty to disclose/;

/** What follows for the client while the point is open. */
const steps: Readonly<Record<string, string>> = {
  'whether a notice was given in time and in due form':
    'The notice is given once more in due form, without giving up the first one.',
  'whether an exclusion clause covers what happened':
    'The case is put on a ground that the clause does not reach, and on the clause second.',
  'which of two versions of the terms became part of the agreement':
    'The case is worked out under both versions, and nothing is done that is a breach under either.',
  [onTheTerms]: 'The case is worked out under both versions, and nothing is done that is a breach under either.',
  [onTheMeeting]: 'The decision is taken once more in due form, without giving up that it was taken before.',
  [onTheWill]: 'Nothing of the estate is paid out or signed away, and who stood by at the change is written down.',
  [onTheFacts]: 'The course of events is put in order by date, with what proves each part of it.',
  'whether the other side relied on what it was told':
    'What the other side did after it was told, and would else not have done, is put in order by date.',
  'whether the damage was foreseeable':
    'The loss is divided into heads, and those that anybody could foresee are put first.',
  'whether silence over months amounts to consent': 'The silence is ended now, by a reservation in writing.',
  'whether the person who agreed had authority to do so':
    'Whoever undoubtedly has authority confirms or rejects the agreement in writing.',
  'whether the claim is out of time': 'Time is treated as though the shorter period applied.',
  'whether a cheaper cure had to be accepted':
    'The cheaper cure is priced by somebody independent, and accepted under reserve if it cures.',
  'whether a duty to disclose existed at all':
    'What was known, by whom and when, is put in order before anything is said about it.',
  'who bears the burden of proof on the decisive fact':
    'The client gathers evidence as though the burden were on its own side.',
  'whether a general principle overrides the wording':
    'The wording is argued first, and the principle for the case that the wording fails.',
};

/** `is judged in a federal system …`, in whatever form the value names the order. */
function placeOf(order: string): string {
  if (order.startsWith('an international contract')) return `arises from ${order}`;
  return order.startsWith('an arbitration seat') ? `is decided at ${order}` : `is judged in ${order}`;
}

const unlikelyPoint: Unlikely = [
  [/notice|versions|authority|silence|out of time|overrides the wording|disclose|relied|exclusion/, /experts/],
  [/cheaper cure|foreseeable|exclusion|overrides the wording|out of time/, /minutes of a meeting/],
  [/cheaper cure|exclusion|foreseeable|overrides the wording/, /document's date|recorded call/],
  [/cheaper cure|out of time/, /settlement talks|changed the account/],
];

/** Evidence on the terms goes with a dispute on the terms: where the point is another, that is what is in issue. */
function pointOf({ contested_point: point = '', conflicting_evidence: evidence = '', dispute = '' }: Values): string {
  const onTerms = /e-mail and the signed|translation|two invoices|conduct for a year/.test(evidence);
  const asksForTerms = /versions of the terms|exclusion clause|silence/.test(point);
  if (onTerms && !asksForTerms) return onTheTerms;
  const open = evidence.includes('minutes') ? onTheMeeting : dispute.startsWith('a will') ? onTheWill : onTheFacts;
  return fitting(point, evidence, { unlikely: unlikelyPoint }, open);
}

export const legal: Lore = {
  fit(values) {
    const { dispute = '', client = '', legal_order: order = '', conflicting_evidence: evidence = '' } = values;
    const point = pointOf(values);
    const matter = fitting(
      dispute,
      `${evidence} ${point}`,
      { unlikely: unlikelyMatter },
      'a contract on which the parties fell out',
    );
    const core = [matter, point, evidence].join(' ');
    const whose = fitting(client, core, { unlikely: unlikelyClient }, 'a client');
    const rest = `${core} ${whose}`;
    return {
      ...values,
      contested_point: point,
      dispute: matter,
      client: whose,
      legal_order: fitting(order, matter, { unlikely: unlikelyOrder }),
      missing_information: fitting(values['missing_information'] ?? '', rest, {
        unlikely: unlikelyGap,
        needs: gapNeeds,
      }),
      decision_constraint: fitting(values['decision_constraint'] ?? '', rest, { unlikely: unlikelyConstraint }),
    };
  },
  tell(values, evidence) {
    const { dispute = '', client = '', legal_order: order = '', contested_point: point = '' } = values;
    const { missing_information: missing = '', decision_constraint: constraint = '' } = values;
    return [
      `${sentence(client).slice(0, -1)} asks for advice on ${dispute}.`,
      order && `The matter ${placeOf(order)}.`,
      `What is at stake is put at about ${(figure(values, 'sum', 18, 940) * 500).toLocaleString('en-US')}; the other side last wrote ${figure(values, 'days', 3, 45)} days ago.`,
      sentence(`in issue is ${point}`),
      `${ofLaw.test(point) ? 'The facts are open as well' : 'On the facts that decide it, the evidence is at odds'}: ${evidence.charAt(0).toLowerCase()}${evidence.slice(1)}`,
      missing && `Besides, ${missing}.`,
      sentence(constraint),
      'What should the client do now, on which view of the facts, and who would have to prove what?',
    ];
  },
  step: ({ contested_point: point = '' }) => steps[point] ?? '',
  otherwise: () => '',
  setAside: ({ contested_point: point = '' }) =>
    ofLaw.test(point)
      ? `The question to be answered is ${point}; that is a question of law, which no witness settles, and the facts below are what it is asked of.`
      : `The question to be answered is ${point}; whoever asserts the fact that decides it has to prove it, and doubt is at that side’s cost.`,
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
