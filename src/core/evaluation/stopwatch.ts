import { z } from 'zod';
import type { Server } from '../teachers/server';
import type { Teacher, TeacherReply, TeacherRequest } from '../teachers/teacher';
import { tryModel } from '../training/tryModel';

const measured = z.object({
  first_token_ms: z.number().nullable(),
  total_ms: z.number(),
  output_tokens: z.number().int(),
});
export type Measured = z.infer<typeof measured>;

export function readMeasured(text: string): Measured {
  return measured.parse(JSON.parse(text));
}

/**
 * Another teacher as it is timed: it is asked the same, streamed, and the reply is how long that took. So a measurement
 * is paid for, journaled and never repeated, as any other answer.
 */
export class Stopwatch implements Teacher {
  readonly provider: string;
  readonly model: string;
  readonly deployment: string;

  constructor(
    private readonly teacher: Teacher,
    /** Known when it is asked: a model of a job is not served before. */
    private readonly server: () => Promise<Server> | Server,
  ) {
    this.provider = teacher.provider;
    this.model = teacher.model;
    this.deployment = teacher.deployment;
  }

  async complete(request: TeacherRequest, signal: AbortSignal): Promise<TeacherReply> {
    const { tokens, firstTokenMs, totalMs } = await tryModel(await this.server(), request, signal, () => undefined);
    // LLaMA-Factory counts nothing while it streams: greedy, the whole answer is the same, and comes with its count.
    const counted = tokens ?? (await this.teacher.complete(request, signal)).usage;
    const text: Measured = {
      first_token_ms: firstTokenMs === null ? null : rounded(firstTokenMs),
      total_ms: rounded(totalMs),
      output_tokens: counted.output,
    };
    const asked = tokens === null ? 2 : 1;
    return {
      text: JSON.stringify(text),
      finish: 'stop',
      usage: { input: counted.input * asked, output: counted.output * asked, cached: 0, cacheWrite: 0, reasoning: 0 },
      usageReported: true,
    };
  }

  inputTokenBound(request: TeacherRequest, tight: boolean): number {
    return this.teacher.inputTokenBound(request, tight);
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
