import { homedir } from 'node:os';
import path from 'node:path';
import { builtOnce } from '../../test/lab/cache';
import { command } from '../../test/lab/command';

/** What is measured beside us, pinned: figures of another version are other figures. */
export const peers = {
  'bespokelabs-curator': { program: 'curator_peer.py', packages: ['bespokelabs-curator==0.1.31'] },
  'data-designer': { program: 'designer_peer.py', packages: ['data-designer==0.9.6'] },
  distilabel: { program: 'distilabel_peer.py', packages: ['distilabel==1.5.3', 'openai', 'requests'] },
} as const;
export type Peer = keyof typeof peers;
export const peerNames = Object.keys(peers) as Peer[];

/** The Python of an environment that has this peer: made at the first use, in the user's cache, some minutes each. */
export async function pythonWith(peer: Peer): Promise<string> {
  const windows = process.platform === 'win32';
  const python = windows ? path.join('Scripts', 'python.exe') : path.join('bin', 'python');
  const [pinned] = peers[peer].packages;
  const folder = path.join(homedir(), '.cache', 'distillery-peers', pinned.replace('==', '-'));
  const built = await builtOnce(folder, async (staging) => {
    process.stderr.write(`Installing ${pinned} (once)\n`);
    const log = path.join(staging, 'install.log');
    await command(windows ? 'python' : 'python3', ['-m', 'venv', staging], { log });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...peers[peer].packages];
    await command(path.join(staging, python), pip, { log });
  });
  return path.join(built, python);
}
