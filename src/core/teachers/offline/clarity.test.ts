import assert from 'node:assert/strict';
import { validatePair } from './validate';

interface Pair {
  readonly evidence: string;
  readonly question: string;
  readonly answer: string;
}

function judge({ evidence, question, answer }: Pair, section: readonly string[] = []) {
  return validatePair({ kind: 'distill.validate', passage: evidence, section, question, answer, evidence: [evidence] });
}

/** Every word of these is in the evidence; each was written by an earlier offline teacher and read by a person who shook their head. */
const bad: readonly Pair[] = [
  {
    evidence: 'The Times of London was printed on 29 November 1814 on a cylinder press designed by Friedrich Koenig.',
    question: 'Where was The Times of London printed on 29 November 1814?',
    answer: 'on a cylinder press designed by Friedrich Koenig',
  },
  {
    evidence: 'The rollers must be set so that they just touch the surface of the type.',
    question: 'In “Letterpress Printing”, why must the rollers be set?',
    answer: 'so that they just touch the surface of the type',
  },
  {
    evidence: 'The annual general meeting takes place on the second Thursday in March.',
    question: 'When does the annual general meeting take place on the second Thursday?',
    answer: 'in March',
  },
  {
    evidence: 'Tourism has grown since the town appeared in the film The Salt Road in 2011.',
    question: 'In “Castel Moreno”, why has tourism grown?',
    answer: 'since the town appeared in the film The Salt Road in 2011',
  },
  {
    evidence: 'Spray the wall the evening before and again about half an hour before you begin.',
    question: 'What should you do before and again about half an hour before you begin?',
    answer: 'Spray the wall the evening',
  },
  {
    evidence: 'An experienced mason usually manages five or six.',
    question: 'What does an experienced mason usually manage?',
    answer: 'five or six',
  },
  {
    evidence: 'The feast of Santa Lucia, the patron saint, is celebrated on 13 December.',
    question: 'Who is Santa Lucia?',
    answer: 'the patron saint',
  },
  {
    evidence: 'A water mill is a simple machine that took a thousand years to perfect.',
    question: 'What is a water mill?',
    answer: 'a simple machine that took a thousand years to perfect',
  },
  {
    evidence: 'The mole is an animal that almost everybody has an opinion about and almost nobody has seen.',
    question: 'In “In Praise of the Mole”, what is a mole?',
    answer: 'an animal that almost everybody has an opinion about and almost nobody has seen',
  },
  {
    evidence: 'Josephine Adair was born in Cork in 1853 and made her first ascent at the age of nineteen.',
    question: 'Where was josephine Adair born in 1853?',
    answer: 'in Cork',
  },
  {
    evidence: 'Dupont paid Adair her two pounds for each flight.',
    question: 'How many pounds did Dupont pay for each flight?',
    answer: 'her two pounds',
  },
  {
    evidence: 'The town of Kessock has stood in three places.',
    question: 'Where has the town of Kessock stood?',
    answer: 'in three places',
  },
  {
    evidence: "In 1895 she married Edmund Carrick, a Scottish clerk of the Hudson's Bay Company.",
    question: 'When did Edmund Carrick marry Edmund Carrick?',
    answer: 'In 1895',
  },
  {
    evidence: 'Lachapelle found that it was in fact a chain of eleven lakes joined by short rapids.',
    question: 'What did Marguerite Lachapelle find?',
    answer: 'that it was in fact a chain of eleven lakes joined by short rapids',
  },
  {
    evidence: 'The hall holds 120 people standing or 80 people seated at tables.',
    question: 'How many people does the hall hold?',
    answer: '120 people standing or 80 people',
  },
  {
    evidence: 'Look at the foundation before you go on.',
    question: 'What should you do before you go on?',
    answer: 'Look at the foundation',
  },
  {
    evidence: 'Soap is what you get when a fat reacts with a strong alkali.',
    question: 'When is soap what you get?',
    answer: 'when a fat reacts with a strong alkali',
  },
  {
    evidence: 'The crossing takes ten minutes and costs less than a coffee.',
    question: 'In “Lisbon on Foot”, how long does the crossing take and costs less than a coffee?',
    answer: 'ten minutes',
  },
  {
    evidence: 'The body cannot make the vitamin, but it stores enough for about two months.',
    question: 'For how long does the body store enough?',
    answer: 'about two months',
  },
  {
    evidence: 'Northerly gales behind it drove water into the narrowing southern part of the North Sea.',
    question: 'What drove water into the narrowing southern part of the North Sea?',
    answer: 'Northerly gales behind it',
  },
  {
    evidence: 'The manufacturer guarantees the machine for two years and the membrane for one year.',
    question: 'For how long does the manufacturer guarantee the machine for two years and the membrane?',
    answer: 'one year',
  },
  {
    evidence: 'The canal connects the town with the coalfields of the Tarn valley and rises through fourteen locks.',
    question: 'What does the canal connect?',
    answer: 'the town with the coalfields of the Tarn valley and rises through fourteen locks',
  },
  {
    evidence: 'Laval University did not admit women. From 1887 to 1895 she worked as a draughtswoman in Ottawa.',
    question: 'When did Laval University work as a draughtswoman in Ottawa?',
    answer: 'From 1887 to 1895',
  },
  {
    evidence: 'The district council has offered to buy them; eleven owners have accepted so far.',
    question: 'How many owners have accepted so far?',
    answer: 'eleven',
  },
  {
    evidence: 'Her best known book appeared in 1885.',
    question: 'When did Agnes Tolliver best known book appear?',
    answer: 'in 1885',
  },
  {
    evidence: 'The old bridge was closed last year because its bearings had rusted.',
    question: 'Why was the old bridge closed last year?',
    answer: 'because its bearings had rusted',
  },
];

const good: readonly Pair[] = [
  {
    evidence: 'Collagen is the protein that holds tissues together.',
    question: 'What is collagen?',
    answer: 'the protein that holds tissues together',
  },
  {
    evidence: 'A pendulum is a weight that swings from a fixed point.',
    question: 'What is a pendulum?',
    answer: 'a weight that swings from a fixed point',
  },
  {
    evidence: 'If the fire alarm sounds, leave the room and close its door behind you.',
    question: 'What should you do if the fire alarm sounds?',
    answer: 'leave the room and close its door behind you',
  },
  {
    evidence: 'The town hall stands on the east bank in three rows of limes.',
    question: 'Where does the town hall stand?',
    answer: 'on the east bank',
  },
  {
    evidence: 'Leaves are green because they contain chlorophyll.',
    question: 'Why are leaves green?',
    answer: 'because they contain chlorophyll',
  },
  {
    evidence: 'Her instruments are kept in the museum in Quebec.',
    question: "Where are Marguerite Lachapelle's instruments kept?",
    answer: 'in the museum in Quebec',
  },
  {
    evidence: 'Farmers around Saltfleet reported that about 600 hectares had been covered with sea water.',
    question: 'What did farmers around Saltfleet report?',
    answer: 'that about 600 hectares had been covered with sea water',
  },
];

describe('The offline validator judges more than whether the words are there', () => {
  for (const pair of bad) {
    it(`rejects: ${pair.question} ${pair.answer}`, () => {
      const verdict = judge(pair, ['Agnes Tolliver', 'Marguerite Lachapelle']);
      assert.equal(verdict.approved, false);
      assert.ok(verdict.errors.length > 0);
    });
  }
  for (const pair of good) {
    it(`approves: ${pair.question} ${pair.answer}`, () => {
      assert.deepEqual(judge(pair, ['Marguerite Lachapelle']).errors, []);
    });
  }
});
