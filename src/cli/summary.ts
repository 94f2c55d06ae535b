import type { Estimate } from '../core/engine/estimate';
import type { RunReport } from '../core/records/run';
import { dollars, grouped } from './progress';

/** The end of a run for a person: what came out, what was lost and why, what it cost, what to do next. */
export function summarizeRun(report: RunReport, resumeCommand: string): string {
  const { counts } = report;
  const lines = [
    `${report.run}: ${endings[report.status]}${report.reason ? ` (${report.reason})` : ''}`,
    `  rows      ${grouped(counts.requested)} = ${grouped(counts.ok)} ok + ${grouped(counts.rejected)} rejected + ${grouped(counts.failed)} failed + ${grouped(counts.unvalidated)} unvalidated`,
    `  spent     ${spending(report)}`,
  ];
  for (const stage of report.stages) {
    const cap = stage.cap_usd === null ? '' : ` of ${dollars(stage.cap_usd)}`;
    lines.push(
      `  ${stage.name.padEnd(12)}${grouped(stage.ok)} of ${grouped(stage.requested)} answered, ${dollars(stage.spend_usd)}${cap}`,
    );
  }
  if (report.overbilled !== undefined) {
    lines.push(
      `  ! ${grouped(report.overbilled)} ${report.overbilled === 1 ? 'answer was' : 'answers were'} billed above what was set aside: compare the price with the provider’s`,
    );
  }
  if (report.damaged !== undefined) {
    lines.push(
      `  ! ${grouped(report.damaged)} ${report.damaged === 1 ? 'line' : 'lines'} of the journal cannot be read (a power cut, or an edit) and ${report.damaged === 1 ? 'was' : 'were'} passed over: what stood there may have been asked again`,
    );
  }
  for (const { name, target, value, pass } of report.criteria) {
    lines.push(
      `  ${pass ? '✓' : '✗'} ${name}: ${value === null ? 'not measured' : formatValue(value, target)} (target ${target})`,
    );
  }
  for (const { id, teacher, requests, since } of report.batches ?? []) {
    lines.push(
      `  waiting   ${grouped(requests)} requests at ${teacher}, ${id ?? 'being sent'}, since ${since.slice(0, 16)}Z`,
    );
  }
  for (const output of report.outputs) lines.push(`  → ${output.path}  ${grouped(output.rows)} rows`);
  if (report.status !== 'completed') lines.push(`  go on: ${resumeCommand}`);
  else if (counts.failed > 0) lines.push(`  once more: ${resumeCommand} --retry-failed`);
  return lines.join('\n');
}

const endings: Record<RunReport['status'], string> = {
  running: 'still running',
  paused: 'paused',
  completed: 'done',
  budget_exhausted: 'the budget is used up; what was made is in the files',
  cancelled: 'stopped; nothing is lost',
  failed: 'failed',
};

function spending(report: RunReport): string {
  const cap = report.cap_usd === null ? '' : ` of ${dollars(report.cap_usd)}`;
  const each = report.cost_per_accepted_usd;
  return `${dollars(report.spend_usd)}${cap}${each === null || each === 0 ? '' : `, ${dollars(each)} an accepted row`}, ${grouped(report.requests)} requests`;
}

/** As the target is written: a share, or a number. */
function formatValue(value: number, target: string): string {
  if (target.includes('%')) return `${(value * 100).toFixed(1)} %`;
  return Number.isInteger(value) ? grouped(value) : value.toFixed(2);
}

/** The estimate for a person: a range a stage, and what it stands on. */
export function summarizeEstimate(estimate: Estimate): string {
  const range = (low: number, likely: number, high: number) =>
    high === 0 ? 'free' : `${dollars(low)} to ${dollars(high)}, likely ${dollars(likely)}`;
  const lines = estimate.stages.map(
    (stage) =>
      `  ${stage.name.padEnd(12)}${range(stage.low_usd, stage.likely_usd, stage.high_usd)}  (${grouped(stage.requests)} requests to ${stage.teacher}, ${grouped(stage.input_tokens)} tokens in, ${grouped(stage.output_tokens)} out)`,
  );
  return [
    `Estimate: ${range(estimate.low_usd, estimate.likely_usd, estimate.high_usd)}`,
    ...lines,
    '  Nothing was sent.',
  ].join('\n');
}

/** For copying into a shell: words with spaces are quoted. */
export function quoted(word: string): string {
  return /^[\w./=:@,+-]+$/.test(word) ? word : `"${word.replaceAll('"', '\\"')}"`;
}
