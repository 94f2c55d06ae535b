import { conflict, figure, fitting, type Lore, type Needs, sentence, type Unlikely, type Values } from './lore';

const unlikelyOrganisation: Unlikely = [
  [
    /non-profit|pension fund|city utility|cooperative|founders|developer/,
    /dividend|insiders sell|guidance is upbeat|rating agency|made public|published statement/,
  ],
  [
    /bank|pension fund/,
    /prepayment|new equipment|renewals|order book|revenue|receivables|half-finished expansion|payment terms/,
  ],
  [/pension fund/, /offer for a division|control weakness|refinance|credit line|operating cash flow/],
  [/retailer|machine|software|shipping|hospital|renewable|cooperative|developer|airline|utility/, /early arrears/],
  [/machine|shipping|hospital|renewable|cooperative|developer|airline|utility|bank|fund/, /renewals decline|churn/],
  [/fixed tariffs|regulation|non-profit|pension/, /customer surveys|competitor|order book/],
];
/** Decisions on which such evidence has no bearing. */
const unlikelyDecision: Unlikely = [
  [/control weakness/, /rating|surveys|leading|stress test|insiders|discounted|arrears|appraisal/],
  [/hedge/, /auditors|appraisal|discounted|surveys|rating|insiders|minutes|arrears/],
  [/lease/, /auditors|appraisal|discounted|rating|insiders|minutes|arrears/],
  [/revenue is recognised/, /appraisal|discounted|surveys|rating|insiders|leading|stress test|minutes|arrears/],
  [/provision/, /discounted|surveys|rating|insiders|leading|stress test/],
  [/prepayment/, /auditors|appraisal|discounted|surveys|arrears/],
  [/expansion/, /auditors|rating|arrears|insiders/],
  [/write down/, /rating|insiders|stress test/],
  [/refinance/, /auditors|appraisal|discounted/],
  [/dividend|credit line/, /discounted/],
  [/division/, /rating|stress test/],
  [/position/, /auditors|stress test|leading/],
];
const confounderNeeds: Needs = [
  [/index used/, /position|pension|rating|discounted|appraisal/],
  [/one customer|payment terms/, /machine|retailer|software|shipping|airline|cooperative/],
  [/related party/, /machine|developer|cooperative|airline|software|retailer/],
  [/margin/, /machine|retailer|software|shipping|airline|cooperative|bank/],
];
const gapNeeds: Needs = [
  [/churn/, /software|retailer/],
  [/collateral/, /credit line|provision|write down|bank|appraisal/],
  [/receivables/, /machine|retailer|software|airline|cooperative|developer|credit line/],
  [/foreign subsidiary/, /machine|retailer|software|shipping|airline/],
  [/counterparty/, /credit line|hedge|bank|pension|prepayment|position/],
];
const constraintNeeds: Needs = [
  [/non-public/, /position|insiders|minutes|rating|guidance|division/],
  [/made public at once/, /listed|dividend|bank|division|weakness/],
  [/concentration/, /credit line|position|expansion|bank|pension|hedge|provision|commitment/],
];
const unlikelyConstraint: Unlikely = [
  [/covenant|seven months/, /pension fund|bank/],
  [/sign of distress/, /position|hedge|lease|revenue is/],
  [/triggers a cost/, /provision|weakness|revenue is/],
];

/** What hangs on a decision, what it comes to on the cautious reading, and what otherwise. */
interface Stakes {
  readonly stakes: string;
  readonly cautious: string;
  readonly otherwise: string;
}

/** One of these is asked where the evidence has no bearing on the decision of the case. */
const inGeneral: Readonly<Record<string, Stakes>> = {
  'whether to raise, hold or reduce what has been committed': {
    stakes:
      'More commitment deepens the loss if the worse reading is right; less gives up the gain if the better one is.',
    cautious: 'The commitment is held where it is, and nothing is added.',
    otherwise: 'the commitment is raised as planned',
  },
  'whether to carry out the investments planned for the coming year': {
    stakes: 'What is invested is not there when the worse reading comes true; what is put off may come too late.',
    cautious: 'What keeps things running is carried out, and the rest waits for the next figures.',
    otherwise: 'the whole plan is carried out',
  },
  'whether to keep to the plan for the year or to cut costs now': {
    stakes: 'A cut costs people and trust that are slow to return; one that comes too late costs the reserves.',
    cautious: 'New posts and contracts are halted, and nothing is dissolved yet.',
    otherwise: 'the plan is kept as it stands',
  },
};

