import assert from 'node:assert/strict';
import path from 'node:path';
import type { BatchMode } from '../../src/core/engine/batches';
import type { RunOptions } from '../../src/core/engine/options';
import type { Stage } from '../../src/core/engine/pipeline';
import { runPipeline } from '../../src/core/engine/run';
import type { RunReport } from '../../src/core/records/run';
import type { BatchTeacher } from '../../src/core/teachers/batch';
import { createBatchTeacher, createTeacher } from '../../src/core/teachers/create';
import { parseTeacher } from '../../src/core/teachers/spec';
import type { Teacher } from '../../src/core/teachers/teacher';
import type { SimulatorOptions } from '../simulator/options';
import { keys } from '../simulator/requests';
import { type Simulator, startSimulator } from '../simulator/server';
import { inventStage, judgeStage, optionsFor, temporaryFolder, words } from './lab';

export interface WireTeachers {
  readonly teacher: Teacher;
  /** Absent where the provider has no Batch API. */
  readonly batched: BatchTeacher | undefined;
}

export const everyStage = ['invent', 'judge'];

/** The lab's words, asked of real teachers at a simulator: a folder for the run, and both removed after each test. */
export class WirePlace {
  #simulator: Simulator | undefined;

  private constructor(private readonly place: Awaited<ReturnType<typeof temporaryFolder>>) {}

  static async open(): Promise<WirePlace> {
    return new WirePlace(await temporaryFolder());
  }

  get simulator(): Simulator {
    assert.ok(this.#simulator, 'start() comes first');
    return this.#simulator;
  }

  file(...names: readonly string[]): string {
    return path.join(this.place.folder, ...names);
  }

  /** Another simulator, which knows nothing of what the last one was asked. */
  async start(name: string, options: SimulatorOptions = {}, timeoutMs?: number): Promise<WireTeachers> {
    await this.#simulator?.close();
    this.#simulator = await startSimulator({ tokens: 'fast', batchMs: 4, ...options });
    const context = { keys: { env: keys }, env: this.#simulator.env, ...(timeoutMs !== undefined && { timeoutMs }) };
    const spec = parseTeacher(name);
    return { teacher: await createTeacher(spec, context), batched: await createBatchTeacher(spec, context) };
  }

  /** One session of the run. */
  async run(
    { teacher, batched }: WireTeachers,
    rows: number,
    batch: Omit<BatchMode, 'teachers'>,
    more: Partial<RunOptions> = {},
  ): Promise<RunReport> {
    const likeness = (word: string): string => word.slice(0, 9).toLowerCase();
    const pipeline = words(rows, roomy(inventStage), likeness, roomy(judgeStage));
    const batches = batched && { batch: { teachers: [batched], ...batch } };
    return await runPipeline(pipeline, optionsFor(this.file('run'), teacher, { prices: {}, ...batches, ...more }));
  }

  async close(): Promise<void> {
    await this.#simulator?.close();
    await this.place.remove();
  }
}

/** Models that think need room for it. */
function roomy<In, Out>(stage: Stage<In, Out>): Stage<In, Out> {
  return { ...stage, maxTokens: () => 1500 };
}
