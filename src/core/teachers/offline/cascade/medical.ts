import { conflict, fitting, type Lore, type Needs, sentence, type Unlikely } from './lore';

/** Settings in which a thing of the scenario would not be there or not be true. */
const unlikelySetting: Unlikely = [
  [/home visit|point-of-care|general practice|rural clinic|field hospital/, /imaging|scan/],
  [/home visit|general practice|outpatient|rural clinic|urgent-care/, /monitored bed|isolation/],
  [/district|teaching|ward|observation/, /transport takes two hours/],
  [/home visit/, /laboratory|blood test|nurse|examiners|screening test|specific test|culture/],
  [/night|Friday|flood|outpatient|home visit|general practice/, /second day|two consultants/],
  [/outpatient/, /within hours|fainting|weakness|black stools|confusion/],
];
const unlikelyHistory: Unlikely = [
  [/who has not seen a doctor/, /records|steroid|anticoagulant|beta blocker|new medicine|antibiotics|kidney|discharge/],
];
/** Complaints that such evidence can speak of; beside others it would be about something else. */
const unlikelyProblem: Unlikely = [
  [/faint|palpitations|black stools|fever/, /imaging report/],
  [/weakness|headache|leg/, /same blood test/],
  [/weakness|faint/, /symptoms improved after a treatment|trend of the laboratory/],
  [/weight loss|back pain|leg/, /within the same hour|vital signs/],
];
const unclear = 'complaints that fit more than one illness';
/** What may blur which picture. */
const blurs: Needs = [
  [/beta blocker/, /breath|chest|faint|fever|palpitations|black stools|vital signs|score/],
  [/steroid/, /fever|abdominal|leg|breath|back pain|screening|specific test/],
  [/anticoagulant/, /breath|chest|faint|headache|weakness|confusion|leg|black stools|back pain|abdominal/],
  [/heavy drinking/, /confusion|palpitations|faint|fever|headache|black stools|abdominal/],
  [/antibiotics/, /fever|leg|confusion|breath|abdominal|back pain|headache/],
  [/viral illness/, /fever|breath|chest|headache|palpitations|faint/],
  [/painkillers/, /pain|headache|leg|chest/],
  [/anxiety/, /chest|breath|palpitations|faint|headache/],
  [/chronic kidney/, /blood test|laboratory|screening|specific test/],
  [/similar episode/, /chest|faint|headache|abdominal|weakness|confusion|palpitations|breath|back pain/],
];
const unlikelyGap: Unlikely = [
  [/interpreter/, /account|teacher|farmer|builder|student/],
  [/nobody saw/, /account/],
  [/discharge letter/, /not seen a doctor/],
  [/kidney function/, /kidney/],
  [/laboratory result/, /home visit|point-of-care/],
  [/patient managed at home/, /nursing-home|student|three kilometres|lorry|kitchen|builder|teacher/],
];
const gapNeeds: Needs = [[/nobody saw/, /faint|weakness|confusion|headache|palpitations/]];
const unlikelyConstraint: Unlikely = [
  [/refuses anything invasive/, /blood test|laboratory|confusion|dementia|screening|specific test/],
  [/has capacity/, /confusion|dementia|home visit|nursing-home/],
  [/transport/, /weight loss|comes and goes/],
];
const constraintNeeds: Needs = [
  [/within the hour/, /weakness|chest|breath|headache/],
  [/isolation/, /fever|breath|confusion|East Africa|headache|weight loss/],
];