const decisions: Readonly<Record<string, Stakes>> = {
  ...inGeneral,
  'whether to renew a credit line': {
    stakes: 'A renewal adds to what the lender may lose; a refusal may bring about the failure that is feared.',
    cautious: 'The line is renewed for ninety days only, at its present amount.',
    otherwise: 'the line is renewed for a year',
  },
  'whether to write down an asset': {
    stakes: 'A write-down lowers this year’s result; one that is missing makes the accounts wrong.',
    cautious: 'The asset is written down to the lower end of what can be supported.',
    otherwise: 'the asset keeps its value, and the doubt is told in the notes',
  },
  'whether to hedge a currency exposure for the coming year': {
    stakes: 'A hedge costs money now, and is a loss of its own if the foreign income does not come.',
    cautious: 'The part of the exposure that is certain is hedged, the rest as it becomes so.',
    otherwise: 'the whole exposure is hedged',
  },
  'whether to go on with a half-finished expansion': {
    stakes: 'Going on ties up money for years; stopping writes off what has been built.',
    cautious: 'The expansion goes on to the next point at which it can be stopped without loss.',
    otherwise: 'the expansion is finished as planned',
  },
  'whether to accept an offer for a division': {
    stakes: 'A sale gives up what the division may earn; keeping it means to bear what it may lose.',
    cautious: 'The offer is taken up, by an answer that asks for its terms in writing.',
    otherwise: 'the offer is declined unless its price rises',
  },
  'whether to refinance a bond before it matures': {
    stakes: 'Refinancing early costs a premium; waiting bets on a market that may be shut.',
    cautious: 'The refinancing is begun early, for as much as must be repaid in any case.',
    otherwise: 'the bond is refinanced at its date',
  },
  'whether to change how revenue is recognised on a long contract': {
    stakes: 'The faster method shows revenue now; the slower one shows it once it is certain.',
    cautious: 'Revenue is recognised by the slower method until the doubt is settled.',
    otherwise: 'the faster method is taken and explained in the notes',
  },
  'whether to raise the provision for doubtful receivables': {
    stakes: 'A higher provision lowers the result; one that is too low hides what will not be paid.',
    cautious: 'The provision is raised now, for the oldest receivables first.',
    otherwise: 'the provision stays, and arrears are looked at every month',
  },
  'whether to keep a position that has fallen below its limit': {
    stakes: 'A sale makes the loss final; keeping it breaks a limit that was set for this case.',
    cautious: 'The position is cut back to its limit.',
    otherwise: 'the position is kept, the breach is reported, and a lower limit is set',
  },
  'whether to cut the dividend': {
    stakes: 'A cut is read as weakness; a dividend that is not covered is paid out of debt.',
    cautious: 'The dividend is cut to what free cash covers.',
    otherwise: 'the dividend is paid as before',
  },
  'whether to move a supplier to prepayment': {
    stakes: 'Whoever prepays bears the loss if the supplier fails; whoever does not may lose the supplier.',
    cautious: 'The supplier is prepaid for one delivery at a time, against security.',
    otherwise: 'a quarter’s deliveries are prepaid',
  },
  'whether to report a control weakness as material': {
    stakes: 'A report costs trust today; a weakness that others find unreported costs more.',
    cautious: 'The weakness is reported, with what has been done about it.',
    otherwise: 'it is told to the audit committee, and not called material',
  },
  'whether to lease or to buy new equipment': {
    stakes: 'Buying ties up money for years; leasing costs more, and can be ended.',
    cautious: 'The equipment is leased with a right to buy.',
    otherwise: 'the equipment is bought',
  },
};

function generalDecision(values: Values): string {
  const all = Object.keys(inGeneral);
  return all[figure(values, 'decision', 0, all.length - 1)] ?? '';
}

