import { conflict, goesWith, type Lore, sentence, type Unlikely } from './lore';

const unlikelyField: Unlikely = [
  [
    /astronomy|physics|seismology|materials|catalysis|biochemistry|perception|atmospheric|climate/,
    /decline in a population/,
  ],
  [/ecology|astronomy|seismology|perception|genetics|climate|crop|fatigue/, /reaction yield/],
  [/ecology|astronomy|seismology|perception|climate|genetics|atmospheric|biochemistry|crop/, /material that fails/],
  [/astronomy|seismology|perception|materials|physics|climate|atmospheric|catalysis/, /in one strain|growth rate/],
  [/ecology|perception|genetics|crop|fatigue/, /measured constant/],
  [/biochemistry|catalysis|perception|genetics|crop|fatigue/, /rare event/],
  [
    /astronomy|seismology|climate|atmospheric/,
    /control shares|treatment|the operator|reagent|neighbouring units|mechanism is confirmed|blank/,
  ],
  [/astronomy|physics|seismology|climate|fatigue|catalysis/, /subjects or sites|season for/],
];
const unlikelyPhenomenon: Unlikely = [
  [/rare event|drift|decline|correlation|repeats with/, /mechanism is confirmed|side effect of the explanation/],
  [/rare event|reaction yield|material that fails/, /negligible|meta-analysis|Bayesian/],
  [/decline|correlation|rare event|drift/, /destroy the only sample|material is left/],
  [/drift|constant/, /not missing at random|neighbouring units/],
];
const unlikelyDesign: Unlikely = [
  [
    /survey|natural experiment|observational/,
    /yield|material that fails|measured constant|saturates|blank|reagent|isolation|one strain/,
  ],
  [
    /randomised|dose series|matched pairs|blinded/,
    /decline in a population|rare event|drift|measured constant|repeats with|growth rate|material that fails/,
  ],
  [
    /simulation/,
    /samples|blank|operator|reagent|outlier|firmware|raw data|calibration|control shares|rare event|subjects|season|material is left|temperature|drift|yield|missing values/,
  ],
  [/small groups|few repeats|pilot/, /test is passed while|sample is enlarged/],
  [/replication/, /replication found|three independent|jumped|rare event|analysis was chosen after/],
  [/archived samples/, /rare event|operator changed|subjects or sites|season for/],
];

