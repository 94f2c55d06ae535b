import type { RunReport } from '../core/records/run';
import type { Io } from './io';

const lineEveryMs = 5000;
const redrawEveryMs = 200;

/**
 * Progress on stderr: one bar that redraws itself on a terminal, a line every few seconds elsewhere, nothing when quiet.
 */
export class ProgressLine {
  #shownAt = 0;
  #open = false;
  readonly #everyMs: number;

  constructor(
    private readonly io: Io,
    private readonly quiet: boolean,
  ) {
    this.#everyMs = io.stderr.isTTY ? redrawEveryMs : lineEveryMs;
  }

  show(report: RunReport): void {
    const now = Date.now();
    if (this.quiet || now - this.#shownAt < this.#everyMs) return;
    this.#shownAt = now;
    const line = describeProgress(report);
    if (!this.io.stderr.isTTY) {
      this.io.stderr.write(`${line}\n`);
      return;
    }
    const width = (this.io.stderr.columns ?? 80) - 1;
    this.io.stderr.write(`\r\u001b[2K${line.slice(0, width)}`);
    this.#open = true;
  }

  /** Leaves the terminal on a fresh line. */
  close(): void {
    if (this.#open) this.io.stderr.write('\n');
    this.#open = false;
  }
}

/** `handbook 312/1,040 · $0.21 of $1.00 · 3 min left` */
export function describeProgress(report: RunReport): string {
  const { done, total } = report.units;
  const spend =
    report.cap_usd === null ? dollars(report.spend_usd) : `${dollars(report.spend_usd)} of ${dollars(report.cap_usd)}`;
  const expected = report.estimate ? `, likely ${dollars(report.estimate.likely_usd)} in all` : '';
  const parts = [
    `${report.run} ${grouped(done)}/${grouped(total)}`,
    `${grouped(report.counts.ok)} ok`,
    `${spend}${expected}`,
  ];
  if (report.eta_ms !== null) parts.push(`${duration(report.eta_ms)} left`);
  return parts.join(' · ');
}

export function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

/** Cents where they are enough, more digits for the small sums of a small run. */
export function dollars(usd: number): string {
  if (usd === 0) return '$0';
  const digits = Math.abs(usd) >= 0.995 ? 2 : Math.abs(usd) >= 0.01 ? 3 : 5;
  return `$${usd.toFixed(digits)}`;
}

export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
