import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Descendant {
  readonly pid: number;
  readonly command: string;
}

/** The processes below one, as far as those between fulfil a condition too; parents first. Not on Windows: asks `ps`. */
export async function descendants(
  pid: number,
  through: (command: string) => boolean = () => true,
): Promise<readonly Descendant[]> {
  const { stdout } = await promisify(execFile)('ps', ['-ww', '-eo', 'pid=,ppid=,args='], { maxBuffer: 1 << 24 });
  const all = [...stdout.matchAll(/^ *(\d+) +(\d+) (.*)$/gmu)].map(([, own, parent, command = '']) => ({
    pid: Number(own),
    parent: Number(parent),
    command,
  }));
  const below = (parent: number): Descendant[] =>
    all
      .filter((one) => one.parent === parent && through(one.command))
      .flatMap((one) => [{ pid: one.pid, command: one.command }, ...below(one.pid)]);
  return below(pid);
}