export const scientific: Lore = {
  tell(values, difficulty) {
    const { phenomenon = '', field = '', study_design: design = '', confounding_factor: confounder = '' } = values;
    const { conflicting_evidence: evidence = '', missing_information: missing = '' } = values;
    const { decision_constraint: constraint = '' } = values;
    const others = [confounder, evidence, missing, constraint].join(' ');
    const seen = goesWith(phenomenon, others, unlikelyPhenomenon)
      ? phenomenon
      : 'an effect that its model did not foresee';
    const rest = `${seen} ${others}`;
    const where = goesWith(field, rest, unlikelyField) ? ` in ${field}` : '';
    return [
      `A group${where} reports ${seen}.`,
      ...(goesWith(design, rest, unlikelyDesign) ? [`The work is ${design}.`] : []),
      `It turns out that ${confounder}.`,
      sentence(evidence),
      ...(difficulty === 'easy' ? [] : [`Besides, ${missing}.`]),
      sentence(constraint),
      'Is the effect real, which step should come next, and what would refute the answer?',
    ];
  },
  step: () => '',
  setAside: ({ confounding_factor: confounder = '' }) =>
    `That ${confounder} would by itself produce a difference, so that only what is left without it is evidence of an effect.`,
  conflicts: {
    'two methods that should agree differ beyond their stated errors': conflict(
      'The method that shows the smaller effect is right, and the other has a systematic error.',
      'The method that shows the larger effect is right, and the other misses a part of it.',
      'Both are right about different quantities that were taken for one.',
      'Stated errors are mostly statistical; a disagreement beyond them points to a systematic part that nobody stated.',
      'a',
      'the smaller claim does less harm if it turns out to be wrong',
      'a sample of known value measured by both',
    ),
    'a significance test is passed while the effect size is negligible': conflict(
      'There is an effect, too small to matter.',
      'There is no effect, and a small bias became significant in a large sample.',
      'There is a real effect in a part of the cases that the mean dilutes.',
      'Passing the test excludes chance only; it says nothing of bias, and nothing of importance.',
      'b',
      'a negligible effect is of the size that ordinary bias produces',
      'the effect in each subgroup that was named beforehand',
    ),
    'a replication found the opposite sign': conflict(
      'The first result holds, and the replication differed in a condition that matters.',
      'The replication is right, and the first result was chance or choice.',
      'Both are chance around no effect at all.',
      'A replication planned in advance had less freedom than the first study, which could choose what to report.',
      'b',
      'the study with less freedom of analysis deserves more weight',
      'both data sets analysed with one protocol, with the conditions compared line by line',
    ),
    'the raw data show the effect and the corrected data do not': conflict(
      'The effect is real, and the correction removes it along with the fault.',
      'The effect is made by the fault that the correction takes out.',
      'The correction is wrong in another way, and neither version can be used.',
      'A correction is as good as the independent evidence for it; raw data are not innocent either.',
      'b',
      'the effect vanishes with the very fault that is known to be there',
      'the correction applied to data in which an effect was planted',
    ),
    'theory forbids what three independent groups report': conflict(
      'The groups are right, and the theory does not apply under these conditions.',
      'The theory is right, and the groups share an error.',
      'The groups measured something real that is not what the theory speaks of.',
      'Three groups are independent only as far as they do not share material, code or a standard.',
      'b',
      'a shared step is more common than the failure of a theory that works elsewhere',
      'the list of what the three groups have in common',
    ),
    'the blank shows a weak signal of the same kind': conflict(
      'There is a true signal on top of the background.',
      'All of it is background or contamination.',
      'The blank was contaminated by the samples, so that it proves nothing against them.',
      'A signal counts only as far as it exceeds the blank by more than the blanks differ among themselves.',
      'b',
      'until the blank is clean the smallest claim is that there is background',
      'ten fresh blanks run before and between the samples',
    ),
    'one outlier carries half of the effect and has no evident fault': conflict(
      'The outlier is a true value, and the effect stands.',
      'The outlier is an unnoticed fault, and half of the effect goes with it.',
      'Values of this kind belong to the population, and the mean is the wrong summary.',
      'A value must not be left out because it is unwelcome, nor must a claim rest on one value.',
      'b',
      'a conclusion that needs a single case is not yet a conclusion',
      'the result with and without it, and a repeat of that one measurement',
    ),
    'the mechanism is confirmed in isolation but not in the whole system': conflict(
      'The mechanism acts in the whole system too, hidden by something that makes up for it.',
      'The mechanism does not matter in the whole system.',
      'Another mechanism does the same in the whole system, so that this one is neither needed nor excluded.',
      'What happens in isolation shows what is possible, not what is the case.',
      'b',
      'the whole system is what the claim is about',
      'the mechanism blocked in the whole system',
    ),
    'the Bayesian and the frequentist analysis of the same data disagree': conflict(
      'The data favour an effect, as the test says.',
      'The data favour no effect, as the comparison with a prior says.',
      'The data decide nothing, and each analysis shows its own assumptions.',
      'They answer different questions; where they part, the prior or the stopping rule does the work.',
      'b',
      'data that convince under one set of assumptions only do not yet convince',
      'the result over a range of priors that both sides accept',
    ),
    'the expected side effect of the explanation is absent': conflict(
      'The explanation holds, and the side effect is below what can be seen.',
      'The explanation fails, because what it entails is not there.',
      'The explanation holds in part, by a way that has no such side effect.',
      'An absence counts as far as the side effect would have been seen; that depends on the sensitivity.',
      'b',
      'a prediction that fails counts against its explanation until the sensitivity is shown to be too low',
      'the smallest side effect that the method can detect',
    ),
    'older literature and a recent meta-analysis disagree': conflict(
      'The older studies are right, and the meta-analysis mixes unlike things.',
      'The meta-analysis is right, and single studies were published for their results.',
      'Both are right for their time, because conditions have changed.',
      'A meta-analysis inherits the faults of what it includes; single studies carry the choice of what gets published.',
      'b',
      'the many weigh more than the few as long as they were gathered by a stated rule',
      'the meta-analysis with small and unregistered studies left out',
    ),
    'the effect depends on where the threshold is set': conflict(
      'There is an effect, and some thresholds hide it.',
      'There is none, and the threshold was chosen to show one.',
      'There is a gradual relation that no threshold describes.',
      'A result that lives at one threshold and dies at its neighbours was found rather than tested.',
      'b',
      'a true effect does not live or die by the choice of a threshold',
      'the whole curve over all thresholds',
    ),
  },
  constraints: {
    'material is left for one more experiment only':
      'The one experiment is the one for which the readings predict different outcomes, and its analysis is fixed beforehand.',
    'instrument time ends in four days':
      'The four days go to the separating test first, and to more repeats only if time is left.',
    'a regulator will act on the answer this month':
      'The regulator is told the range of answers and what each would mean, not a single number.',
    'a decisive test would destroy the only sample':
      'Everything that leaves the sample whole is done first, and the test waits for a second opinion.',
    'the budget allows more repeats or a better method, not both':
      'The better method is chosen, since repeats make a bias only more precise.',
    'a competing group will publish within weeks':
      'The competitor sets no deadline: what is sure is published as such, and the rest is not.',
    'the paper is at its final round of review':
      'The doubt is put into the paper and its claim narrowed, even at this stage.',
    'an ethics permit covers no further subjects or sites':
      'What can be learnt from the data at hand is learnt first, and a new permit is asked for with this question alone.',
    'the season for measurements ends soon':
      'The paired measurement is made this season, however few repeats there are, and the rest is planned for the next.',
    "a colleague's earlier claim would have to be withdrawn":
      'The colleague is shown the data before anybody else, and the finding is stated without regard to whose claim it is.',
    'funding of the next phase depends on a yes or no':
      'The answer is given as a probability with its reasons, and a yes is not stretched for the funding.',
    'the next step cannot be reversed once begun': 'A trial that can be stopped goes before the step that cannot.',
  },
};
