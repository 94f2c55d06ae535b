import path from 'node:path';
import type { Counts, Criterion, RunManifest, RunReport, RunStatus } from '../records/run';
import { manifestFile } from '../records/runFiles';
import { teacherName } from '../teachers/teacher';
import type { Estimate } from './estimate';
import { writeAtomic } from './files';
import { forecast } from './forecast';
import type { History } from './history';
import { gitState, PROGRAM } from './manifest';
import { toUsd } from './money';
import type { Outputs } from './outputs';
import type { FinishContext, Pipeline, Unit } from './pipeline';
import type { PriceOf } from './pricing';
import type { RunOptions } from './options';

/** What of the manifest is known before the run begins. */
export type Identified = Pick<
  RunManifest,
  'kind' | 'config' | 'inputs' | 'teachers' | 'seed' | 'versions' | 'config_hash' | 'id' | 'started'
>;

const MANIFEST_EVERY_MS = 1000;
const PROGRESS_EVERY_MS = 200;

/** Says how the run goes: the report to whoever started it, the manifest to everybody else. */
export class Reporter {
  readonly #folder: string;
  readonly #began = performance.now();
  #git: RunManifest['git'] = null;
  #gitLookup: Promise<void> | undefined;
  #timers: NodeJS.Timeout[] = [];
  #writing: Promise<void> | undefined;

  constructor(
    private readonly pipeline: Pipeline<never> | Pipeline<Unit>,
    private readonly options: RunOptions,
    private readonly history: History,
    private readonly priceOf: PriceOf,
    private readonly identified: Identified,
    /** Units finished in this session, batches that are not through, and what was planned, once that is known. */
    private readonly session: {
      finished(): number;
      batches(): NonNullable<RunReport['batches']>;
      plan(): Estimate | undefined;
    },
    /** The manifest cannot be written. */
    private readonly onTrouble: (error: unknown) => void,
  ) {
    this.#folder = options.folder;
  }

  async start(): Promise<void> {
    // Not waited for: a large repository takes its time.
    this.#gitLookup = gitState(this.#folder).then((git) => {
      this.#git = git;
    });
    await this.#save(this.#manifest(this.report('running', null), null, []));
    this.#timers = [
      setInterval(() => this.#refresh(), MANIFEST_EVERY_MS),
      setInterval(() => this.options.onProgress?.(this.report('running', null)), PROGRESS_EVERY_MS),
    ];
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    await this.#writing;
  }

  finishContext(outputs: Outputs, complete: boolean): FinishContext {
    const { tally } = this.history;
    return {
      folder: this.#folder,
      counts: { ...tally.counts },
      spentUsd: toUsd(tally.spent),
      capUsd: this.options.budget.run,
      complete,
      rows: (name) => outputs.rows(name),
      write: (name, lines) => outputs.write(name, lines),
    };
  }

  async conclude(
    status: RunStatus,
    reason: string | null,
    outputs: Outputs,
    finished:
      { readonly criteria: readonly Criterion[]; readonly results?: Readonly<Record<string, unknown>> } | undefined,
  ): Promise<RunReport> {
    const criteria = [...(finished?.criteria ?? [])];
    if (finished && !outputs.records.has(RESULTS)) {
      await outputs.write(RESULTS, [JSON.stringify({ status, criteria, ...finished.results }, undefined, 2)]);
    }
    const records = [...outputs.records.values()].filter(({ path: name }) => name !== RESULTS);
    const report = {
      ...this.report(status, reason),
      outputs: records.map(({ path: name, rows }) => ({ path: name, rows })),
      criteria,
    };
    // Who stops a run does not wait for a large repository; its last session says what it was made at.
    if (status !== 'cancelled') await this.#gitLookup;
    await this.#save(this.#manifest(report, new Date().toISOString(), records));
    this.options.onProgress?.(report);
    return report;
  }

  /** The outputs are not written: the journal has everything, the run can be resumed. */
  async giveUp(status: RunStatus, reason: string): Promise<RunReport> {
    const report = this.report(status, reason);
    try {
      await this.#save(this.#manifest(report, new Date().toISOString(), []));
    } catch (error) {
      return { ...report, reason: `${reason} (and ${manifestFile} neither: ${String(error)})` };
    }
    return report;
  }

  report(status: RunStatus, reason: string | null): RunReport {
    const { tally, done, damaged } = this.history;
    const { run, stages, shares } = this.options.budget;
    const accepted = tally.counts.ok;
    const spent = toUsd(tally.spent);
    const batches = this.session.batches();
    const plan = status === 'running' ? this.session.plan() : undefined;
    const units = { done: done.size - done.openUnits, total: this.pipeline.unitCount };
    return {
      run: path.basename(this.#folder),
      kind: this.pipeline.kind,
      folder: this.#folder,
      status,
      reason,
      counts: { ...tally.counts } satisfies Counts,
      spend_usd: spent,
      cap_usd: run ?? null,
      tokens: { ...tally.tokens },
      requests: tally.requests,
      cost_per_accepted_usd: accepted > 0 ? spent / accepted : null,
      units,
      eta_ms: status === 'running' ? this.#eta() : null,
      stages: this.pipeline.stages.map(({ name }) => {
        const { ok, failed } = tally.asks.get(name) ?? { ok: 0, failed: 0 };
        return {
          name,
          requested: ok + failed,
          ok,
          failed,
          spend_usd: toUsd(tally.spentByStage.get(name) ?? 0),
          cap_usd: stages?.[name] ?? shares?.[name] ?? null,
        };
      }),
      outputs: [],
      criteria: [],
      ...(plan && { estimate: forecast(plan, tally, units) }),
      ...(damaged > 0 && { damaged }),
      ...(tally.overbilled > 0 && { overbilled: tally.overbilled }),
      ...(batches.length > 0 && { batches }),
    };
  }

  #eta(): number | null {
    const { done } = this.history;
    const finished = this.session.finished();
    if (finished === 0) return null;
    const left = this.pipeline.unitCount - (done.size - done.openUnits);
    return Math.round((left * (performance.now() - this.#began)) / finished);
  }

  #refresh(): void {
    this.#writing ??= this.#save(this.#manifest(this.report('running', null), null, []))
      .catch(this.onTrouble)
      .finally(() => (this.#writing = undefined));
  }

  #manifest(report: RunReport, ended: string | null, outputs: RunManifest['outputs']): RunManifest {
    const { tally } = this.history;
    const { budget, teachers } = this.options;
    const several = Object.values(teachers).flat();
    return {
      version: 1,
      run: report.run,
      program: PROGRAM,
      ...this.identified,
      ended,
      status: report.status,
      reason: report.reason,
      prices: Object.fromEntries(several.map((teacher) => [teacherName(teacher), this.priceOf(teacher).record])),
      budget: { run: budget.run ?? null, stages: { ...budget.shares, ...budget.stages } },
      resume: [...this.options.resume],
      counts: report.counts,
      cost: {
        total_usd: report.spend_usd,
        by_stage: inUsd(tally.spentByStage),
        by_model: inUsd(tally.spentByModel),
      },
      report,
      outputs,
      git: this.#git,
    };
  }

  async #save(manifest: RunManifest): Promise<void> {
    await writeAtomic(path.join(this.#folder, manifestFile), JSON.stringify(manifest, undefined, 2));
  }
}

const RESULTS = 'results.json';

function inUsd(amounts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...amounts].map(([name, amount]) => [name, toUsd(amount)]));
}
