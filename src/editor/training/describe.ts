import { l10n } from 'vscode';
import { spendOf } from '../../core/training/spend';
import { count, dollars, duration } from '../text';
import type { TrainingJob } from './trainingJob';

/** A job in a line: `step 340/1,500 · eval 0.812 (best 0.809 at 300) · 1 of 3 without improvement · 12 min`. */
export function describeTraining({ folder, record, progress }: TrainingJob): string {
  switch (record.state) {
    case 'prepared':
      return l10n.t('prepared, not started');
    case 'launching':
    case 'running':
      return [
        progress.maxSteps === 0 ? l10n.t('the model is being loaded') : describeSteps(progress),
        describeSpend({ folder, record, progress }) ?? [],
      ]
        .flat()
        .join(' · ');
    case 'cancelling':
      return l10n.t('stopping, keeping the best');
    case 'collecting':
      return l10n.t('collecting the results');
    case 'completed':
      return progress.best ? l10n.t('done, best loss {0}', progress.best.loss.toFixed(3)) : l10n.t('done');
    case 'cancelled':
      return l10n.t('stopped');
    case 'failed':
      return l10n.t('failed: {0}', record.reason ?? '');
  }
}

function describeSteps(progress: TrainingJob['progress']): string {
  const parts = [l10n.t('step {0}/{1}', count(progress.step), count(progress.maxSteps))];
  const latest = progress.evaluations.at(-1);
  if (latest) {
    parts.push(
      l10n.t(
        'eval {0} (best {1} at {2})',
        latest.loss?.toFixed(3) ?? '–',
        progress.best?.loss.toFixed(3) ?? '–',
        progress.best?.step ?? 0,
      ),
      describePatience(progress),
    );
  }
  if (progress.secondsLeft !== undefined) parts.push(l10n.t('{0} left', duration(progress.secondsLeft * 1000)));
  return parts.join(' · ');
}

/** What the machine has cost so far; nothing where it costs nothing. */
export function describeSpend({ record, progress }: TrainingJob): string | undefined {
  const usd = spendOf(record.spec, progress.seconds);
  return usd === undefined ? undefined : l10n.t('{0} spent', dollars(usd));
}

export function describePatience(progress: TrainingJob['progress']): string {
  return l10n.t('{0} of {1} evaluations without improvement', progress.withoutImprovement, progress.patience ?? 0);
}

/** How a job ended, a sentence. */
export function describeTrainingEnd({ record, progress }: TrainingJob): string {
  if (record.state === 'failed') return l10n.t('{0} failed. {1}', record.name, record.reason ?? '');
  const best = progress.best;
  const loss = best ? l10n.t('Best loss {0} at step {1}.', best.loss.toFixed(3), best.step) : '';
  const sentence =
    record.state === 'cancelled' ? l10n.t('{0} was stopped.', record.name) : l10n.t('{0} is trained.', record.name);
  return [sentence, loss, record.reason ?? ''].filter((part) => part !== '').join(' ');
}
