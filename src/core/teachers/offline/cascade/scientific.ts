import {
  conflict,
  figure,
  fitting,
  goesWith,
  type Lore,
  type Needs,
  sentence,
  type Unlikely,
  type Values,
} from './lore';

const unlikelyField: Unlikely = [
  [
    /astronomy|physics|seismology|materials|catalysis|biochemistry|perception|atmospheric|climate/,
    /decline in a population/,
  ],
  [/ecology|astronomy|seismology|perception|genetics|climate|crop|fatigue/, /reaction yield/],
  [/ecology|astronomy|seismology|perception|climate|genetics|atmospheric|biochemistry|crop/, /material that fails/],
  [/astronomy|seismology|perception|materials|physics|climate|atmospheric|catalysis/, /in one strain|growth rate/],
  [/ecology|perception|genetics|crop|fatigue/, /measured constant/],
  [/biochemistry|catalysis|fatigue/, /in one strain/],
  [/seismology|astronomy|climate/, /blinded|randomised|dose series|matched pairs/],
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
  [/rare event|drift|yield|repeats with|saturates|material that fails/, /opposite sign/],
  [/four standard errors|material|yield|rare event|saturates|drift/, /significance test/],
  [/rare event|drift|repeats with|saturates/, /outlier carries/],
  [/drift|rare event|decline|correlation|yield|material that fails/, /the blank/],
  [/drift|treatment|yield/, /where the threshold|theory forbids/],
  [/vanishes when the sample/, /side effect|mechanism|the blank|two methods/],
  [/rare event|yield|treatment|material/, /corrected data/],
  [/repeats with/, /significance test|meta-analysis/],
  [/residuals/, /the blank|theory forbids|mechanism|meta-analysis|opposite sign|side effect/],
  [/four standard errors/, /mechanism|where the threshold|side effect/],
  [/drift/, /Bayesian|meta-analysis|mechanism|side effect/],
  [/saturates|vanishes when/, /where the threshold/],
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
  [/simulation/, /opposite sign|outlier|the blank|two methods|corrected data|mechanism/],
  [/small groups|few repeats|pilot/, /test is passed while|sample is enlarged/],
  [/replication/, /replication found|three independent|jumped|rare event|analysis was chosen after/],
  [/archived samples/, /rare event|operator changed|subjects or sites|season for/],
];

const confounderNeeds: Needs = [
  [/neighbouring units/, /ecology|crop|perception|survey|treatment|growth|decline|correlation/],
  [/control shares/, /treatment|randomised|blinded|dose|pairs|response/],
  [/selection favoured/, /decline|correlation|survey|observational|treatment|growth|vanishes|natural experiment/],
  [/missing values/, /decline|correlation|survey|observational|treatment|growth|vanishes|pairs/],
  [/reagent or part/, /biochemistry|catalysis|genetics|atmospheric|crop|yield|response|growth|treatment|constant/],
  [/stored for different/, /samples|biochemistry|genetics|catalysis|crop|response|growth|yield|constant|climate/],
  [/operator/, /yield|material|response|growth|constant|treatment|teams|perception|blinded|small groups/],
];
const constraintNeeds: Needs = [
  [/destroy the only sample/, /material that fails|materials fatigue|archives/],
  [/season/, /ecology|crop|atmospheric|decline|survey|observational/],
  [/regulator/, /material|treatment|decline|crop|atmospheric|fatigue|seismology|yield/],
  [/ethics/, /perception|treatment|randomised|survey|ecology/],
  [
    /material is left/,
    /yield|response|growth|constant|material that|treatment|biochemistry|catalysis|physics|archives/,
  ],
];
const unlikelyConstraint: Unlikely = [
  [
    /destroy the only sample/,
    /archived samples|pairs|small groups|few repeats|survey|observational|two teams|simulation/,
  ],
  [/instrument time/, /survey|simulation|archived/],
  [/more repeats/, /rare event|archived|simulation|natural experiment|observational/],
];
const unlikelyGap: Unlikely = [
  [/raw data of the earlier/, /pilot|dose series|small groups/],
  [/from before the change/, /constant|yield|correlation|residuals|vanishes/],
  [/detector/, /crop|ecology|genetics|treatment|decline|correlation|fatigue/],
  [/contaminant/, /decline|correlation|perception|seismology|climate|drift|simulation|rare event/],
  [/groups were handled alike/, /survey|observational|simulation|rare event|drift|constant|natural experiment/],
  [/provenance|variance between/, /simulation|rare event|drift/],
  [/number of analyses/, /yield|rare event|preregistered/],
];

const unforeseen = 'an effect that its model did not foresee';