export const financial: Lore = {
  fit(values) {
    const { organisation = '', conflicting_evidence: evidence = '', market_condition: market = '' } = values;
    const { confounding_factor: confounder = '', missing_information: missing = '' } = values;
    const decision = fitting(
      values['decision'] ?? '',
      evidence,
      { unlikely: unlikelyDecision },
      generalDecision(values),
    );
    const core = [decision, evidence].join(' ');
    const otherwise = evidence.includes('arrears') ? 'a lender of middle size' : 'a company of middle size';
    const whom = fitting(organisation, `${core} ${market}`, { unlikely: unlikelyOrganisation }, otherwise);
    const rest = [core, whom].join(' ');
    return {
      ...values,
      decision,
      organisation: whom,
      confounding_factor: fitting(confounder, rest, { needs: confounderNeeds }),
      missing_information: fitting(missing, rest, { needs: gapNeeds }),
      decision_constraint: fitting(values['decision_constraint'] ?? '', rest, {
        unlikely: unlikelyConstraint,
        needs: constraintNeeds,
      }),
    };
  },
  tell(values, evidence) {
    const { decision = '', organisation = '', market_condition: market = '' } = values;
    const { confounding_factor: confounder = '', missing_information: missing = '' } = values;
    const role = decision.includes('supplier') ? 'the supplier is' : 'it concerns';
    return [
      `The question is ${decision}; ${role} ${organisation}.`,
      decisions[decision]?.stakes ?? '',
      `At stake are ${figure(values, 'amount', 8, 900) / 10} million, ${figure(values, 'share', 3, 38)} % of a year’s income.`,
      sentence(market),
      confounder && `In the figures, ${confounder}.`,
      evidence,
      missing && `Besides, ${missing}.`,
      sentence(values['decision_constraint'] ?? ''),
      'Which decision do the figures support, on which reading of them, and at which sign is it revised?',
    ];
  },
  step: ({ decision = '' }) => decisions[decision]?.cautious ?? '',
  otherwise: ({ decision = '' }) => decisions[decision]?.otherwise ?? '',
  setAside: ({ confounding_factor: confounder = '' }) =>
    confounder &&
    `The figures are first made comparable: ${confounder}, and what comes from that is taken out before anything is concluded.`,
  conflicts: {
    'earnings rise while operating cash flow falls': conflict(
      'The business is growing soundly, and cash follows with a delay.',
      'The earnings are partly on paper, and cash shows the true course.',
      'A single shift in payment dates moves cash, and neither figure describes the business.',
      'Earnings contain estimates of those who report them; cash is harder to shape, though its timing can be.',
      'b',
      'cash is the figure that estimates cannot improve',
      'the receivables and stocks by age over four quarters',
    ),
    'the rating agency and the market price of risk disagree': conflict(
      'The rating is right, and the market overreacts.',
      'The market is right, and the rating lags.',
      'Both are right, since the market also prices liquidity, of which the rating does not speak.',
      'Ratings change slowly by design; prices move at once, also for reasons that are not credit.',
      'b',
      'a warning that costs money to give deserves more weight than one that comes late',
      'the spread of comparable names over the same weeks',
    ),
    'the internal model and the external appraisal differ by a quarter': conflict(
      'The model is right, and the appraisal is too cautious.',
      'The appraisal is right, and the model’s inputs are out of date.',
      'Neither is right, because the value is known only as a range that holds both.',
      'The model was built by those who hold the asset; the appraiser knows it less well and has less to lose.',
      'b',
      'the party without an interest in the figure has the better claim to be believed',
      'the model run again with the appraiser’s inputs, one at a time',
      'on the value that is at stake, the internal model and the external appraisal differ by a quarter',
    ),
    "management's guidance is upbeat while insiders sell": conflict(
      'The guidance is right, and the sales have private reasons.',
      'The sales tell more, and the guidance is too hopeful.',
      'The sales were scheduled long before, and the guidance is habit: neither says anything new.',
      'Words cost nothing, sales do; but one sale by a plan made a year ago means nothing.',
      'b',
      'deeds with a cost outweigh words without one until the sales are explained',
      'whether the sales followed plans that were filed in advance',
    ),
    'customer surveys improve while renewals decline': conflict(
      'Customers are content, and renewals fall for reasons outside the product.',
      'Customers are leaving, and the surveys reach those who stay.',
      'Two groups of customers move in opposite directions, and each figure shows one of them.',
      'Surveys are answered by those who are still there; a renewal is a decision with money.',
      'b',
      'those who left are missing from the survey and present in the renewals',
      'renewals by customer group and the reasons given on leaving',
    ),
    'two auditors judged the same item differently': conflict(
      'The stricter judgement is right.',
      'The more lenient judgement is right.',
      'The rule leaves the choice open, and what matters is that it is applied alike every year and disclosed.',
      'Both know the rules; they differ in how probable they hold one event to be.',
      'a',
      'a loss recognised too early can be reversed, one hidden too long cannot be explained',
      'the probability that each assumed, set side by side',
      'two auditors judged differently the item on which the decision rests',
    ),
    'leading indicators point up and the order book points down': conflict(
      'The upturn is coming, and orders follow.',
      'The order book is right for this organisation, whatever the economy does.',
      'The sector recovers and this organisation loses its share, so that both are right.',
      'Indicators speak of the whole economy and are revised; the order book is its own, and shorter in sight.',
      'b',
      'the bills are paid from its own orders',
      'the orders of its closest competitors',
    ),
    'the stress test passes while the liquidity forecast is tight': conflict(
      'The stress test is right, and the forecast is cautious.',
      'The forecast is right, and the stress test leaves out the days on which money is due.',
      'Both are right, because one speaks of solvency and the other of timing.',
      'A test by year hides weeks without cash; a forecast by week stands on dates that others may move.',
      'b',
      'an organisation fails on the day on which it cannot pay, not by a yearly ratio',
      'a forecast by day for the next quarter with one late payer',
    ),
    'the board minutes and the published statement differ in tone': conflict(
      'The statement is right, and the minutes record a passing worry.',
      'The minutes are right, and the statement plays it down.',
      'Both are true of different points in time, and something happened between them.',
      'Minutes are written for colleagues, statements for the market; the former have less reason to please.',
      'b',
      'what was said where nobody had to be persuaded is closer to what was believed',
      'the papers that the board had before it',
    ),
    'sales data from a third party do not match reported revenue': conflict(
      'The reported revenue is right, and the third party sees a part of the market.',
      'The third party is right, and revenue is booked too early or too high.',
      'They count different things, such as shipments and sales to final customers.',
      'The third party’s sample may be skewed, but it has no bonus that depends on the figure.',
      'b',
      'revenue that no outside data confirm is the commonest place of error',
      'deliveries and payments of the largest ten customers',
    ),
    'historical losses are low while early arrears are rising': conflict(
      'The history holds, and the arrears are a ripple.',
      'The arrears announce losses that the history does not yet contain.',
      'One vintage or region is failing, while the rest is as before.',
      'History comes from better times; early arrears come first in every downturn, and sometimes pass.',
      'b',
      'losses follow arrears by some quarters, so that waiting for them is waiting too long',
      'the arrears by year of lending',
    ),
    'the discounted cash flow says buy and comparable deals say overpriced': conflict(
      'The cash-flow value is right, and the market has not seen it.',
      'The comparable deals are right, and the forecast is hopeful.',
      'Neither fits, because the deals are of another risk and the forecast of another time.',
      'The forecast rests on two or three assumptions; the deals are facts, if they are comparable.',
      'b',
      'a value that depends on one assumption is weaker than prices that were paid',
      'the growth rate at which the two values meet',
      'a discounted cash flow puts the value well above the figure in question, and comparable deals put it well below',
    ),
  },
  constraints: {
    'a covenant is tested at the end of the month':
      'The lender is spoken to before the test, with the cautious figures on the table.',
    'a decision must be made public at once when it is taken':
      'The statement is drafted before the decision is taken, so that both say the same.',
    'the risk committee allows no further concentration':
      'The step keeps within the limit; whatever would add to the concentration is left out.',
    "an auditor's report is due in ten days":
      'The auditor is shown the adjustment and its reasons within the ten days, not after the report.',
    'acting now triggers a cost that waiting would avoid':
      'The cost of acting is set against the loss under the worse reading, and a date is fixed until which waiting is cheaper.',
    'liquid reserves last for seven months at the present pace':
      'Reserves come first: nothing is decided that takes them below three months under the worse reading.',
    'fiduciary duty forbids betting on a single scenario':
      'The step is split, so that it is bearable under each of the three readings, and the reasons are recorded.',
    'the board is split and the chair wants unanimity':
      'A first step is put to the board on which both sides can agree, with the trigger for the second written down.',
    'a regulator has asked for reasons in writing':
      'The reasons are written down with the doubt left in, because they will be read again.',
    'undoing the decision later would be expensive': 'The smallest step that keeps both ways open is taken first.',
    'material non-public information must not be used':
      'Only what is public enters the reasoning, and whoever knows more takes no part.',
    'staff and suppliers would read the decision as a sign of distress':
      'Staff and suppliers hear the reason on the same day, from the organisation itself.',
  },
};