/** What must not be missed behind each complaint, and what is watched without any risk until it is settled. */
const dangers: Readonly<Record<string, readonly [missed: string, watch: string]>> = {
  'shortness of breath that came on within hours': [
    'a clot in the lung and a failing heart',
    'breathing, pulse and the saturation of oxygen are charted every quarter of an hour',
  ],
  'chest discomfort that comes and goes': [
    'a threatening heart attack and a tear of the aorta',
    'the heart is traced during the next discomfort, and the pressure measured on both arms',
  ],
  'a first fainting episode': [
    'a dangerous rhythm of the heart and an inner bleed',
    'the heart is traced, and pulse and pressure are taken lying and standing',
  ],
  'fever for five days without an obvious source': [
    'an infection of the blood or of a heart valve',
    'breathing, pressure and alertness are charted every hour',
  ],
  'a new severe headache': [
    'a bleed in the head and a meningitis',
    'alertness, neck and pupils are examined every hour',
  ],
  'abdominal pain that has moved since it began': [
    'an inflamed appendix and a perforation',
    'the abdomen is felt by the same hand every two hours',
  ],
  'sudden weakness of one arm': [
    'a stroke',
    'the time at which the patient was last well is written down, and strength and speech are tested every quarter of an hour',
  ],
  'confusion noticed by others since yesterday': [
    'low blood sugar, an infection and a bleed in the head',
    'the sugar is measured at once, and alertness is charted every hour',
  ],
  'a swollen and painful lower leg': [
    'a clot that may reach the lung and an infection of the deep tissue',
    'the girth of both legs and the breathing are charted',
  ],
  'unintended weight loss over three months': [
    'a tumour, an overactive thyroid and a slow infection',
    'weight and temperature are charted, and a date is set by which the search has an answer',
  ],
  'new palpitations with light-headedness': [
    'a dangerous rhythm of the heart',
    'the heart is traced while the palpitations last',
  ],
  'back pain that wakes the patient at night': [
    'an infection of the spine, a tumour and a leaking aorta',
    'strength and feeling of both legs are tested now and every few hours',
  ],
  'passing black stools twice in two days': [
    'a bleed in the stomach',
    'pulse and pressure are charted every half hour, lying and standing',
  ],
};

