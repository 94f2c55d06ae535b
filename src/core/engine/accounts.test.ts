import assert from 'node:assert/strict';
import path from 'node:path';
import { said, scripted, sensible, temporaryFolder } from '../../../test/engine/lab';
import { Price } from '../teachers/price';
import { Accounts } from './accounts';
import { Budget } from './budget';
import { Halt } from './halt';
import { Journal } from './journal';
import { JOURNAL } from './lines';
import { Tally } from './tally';

describe('the accounts of a run', () => {
  let place: Awaited<ReturnType<typeof temporaryFolder>>;
  let journal: Journal;
  beforeEach(async () => {
    place = await temporaryFolder();
    journal = await Journal.open(path.join(place.folder, JOURNAL));
  });
  afterEach(async () => {
    await journal.close();
    await place.remove();
  });

  it('book an answer at the dearer of the hours in which it was asked for and came', async () => {
    const price = new Price({
      rates: { input: 1, cached: 1, cacheWrite: 1, output: 2 },
      windows: [{ from: 60, to: 120, factor: 2 }],
      source: 'test',
      date: '2026-11-21',
    });
    const budget = new Budget({ stages: new Map() });
    let now = new Date();
    const accounts = new Accounts(
      journal,
      budget,
      new Tally(),
      new Halt(),
      () => price,
      0,
      () => now,
    );
    const cost = async (sent: string, came: string): Promise<number> => {
      const request = { messages: [{ role: 'user', content: 'x' }], maxTokens: 100 } as const;
      const teacher = scripted(sensible);
      const errand = { unit: 0, ask: `${sent} ${came}`, attempt: 0, stage: 'a', priority: 0, teacher, request };
      now = new Date(`2026-11-21T${sent}Z`);
      const booking = await accounts.book(errand, false);
      booking.announce();
      now = new Date(`2026-11-21T${came}Z`);
      return (await booking.keep(said('x'))).cost;
    };
    const base = 80_000 + 20_000;
    assert.equal(await cost('00:10:00', '00:20:00'), base);
    assert.equal(await cost('00:59:50', '01:00:10'), 2 * base, 'the dear hour began while it was under way');
    assert.equal(await cost('01:59:50', '02:00:10'), 2 * base, 'the dear hour ended while it was under way');
  });
});
