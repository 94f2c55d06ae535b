import assert from 'node:assert/strict';
import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Simulator, startSimulator } from '../simulator/server';
import { keys, Place } from './wire';

const project = path.resolve(__dirname, '..', '..');
const command = /^node dist\/cli\.js (.+)$/gmu;

/** The README's commands, in its order and in one folder: what one leaves, the next may need. */
describe('the commands of the README', () => {
  let place: Place;
  let simulator: Simulator;

  before(async () => {
    place = await Place.make();
    simulator = await startSimulator();
    place.env = { ...simulator.env, ...keys };
    await cp(path.join(project, 'examples'), place.file('examples'), { recursive: true });
    const instructions = ['What is brine?', 'What is osmosis?'].map((instruction, id) => ({
      id: `i${id}`,
      instruction,
    }));
    await place.given('instructions.jsonl', instructions);
    await place.given(
      'failures.jsonl',
      instructions.map((row) => ({ ...row, reference_answer: 'salt water', previous_output: 'no idea' })),
    );
  });
  after(async () => {
    await simulator.close();
    await place.remove();
  });

  it('end well, each', async function () {
    this.timeout(180_000);
    const readme = await readFile(path.join(project, 'README.md'), 'utf8');
    const commands = [...readme.matchAll(command)].map(([, words = '']) => words.trim().split(/\s+/u));
    assert.ok(commands.length >= 10, `${commands.length} commands are found`);
    for (const words of commands) {
      const { code, err } = await place.run(...words);
      assert.equal(code, 0, `distillery ${words.join(' ')} ended with ${code}: ${err.slice(-500)}`);
    }
  });
});