export const medical: Lore = {
  fit(values) {
    const { presenting_problem: complaint = '', patient = '', care_setting: setting = '', ...rest } = values;
    const { confounding_factor: confounder = '', conflicting_evidence: evidence = '' } = rest;
    const problem = fitting(complaint, evidence, { unlikely: unlikelyProblem }, unclear);
    const { missing_information: missing = '', decision_constraint: constraint = '' } = rest;
    const seen = [problem, evidence].join(' ');
    const fitted = {
      ...values,
      presenting_problem: problem,
      confounding_factor: fitting(confounder, seen, { needs: blurs }),
      decision_constraint: fitting(constraint, [seen, patient, setting].join(' '), {
        unlikely: unlikelyConstraint,
        needs: constraintNeeds,
      }),
    };
    const gap = fitting(missing, [seen, patient, setting, fitted.confounding_factor].join(' '), {
      unlikely: unlikelyGap,
      needs: gapNeeds,
    });
    const told = [seen, gap, fitted.decision_constraint, fitted.confounding_factor].join(' ');
    return {
      ...fitted,
      missing_information: gap,
      patient: fitting(patient, told, { unlikely: unlikelyHistory }, patient.replace(/ who has not .*/, '')),
      care_setting: fitting(setting, told, { unlikely: unlikelySetting }),
    };
  },
  tell(values, evidence) {
    const { patient = '', care_setting: setting = '', presenting_problem: problem = '', ...rest } = values;
    const { confounding_factor: confounder = '', missing_information: missing = '' } = rest;
    const where = setting && `${/^a home visit|ward/.test(setting) ? 'on' : 'in'} ${setting}, `;
    return [
      sentence(`${where}${patient} is seen ${/^passing/.test(problem) ? 'after' : 'with'} ${problem}`),
      confounder && `The picture is blurred by ${confounder}.`,
      evidence,
      missing && `Besides, ${missing}.`,
      sentence(rest['decision_constraint'] ?? ''),
      'What is the next step, on which reading of the findings is it taken, and what would change it?',
    ];
  },
  step: ({ presenting_problem: problem = '' }) => {
    const [missed, watch] = dangers[problem] ?? [];
    return missed === undefined ? '' : `Meanwhile ${missed} must not be missed: ${watch ?? ''}.`;
  },
  otherwise: () => '',
  setAside: ({ confounding_factor: confounder = '' }) =>
    confounder &&
    `Allowance has to be made first for ${confounder}: what that explains by itself speaks neither for nor against a cause.`,
  conflicts: {
    "two readings of the same blood test an hour apart differ by more than the method's error": conflict(
      'The value is really changing, and an acute process is under way.',
      'One of the two readings is wrong, through a mixed-up or damaged sample.',
      'Both readings are right and belong to something else than the complaint, such as fluids, food or exertion in that hour.',
      'Neither reading can be relied on alone; a real change within an hour is possible, and so is a faulty sample.',
      'a',
      'an acute process that is missed does more harm than one more hour of observation',
      'a third sample from the other arm, drawn by another person',
    ),
    'the patient looks well while the vital signs are those of a sick person': conflict(
      'The vital signs are right, and the body still makes up for a serious illness.',
      'The appearance is right, and the signs were measured wrongly or come from fear, pain or a medicine.',
      'Both are right, because these signs are usual for this patient and have nothing to do with the complaint.',
      'Looking well is a weak sign early in a serious illness; a measurement is strong once it has been repeated.',
      'a',
      'compensation ends suddenly, and appearance is the less reliable of the two',
      'a complete second set of vital signs, counted and measured by hand',
    ),
    "the imaging report and the treating clinician's own reading of the images disagree": conflict(
      'The report is right, and the clinician sees in the images what the bedside suggests.',
      'The clinician is right, and the report was written without knowing what to look for.',
      'Both miss the cause because it does not show on this kind of image.',
      'The report comes from the trained eye, the other reading from knowledge of the patient; neither was made blind.',
      'b',
      'a disagreement that is put aside in favour of a normal report hides the finding that matters',
      'a second radiologist who is told the clinical question',
    ),
    "the patient's account and a relative's account differ on when it began": conflict(
      'It began when the patient says, and the relative noticed it late.',
      'It began earlier, as the relative says, and the patient did not perceive or remember it.',
      'It began twice: an earlier episode passed, and the present one is new.',
      'The patient knows what was felt, the relative what could be seen; illness itself may cloud the patient’s memory.',
      'b',
      'treatments that depend on time are safe only by the earliest credible beginning',
      'a call or message with a time on it, or anybody else who was there',
    ),
    'a validated risk score says low risk and the experienced nurse says otherwise': conflict(
      'The score is right, and the worry comes from how the patient behaves.',
      'The nurse is right, and the score leaves out what she perceives.',
      'Neither is about the right question: the risk lies in a condition for which the score was not made.',
      'The score was validated on many patients, perhaps not on ones like this; the impression cannot be checked but is seldom empty.',
      'b',
      'watching one patient longer costs little, and a score of low risk is not one of none',
      'a second score by somebody else after two hours, with the nurse’s reason put into words',
    ),
    'a sensitive screening test is negative although the picture is typical': conflict(
      'The picture misleads, and the negative test is true.',
      'The illness is there, and the test was done too early or on a poor sample.',
      'A related illness makes the same picture, which this test cannot see.',
      'A negative sensitive test lowers a high suspicion; it does not extinguish it, least of all in the first hours.',
      'b',
      'with so typical a picture even a good test leaves a risk that is too high to send the patient away',
      'the same test once more after the interval in which it turns positive',
    ),
    'a specific test is positive although the picture fits poorly': conflict(
      'The illness is there in an unusual form.',
      'The test is falsely positive, through a mix-up or a substance that interferes.',
      'The test is right about an old or second illness that does not cause the complaint.',
      'A specific test is rarely wrong in general; where the illness is improbable, much of what it finds is false all the same.',
      'a',
      'a positive specific test has to be disproved before it is ignored',
      'a confirming test by another method on a new sample',
    ),
    'symptoms improved after a treatment that should not have helped the leading diagnosis': conflict(
      'The leading diagnosis is wrong, and the treatment met the true cause.',
      'The leading diagnosis is right, and the improvement came by itself.',
      'The patient has both illnesses, and the treatment helped the lesser one.',
      'A response after a treatment is weak evidence: many complaints ebb within the same hours untreated.',
      'b',
      'a passing improvement must not end the search for a cause that can return',
      'watching what happens when the effect of the treatment has worn off',
    ),
    'the trend of the laboratory values points the other way than the symptoms': conflict(
      'The symptoms tell the truth, and the values lag behind.',
      'The values tell the truth, and the symptoms are masked or exaggerated.',
      'The values follow a second process, such as treatment or dehydration.',
      'Most laboratory values follow events by hours; symptoms change at once, but are changed by medicines too.',
      'a',
      'values lag, and a patient who gets worse is not better because a number is',
      'the next values beside a fresh examination at the same hour',
    ),
    'the earlier records list a diagnosis that the present findings do not support': conflict(
      'The recorded diagnosis is right, and its signs are absent today.',
      'The recorded diagnosis was never proved, and was copied from note to note.',
      'It was right once and has healed, so that it explains nothing now.',
      'A diagnosis on record is only as good as the test behind it, which the record does not name.',
      'b',
      'today’s findings can be checked and the old entry cannot',
      'the original report on which the diagnosis rested',
    ),
    'two consultants have given opposite advice by telephone': conflict(
      'The advice to act now is right for this patient.',
      'The advice to wait is right for this patient.',
      'Each answered another question, because each was told a different part of the story.',
      'Neither has seen the patient, so that each advice is as good as the account it was given on.',
      'a',
      'the harm that the first fears comes sooner than the harm that the second fears, and acting can begin with its harmless parts',
      'one call with both, after one written summary',
    ),
    'the examination changed between two examiners within the same hour': conflict(
      'The patient changed, and the later findings show where it is going.',
      'The examiners differ, and the patient is as before.',
      'The sign comes and goes, as it does in some illnesses.',
      'Two people examine differently; an illness can also move within an hour.',
      'a',
      'a real change within an hour is the more dangerous of the two, and cheap to look for again',
      'both examiners together at the bedside',
    ),
  },
  constraints: {
    'the confirming scan carries a real risk for this patient':
      'The scan is kept for the case that bedside checks leave the question open, and the patient is told why.',
    'only one monitored bed is left':
      'The monitored bed is used for the first hours and reviewed at a set time, since it may be needed by another.',
    'transport takes two hours and the weather is worsening':
      'The transfer is prepared now, because a decision in two hours may come too late to travel.',
    'the treatment with the best evidence must start within the hour to be of use':
      'The hour is used: whatever forbids the treatment is looked for at once, and it starts if nothing does.',
    'the patient wants to go home and has capacity':
      'Capacity for this decision is confirmed and written down, the risk is put in plain words, and a return within hours is arranged.',
    'treating the wrong one of two likely conditions would do harm':
      'Only measures that help or at least do not harm in both conditions are begun before they are told apart.',
    'the specialist can be reached by telephone but not in person':
      'The specialist is given the findings in writing and by telephone, with the one question that matters.',
    'the medicine of first choice is out of stock':
      'The second choice is taken with its limits noted, and the first is ordered.',
    'the family presses for everything to be done at once':
      'The family hears which step comes first and why, and the order is not changed by pressure.',
    'a local guideline and the newest international one differ':
      'The step is one that both guidelines allow; where they part, the reason for the choice is recorded.',
    'isolation would be needed if the less likely diagnosis is true':
      'The patient is isolated until the less likely diagnosis is excluded, because others would pay for the mistake.',
    'the patient accepts tablets but refuses anything invasive':
      'The refusal is respected: what can be found out and treated without a needle comes first, and the offer stays open.',
  },
};
