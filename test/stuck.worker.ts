import { readFileSync, writeFileSync } from 'node:fs';
import { type Debugger, Session } from 'node:inspector';
import { workerData } from 'node:worker_threads';
import type { Running } from './counting-reporter';

/**
 * Watches the thread of a suite from beside it: when that thread has not come round to its event loop for two minutes,
 * where no limit of a test can end it, adds the stack to the file of counts and ends the process.
 */
const { file, beats } = workerData as { readonly file: string; readonly beats: Int32Array };
const QUIET_SECONDS = 120;

let seen = -1;
let quiet = 0;
// Looked at every second: one long sleep of the machine is one look.
setInterval(() => {
  const now = Atomics.load(beats, 0);
  quiet = now === seen ? quiet + 1 : 0;
  seen = now;
  if (quiet === QUIET_SECONDS) tell();
}, 1000);

function tell(): void {
  const session = new Session();
  session.connectToMainThread();
  const files = new Map<string, string>();
  session.on('Debugger.scriptParsed', ({ params }) => files.set(params.scriptId, params.url));
  session.on('Debugger.paused', ({ params }) => {
    const { running } = JSON.parse(readFileSync(file, 'utf8')) as Running;
    const told: Running = { running, stack: params.callFrames.map((frame) => place(frame, files)) };
    writeFileSync(file, JSON.stringify(told));
    process.kill(process.pid, 'SIGKILL');
  });
  session.post('Debugger.enable');
  session.post('Debugger.pause');
}

function place({ functionName, location }: Debugger.CallFrame, files: ReadonlyMap<string, string>): string {
  const { scriptId, lineNumber, columnNumber = 0 } = location;
  return `    at ${functionName} (${files.get(scriptId) ?? ''}:${lineNumber + 1}:${columnNumber + 1})`;
}
