import assert from 'node:assert/strict';
import { dependence, type Dependence, standsAlone } from './standsAlone';

const good = [
  'Which passage leads to the engine room?',
  'Where does the passage to the engine room begin?',
  'How is bold marked in the text editor?',
  'What is the maximum working pressure of the X-200 boiler?',
  'Who is the author of Hamlet?',
  'How long does it take to drain the sump of the P-40 pump?',
  'Why is it important to bleed the brakes after a pad change?',
  'Is it safe to enter the tank while the agitator runs?',
  'What does it mean if the amber lamp on the controller flashes twice?',
  'When is it necessary to replace the filter cartridge?',
  'If a valve leaks, why must it be replaced at once?',
  'What should an operator do before they leave the control room?',
  'Why does the pump stop when its casing overheats?',
  'What happens to those who miss the safety briefing?',
  'How did Marie Curie discover radium, and what did she name it after?',
  'What must be done on the following day?',
  'Which alarm sounds when the level rises above 80 %?',
  'What lies below the bilge deck?',
  'What does Section 230 of the Communications Decency Act protect?',
  'What is Chapter 11 bankruptcy?',
  'Which documents must a visitor show at the gate?',
  'What is stored in the table of contents of an EPUB?',
  'How many pages does the maintenance log hold?',
  'What did the International Energy Agency report in 2019?',
  'Who wrote the handbook of the Meridian ferry?',
  'Define entropy.',
  'How often should the vaccine be given?',
  'What is the context window of a language model?',
  'How is a paragraph marked in HTML?',
  'Why do glaciers calve?',
  'How are the crew protected from noise in the engine room?',
  'What is meant by "this side up" on a crate?',
  'According to the WHO, how much sugar should an adult eat a day?',
  'What does step 3 of the start-up procedure of the Kestrel press require?',
  'What color is the emergency stop of the Kestrel press?',
  'How is the tide described in the poem "Sea Fever"?',
  'What are the following distances that trucks must keep on the A7?',
];

const bad: readonly (readonly [string, Dependence])[] = [
  ['According to the passage, what is the maximum pressure?', 'names_the_source'],
  ['What does the text say about pressure?', 'names_the_source'],
  ['What does the author recommend for cleaning?', 'names_the_source'],
  ['What is the main topic of this section?', 'names_the_source'],
  ['Which values are listed in the table above?', 'names_the_source'],
  ['What temperature is mentioned in the document?', 'names_the_source'],
  ['Which of the following is a fuel?', 'names_the_source'],
  ['What are the three methods described above?', 'names_the_source'],
  ['Based on the text, why do pumps fail?', 'names_the_source'],
  ['In this passage, who is the captain?', 'names_the_source'],
  ['What does Table 3 show?', 'names_the_source'],
  ['What limits are given in Section 4.2?', 'names_the_source'],
  ['What is the passage about?', 'names_the_source'],
  ['Which tools are mentioned?', 'names_the_source'],
  ['What steps are listed below?', 'names_the_source'],
  ['What does the provided context say about valves?', 'names_the_source'],
  ["What is the author's main point?", 'names_the_source'],
  ['What is the purpose of the document?', 'names_the_source'],
  ['As stated above, what is the limit?', 'names_the_source'],
  ['What does the excerpt suggest about trade winds?', 'names_the_source'],
  ['What does it do?', 'no_subject'],
  ['What does it measure?', 'dangling_reference'],
  ['Why did they leave the harbour?', 'dangling_reference'],
  ['What is its maximum load?', 'dangling_reference'],
  ['How does this device work?', 'dangling_reference'],
  ['When was he born?', 'dangling_reference'],
  ['In which year did she win the prize?', 'dangling_reference'],
  ['Who built it?', 'dangling_reference'],
  ['What color is it?', 'dangling_reference'],
  ['Why is this dangerous?', 'dangling_reference'],
  ['How many bolts does it have?', 'dangling_reference'],
  ['What is it used for?', 'dangling_reference'],
  ['Why?', 'no_subject'],
  ['What is this?', 'no_subject'],
];

describe('A question that stands alone', () => {
  for (const question of good) {
    it(`“${question}”`, () => assert.equal(dependence(question), undefined));
  }
});

describe('A question that needs its passage', () => {
  for (const [question, why] of bad) {
    it(`“${question}” (${why})`, () => {
      assert.equal(dependence(question), why);
      assert.equal(standsAlone(question), false);
    });
  }

  it('is found whatever the case, the quotes and the white space', () => {
    assert.equal(standsAlone('ACCORDING  TO\nTHE PASSAGE, WHAT IS THE LIMIT?'), false);
    assert.equal(standsAlone('What is the author’s main point?'), false);
  });

  it('is found in a time that does not explode with its length', () => {
    const started = performance.now();
    standsAlone(`What ${'does the text that '.repeat(20_000)}?`);
    standsAlone('the '.repeat(50_000));
    assert.ok(performance.now() - started < 500);
  });
});
