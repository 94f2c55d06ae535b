import path from 'node:path';
import { l10n, window } from 'vscode';
import { parseAmount } from '../distill/budget';
import { agreesToSpend } from '../spending';
import { dollars } from '../text';
import type { Run } from './run';

/**
 * The arguments that continue a run: those of its manifest. A run whose budget is used up asks for a new one first.
 * Undefined when the person leaves.
 */
export async function continueArguments(run: Run, extra: readonly string[]): Promise<string[] | undefined> {
  const { resume, report } = run.manifest;
  if (!continuesHere(run)) {
    void window.showErrorMessage(
      l10n.t(
        '{0} was made in another place: its resume command works on another folder. To go on there, copy the command into a terminal.',
        run.manifest.run,
      ),
    );
    return undefined;
  }
  const args = [...resume, ...extra, '--yes', '--json'];
  if (run.state !== 'budget_exhausted') return (await agreesToSpend(report.cap_usd)) ? args : undefined;
  const spent = report.spend_usd;
  const caps = stageCaps(resume).join(', ');
  const stay = caps === '' ? '' : ` ${l10n.t('Caps of stages stay ({0}): the command line changes them.', caps)}`;
  const text = await window.showInputBox({
    title: l10n.t('Resume {0}', run.manifest.run),
    prompt: l10n.t('The most that the whole run may cost, in USD. {0} of it are spent.', dollars(spent)) + stay,
    value: String(Math.max(0.01, Number(((report.cap_usd ?? spent) * 2).toFixed(2)))),
    ignoreFocusOut: true,
    validateInput: (typed) => {
      const amount = parseAmount(typed);
      if (amount === undefined) return l10n.t('Give an amount in US dollars above 0, such as 5 or 2.50.');
      return amount > spent ? undefined : l10n.t('{0} are spent already: give more than that.', dollars(spent));
    },
  });
  const cap = text === undefined ? undefined : parseAmount(text);
  return cap !== undefined && (await agreesToSpend(cap)) ? withBudget(args, cap) : undefined;
}

/** A `run.json` comes with the folder, and the folder may come from anywhere: its command must be about this folder. */
function continuesHere({ folder, manifest: { resume } }: Run): boolean {
  const out = resume[resume.indexOf('--out') + 1];
  return resume.includes('--out') && out !== undefined && path.relative(out, folder) === '';
}

/** The same command under another cap for the whole run. Caps of single stages are walls of their own, and stay. */
function withBudget(args: readonly string[], cap: number): string[] {
  const isWhole = (word: string | undefined) => word !== undefined && !word.includes('=');
  const kept = args.filter(
    (word, at) => !(word === '--budget' && isWhole(args[at + 1])) && !(args[at - 1] === '--budget' && isWhole(word)),
  );
  return [...kept, '--budget', String(cap)];
}

/** `STAGE=USD` of every stage with a cap of its own. */
function stageCaps(args: readonly string[]): string[] {
  return args.filter((word, at) => args[at - 1] === '--budget' && word.includes('='));
}

/** For copying into a shell of any system: words with anything but plain characters are quoted. */
export function resumeCommandLine(resume: readonly string[]): string {
  const quoted = (word: string) => (/^[\w./=:@,+\\-]+$/u.test(word) ? word : `"${word.replaceAll('"', '\\"')}"`);
  return ['distillery', ...resume.map(quoted)].join(' ');
}
