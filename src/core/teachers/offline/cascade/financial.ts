import { conflict, goesWith, type Lore, sentence, type Unlikely } from './lore';

const unlikelyOrganisation: Unlikely = [
  [
    /non-profit|pension fund|city utility|cooperative|founders|developer/,
    /dividend|insiders sell|guidance is upbeat|rating agency|made public|published statement/,
  ],
  [
    /bank|pension fund/,
    /prepayment|new equipment|renewals|order book|revenue|receivables|half-finished expansion|payment terms/,
  ],
  [/retailer|machine|software|shipping|hospital|renewable|cooperative|developer|airline|utility/, /early arrears/],
  [/machine|shipping|hospital|renewable|cooperative|developer|airline|utility|bank|fund/, /renewals decline|churn/],
  [/fixed tariffs|regulation/, /customer surveys|large competitor|order book/],
];

/** What each decision comes to on the cautious reading. */
const steps: Readonly<Record<string, string>> = {
  'whether to renew a credit line': 'The line is renewed for ninety days only, at its present amount.',
  'whether to write down an asset': 'The asset is written down to the lower end of what can be supported.',
  'whether to hedge a currency exposure for the coming year':
    'The part of the exposure that is certain is hedged, the rest as it becomes so.',
  'whether to go on with a half-finished expansion':
    'The expansion goes on to the next point at which it can be stopped without loss.',
  'whether to accept an offer for a division':
    'The offer is kept alive by an answer that asks for terms, and not yet accepted.',
  'whether to refinance a bond before it matures':
    'The refinancing is begun early, for as much as must be repaid in any case.',
  'whether to change how revenue is recognised on a long contract':
    'Revenue is recognised by the slower method until the doubt is settled.',
  'whether to raise the provision for doubtful receivables':
    'The provision is raised now, for the oldest receivables first.',
  'whether to keep a position that has fallen below its limit':
    'The position is cut back to its limit, as the limit was set for this case.',
  'whether to cut the dividend': 'The dividend is cut to what free cash covers.',
  'whether to move a supplier to prepayment': 'The supplier is prepaid for one delivery at a time, against security.',
  'whether to report a control weakness as material': 'The weakness is reported, with what has been done about it.',
  'whether to lease or to buy new equipment': 'The equipment is leased with a right to buy.',
};

export const financial: Lore = {
  tell(values, difficulty) {
    const {
      decision = '',
      organisation = '',
      market_condition: market = '',
      confounding_factor: confounder = '',
    } = values;
    const { conflicting_evidence: evidence = '', missing_information: missing = '' } = values;
    const { decision_constraint: constraint = '' } = values;
    const rest = Object.entries(values).flatMap(([axis, value]) => (axis === 'organisation' ? [] : [value]));
    const otherwise = evidence.includes('arrears') ? 'a lender of middle size' : 'a company of middle size';
    const whom = goesWith(organisation, rest.join(' '), unlikelyOrganisation) ? organisation : otherwise;
    return [
      `The question is ${decision}; it concerns ${whom}.`,
      sentence(market),
      `In the figures, ${confounder}.`,
      sentence(evidence),
      ...(difficulty === 'easy' ? [] : [`Besides, ${missing}.`]),
      sentence(constraint),
      'Which decision do the figures support once they are made comparable, and at which sign is it revised?',
    ];
  },
  step: ({ decision = '' }) => steps[decision] ?? '',
  setAside: ({ confounding_factor: confounder = '' }) =>
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
