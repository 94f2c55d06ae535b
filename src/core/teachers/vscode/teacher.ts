import { unreportedUsage } from '../chat-completion';
import { DeadlineExceeded, withDeadline } from '../deadline';
import { TeacherError } from '../errors';
import { withoutSystem } from '../messages';
import { withDescribedSchema } from '../schema';
import type { Teacher, TeacherReply, TeacherRequest } from '../teacher';
import { chatTokenBound } from '../tokens';
import { type EditorLink, windowGone } from './link';
import { VSCODE } from './wire';

/** The person's plan is meant for one at a keyboard: few at once, whatever the run may. */
const AT_ONCE = 4;

/** A model of VS Code (`vscode.lm`), asked through the window that started the run. It draws on the person's plan. */
export class VsCodeTeacher implements Teacher {
  readonly provider = VSCODE;
  readonly deployment: string;
  readonly atOnce = AT_ONCE;

  constructor(
    readonly model: string,
    private readonly link: () => EditorLink,
    private readonly timeoutMs: number,
  ) {
    this.deployment = `${VSCODE}/${model}`;
  }

  async complete(request: TeacherRequest, signal: AbortSignal): Promise<TeacherReply> {
    const { messages, schema } = request;
    // VS Code knows no system messages.
    const asked = withoutSystem(schema ? withDescribedSchema(messages, schema) : messages);
    const answer = await this.#withinTime(signal, (inner) => this.link().ask(this.model, asked, inner));
    if ('error' in answer) throw new TeacherError(answer.error.code, answer.error.message);
    const { text } = answer;
    const usage = unreportedUsage({ input: this.inputTokenBound(request), output: Buffer.byteLength(text, 'utf8') });
    return { text, finish: 'stop', usage, usageReported: false };
  }

  inputTokenBound(request: TeacherRequest): number {
    return chatTokenBound(request, false);
  }

  async #withinTime<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await withDeadline(signal, this.timeoutMs, work);
    } catch (error) {
      if (error instanceof TeacherError) throw error;
      if (error instanceof DeadlineExceeded)
        throw new TeacherError('timeout', `VS Code’s model ${this.model} did not answer in time.`);
      if (signal.aborted) throw new TeacherError('cancelled', 'The request was cancelled.');
      throw windowGone(error);
    }
  }
}
