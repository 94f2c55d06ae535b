import { z } from 'zod';
import type { Server } from '../teachers/server';
import type { Teacher, TeacherReply, TeacherRequest } from '../teachers/teacher';
import { tryModel } from '../training/tryModel';

const measured = z.object({
  first_token_ms: z.number().nullable(),
  total_ms: z.number(),
  output_tokens: z.number().int().nullable(),
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
    const answer = await tryModel(await this.server(), request, signal, () => undefined);
    const { tokens, firstTokenMs, totalMs } = answer;
    const text: Measured = {
      first_token_ms: firstTokenMs === null ? null : rounded(firstTokenMs),
      total_ms: rounded(totalMs),
      output_tokens: tokens?.output ?? null,
    };
    const { input, output } = tokens ?? { input: this.inputTokenBound(request, false), output: request.maxTokens };
    return {
      text: JSON.stringify(text),
      finish: 'stop',
      usage: { input, output, cached: 0, cacheWrite: 0, reasoning: 0 },
      usageReported: tokens !== null,
    };
  }

  inputTokenBound(request: TeacherRequest, tight: boolean): number {
    return this.teacher.inputTokenBound(request, tight);
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
