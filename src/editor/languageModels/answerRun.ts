import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { CancellationTokenSource, LanguageModelChatMessage, LanguageModelError, l10n, lm } from 'vscode';
import type { LanguageModelChat, LogOutputChannel } from 'vscode';
import { modelRequest, type ModelAnswer, type ModelRequest } from '../../core/teachers/vscode/wire';
import { Setting } from '../contributions';
import { readSetting } from '../registration';
import { count } from '../text';

type Question = Extract<ModelRequest, { readonly model: string }>;
type Refusal = Extract<ModelAnswer, { readonly error: unknown }>['error'];

/**
 * Answers what a run asks of VS Code's models over its pipe, until either side closes it: no more requests than the
 * person allows a run, for they draw on the person's plan. VS Code itself asks for consent at the first.
 */
export function answerRun(pipe: Duplex, log: LogOutputChannel): void {
  const asking = new Map<number, CancellationTokenSource>();
  let asked = 0;

  async function answer(question: Question): Promise<void> {
    const most = readSetting(Setting.ModelRequests);
    asked += 1;
    if (asked > most) {
      tell({ id: question.id, error: usedUp(most) });
      return;
    }
    const cancellation = new CancellationTokenSource();
    asking.set(question.id, cancellation);
    try {
      tell({ id: question.id, text: await answerOf(question, cancellation) });
    } catch (error) {
      tell({ id: question.id, error: refusalOf(error, question.model) });
    } finally {
      asking.delete(question.id);
      cancellation.dispose();
    }
  }

  function tell(message: ModelAnswer): void {
    if (!pipe.destroyed) pipe.write(`${JSON.stringify(message)}\n`);
  }

  async function listen(): Promise<void> {
    const lines = createInterface({ input: pipe, crlfDelay: Infinity });
    pipe.once('close', () => lines.close());
    try {
      for await (const line of lines) {
        const request = modelRequest.parse(JSON.parse(line));
        if ('cancel' in request) asking.get(request.id)?.cancel();
        else void answer(request);
      }
    } catch (error) {
      log.warn(String(error));
    } finally {
      // The run has ended, or was killed: nobody waits any more.
      for (const cancellation of asking.values()) cancellation.cancel();
      pipe.destroy();
    }
  }

  pipe.on('error', (error) => log.warn(error.message));
  void listen();
}

/** Models that can be named as `vscode/VENDOR/ID`. */
export async function knownLanguageModels(): Promise<{ readonly name: string; readonly model: LanguageModelChat }[]> {
  const models = await lm.selectChatModels();
  return models
    .map((model) => ({ name: `${model.vendor}/${model.id}`, model }))
    .filter(({ name }) => !/\s/u.test(name));
}

async function answerOf({ model: name, messages }: Question, cancellation: CancellationTokenSource): Promise<string> {
  const found = (await knownLanguageModels()).find((known) => known.name === name);
  if (!found) throw LanguageModelError.NotFound();
  const chat = messages.map(({ role, content }) =>
    role === 'assistant' ? LanguageModelChatMessage.Assistant(content) : LanguageModelChatMessage.User(content),
  );
  const justification = l10n.t('The run that you started asks it to make training data, as far as your plan reaches.');
  const response = await found.model.sendRequest(chat, { justification }, cancellation.token);
  let text = '';
  for await (const part of response.text) text += part;
  return text;
}

/** In the terms that the engine acts on: what stands in the way of all requests pauses the run. */
function refusalOf(error: unknown, model: string): Refusal {
  const said = error instanceof Error ? error.message : String(error);
  const code = error instanceof LanguageModelError ? error.code : '';
  switch (code) {
    case LanguageModelError.NotFound().code:
      return { code: 'not_found', message: l10n.t('VS Code has no model {0} (any more). Choose another one.', model) };
    case LanguageModelError.NoPermissions().code:
      return {
        code: 'forbidden',
        message: l10n.t('You have not allowed Distillery to ask {0}. Resume the run to be asked again.', model),
      };
    case LanguageModelError.Blocked().code:
      return {
        code: 'no_credit',
        message: l10n.t('{0} takes no more requests; the quota of your plan may be used up. It says: {1}', model, said),
      };
    default:
      return { code: 'network', message: l10n.t('{0} did not answer: {1}', model, said) };
  }
}

function usedUp(most: number): Refusal {
  return {
    code: 'no_credit',
    message: l10n.t(
      'The {0} requests to VS Code’s models that a run may make are used up. Resume it for as many again, or raise {1}.',
      count(most),
      Setting.ModelRequests,
    ),
  };
}