/** What is said and done until the readings are told apart. */
const meanwhile: Readonly<Record<string, string>> = {
  [unforeseen]: 'Until then the effect is reported as seen, and not as explained.',
  'a growth rate that departs from the accepted model at one end of the range':
    'Until then the model is kept, and that end of its range is marked as open.',
  'a signal that repeats with an unexpected period':
    'Until then the period is printed beside all periods of the instrument and its surroundings.',
  'an effect that vanishes when the sample is enlarged':
    'Until then the larger sample counts, and the smaller one is shown beside it.',
  'a decline in a population that its known causes do not explain':
    'Until then the population is protected as though the decline were real, and its cause is called unknown.',
  'a reaction yield that jumped between two batches':
    'Until then the batches are reported apart, and neither is called the typical one.',
  'a correlation that reverses when groups are looked at apart':
    'Until then the groups are shown apart, and the pooled figure is not used.',
  'a measured constant that differs from the reference by four standard errors':
    'Until then both values are given, each with what it stands on.',
  'a material that fails far below its rated load':
    'Until then the load is limited to what held in every test, whichever reading is right.',
  'a response that saturates earlier than theory allows':
    'Until then nothing is concluded from the range above the saturation.',
  'a rare event seen three times in one month':
    'Until then the three events are described one by one, and no rate is derived from them.',
  'a drift that all instruments of one kind show':
    'Until then readings of this kind are used only beside those of another kind.',
  'a treatment that works in one strain or variety but not in its sister':
    'Until then the treatment is claimed for neither, and both are shown.',
  'a pattern in the residuals after the best model has been fitted':
    'Until then the model is used as it is, with its residuals printed beside it.',
};

function basis(values: Values): string {
  const all = figure(values, 'measurements', 24, 160);
  return `It rests on ${all} measurements, of which ${figure(values, 'repeated', 5, Math.floor(all / 3))} were repeated.`;
}

/** Whether a later part of the story goes with the phenomenon, the field or the design. */
const goes = (at: number, one: string, part: string): boolean =>
  goesWith(one, part, [unlikelyPhenomenon, unlikelyField, unlikelyDesign][at] ?? []);

export const scientific: Lore = {
  fit(values) {
    const { phenomenon = '', field = '', study_design: design = '', conflicting_evidence: evidence = '' } = values;
    const seen = fitting(phenomenon, evidence, { unlikely: unlikelyPhenomenon }, unforeseen);
    const core = `${seen} ${evidence}`;
    const how = fitting(design, core, { unlikely: unlikelyDesign });
    const where = fitting(field, `${core} ${how}`, { unlikely: unlikelyField });
    const rest = [core, where, how].join(' ');
    const told = (part: string, rules: Parameters<typeof fitting>[2]): string =>
      // Written for the phenomenon, the field and the design: each of them may rule it out.
      [seen, where, how].every((one, at) => one === '' || goes(at, one, part)) ? fitting(part, rest, rules) : '';
    return {
      ...values,
      phenomenon: seen,
      field: where,
      study_design: how,
      confounding_factor: told(values['confounding_factor'] ?? '', { needs: confounderNeeds }),
      missing_information: told(values['missing_information'] ?? '', { unlikely: unlikelyGap }),
      decision_constraint: told(values['decision_constraint'] ?? '', {
        unlikely: unlikelyConstraint,
        needs: constraintNeeds,
      }),
    };
  },
  tell(values, evidence) {
    const { phenomenon = '', field = '', study_design: design = '', confounding_factor: confounder = '' } = values;
    const { missing_information: missing = '', decision_constraint: constraint = '' } = values;
    return [
      `A group${field && ` in ${field}`} reports ${phenomenon}.`,
      design && `The work is ${design}.`,
      /rare event|simulation/.test(`${phenomenon} ${design}`) ? '' : basis(values),
      confounder && `It turns out that ${confounder}.`,
      evidence,
      missing && `Besides, ${missing}.`,
      sentence(constraint),
      'Is the effect real, which step should come next, and what would refute the answer?',
    ];
  },
  step: ({ phenomenon = '' }) => meanwhile[phenomenon] ?? '',
  otherwise: () => '',
  setAside: ({ confounding_factor: confounder = '' }) =>
    confounder &&
    `That ${confounder} would by itself produce a difference, so that only what is left without it is evidence of an effect.`,
  conflicts: {
    'two methods that should agree differ beyond their stated errors': conflict(
      'The method that shows the smaller effect is right, and the other has a systematic error.',
      'The method that shows the larger effect is right, and the other misses a part of it.',
      'Both are right about different quantities that were taken for one.',
      'Stated errors are mostly statistical; a disagreement beyond them points to a systematic part that nobody stated.',
      'a',
      'the smaller effect is what both methods show, and only that much can be claimed',
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
      'a replication by others found the opposite sign',
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
      'theory forbids what this group and two others report independently of each other',
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
      'one outlier carries half of the effect and has no evident fault',
    ),
    'the mechanism is confirmed in isolation but not in the whole system': conflict(
      'The mechanism acts in the whole system too, hidden by something that makes up for it.',
      'The mechanism does not matter in the whole system.',
      'Another mechanism does the same in the whole system, so that this one is neither needed nor excluded.',
      'What happens in isolation shows what is possible, not what is the case.',
      'b',
      'the whole system is what the claim is about',
      'the mechanism blocked in the whole system',
      'the mechanism that the group proposes is confirmed in isolation but not in the whole system',
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
      'the explanation that the group offers would have a side effect, and that side effect is absent',
    ),
    'older literature and a recent meta-analysis disagree': conflict(
      'The older studies are right, and the meta-analysis mixes unlike things.',
      'The meta-analysis is right, and single studies were published for their results.',
      'Both are right for their time, because conditions have changed.',
      'A meta-analysis inherits the faults of what it includes; single studies carry the choice of what gets published.',
      'b',
      'the many weigh more than the few as long as they were gathered by a stated rule',
      'the meta-analysis with small and unregistered studies left out',
      'on effects of this kind, the older literature and a recent meta-analysis disagree',
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
