import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { ReviewState } from '../../core/datasets/view/reviewState';
import { connect, serve, type Contract, type Port } from '../../protocol/channel';
import { rowsContract, type DatasetState } from '../../protocol/rows';
import { RowView } from './rowView';
import { Views } from './views';

const { find, forget } = rowsContract.requests;
const { found } = rowsContract.events;
const findContract = { requests: { find, forget }, events: { found } } as const satisfies Contract;

function over(port: MessagePort): Port {
  return {
    post: (message) => port.postMessage(message),
    listen: (receive) => {
      port.on('message', receive);
      return () => port.off('message', receive);
    },
  };
}

describe('The rows that a panel shows', () => {
  let folder: string;
  let file: string;
  let near: MessagePort;
  let far: MessagePort;
  /** A sort or a search goes on when this lets it. */
  let gate: Promise<unknown>;
  let views: Views;
  let state: DatasetState;
  let view: RowView;
  /** How many rows there were at each change. */
  let shown: number[];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'row-view-'));
    file = path.join(folder, 'rows.jsonl');
    await writeFile(file, '{"a":3}\n{"a":1}\n{"a":2}\n');
    gate = Promise.resolve();
    ({ port1: near, port2: far } = new MessageChannel());
    const server = serve(over(far), findContract, {
      find: async ({ view: number, ...asked }, signal) => {
        await gate;
        return views.find(number, { ...asked, path: file, original: file, review: new ReviewState() }, signal);
      },
      forget: ({ view: number }) => {
        views.forget(number);
        return {};
      },
    });
    views = new Views((progress) => server.emit('found', progress));
    await sized(3);
    let next = 0;
    shown = [];
    const rows = connect(over(near), findContract, (error) => {
      throw error;
    });
    const document = {
      rows,
      get state() {
        return state;
      },
      newView: () => next++,
      forgetView: (number: number) => void rows.call('forget', { view: number }),
    };
    view = new RowView(document, () => shown.push(view.rows));
  });

  afterEach(async () => {
    view.dispose();
    near.close();
    far.close();
    await rm(folder, { recursive: true });
  });

  async function sized(lines: number): Promise<void> {
    const { size } = await stat(file);
    const fixed = { generation: 0, complete: true, missing: false, lost: null, columns: [], moreColumns: 0 };
    state = { ...fixed, lines, indexed: size, size };
  }

  const order = () => views.lines(view.asked.view, 0, 10, state.lines);

  it('stay in their old order while a file that has grown is sorted anew', async () => {
    await view.show('', { field: 'a', descending: false });
    assert.deepEqual(order(), [1, 2, 0]);
    shown = [];
    await appendFile(file, '{"a":0}\n');
    await sized(4);
    let open: (value: unknown) => void = () => undefined;
    gate = new Promise((resolve) => (open = resolve));
    const { version } = view.message;
    const following = view.follow(false);
    await view.follow(false); // It grows on: one sort at a time.
    assert.deepEqual([order(), view.message.version, view.message.complete], [[1, 2, 0], version, true]);
    open(undefined);
    await following;
    assert.deepEqual([order(), view.message.version], [[3, 1, 2, 0], version + 1]);
    assert.deepEqual(shown, [4]);
  });

  it('are not looked for while nobody looks, and are there when somebody does again', async () => {
    let open: (value: unknown) => void = () => undefined;
    gate = new Promise((resolve) => (open = resolve));
    const searching = view.show('a:2', null);
    view.pause();
    open(undefined);
    await searching;
    assert.deepEqual([view.message.complete, view.rows], [false, 0]);
    await appendFile(file, '{"a":2}\n');
    await sized(4);
    await view.follow(false);
    assert.equal(view.rows, 0);
    await view.resume();
    assert.deepEqual([order(), view.message.complete, view.message.query], [[2, 3], true, 'a:2']);
    view.pause();
    await view.resume();
    assert.deepEqual(order(), [2, 3]);
  });

  it('are found anew in a file that was replaced, once that is known to its end', async () => {
    await view.show('a:2', null);
    await writeFile(file, '{"a":2}\n');
    await sized(1);
    state = { ...state, complete: false };
    await view.follow(true);
    state = { ...state, complete: true };
    await view.follow(false);
    assert.deepEqual(order(), [0]);
  });

  it('are others at once when something else is asked while they are sorted anew', async () => {
    await view.show('', { field: 'a', descending: false });
    await appendFile(file, '{"a":0}\n');
    await sized(4);
    const following = view.follow(false);
    await view.show('', { field: 'a', descending: true });
    await following;
    assert.deepEqual(order(), [0, 2, 1, 3]);
  });
});
