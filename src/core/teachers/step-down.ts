import { refusalOf } from './attempt';
import { type Capabilities, isSent, type LearntCapabilities, type Parameter, refusedParameter } from './capabilities';
import { refusalError } from './failures';
import type { Server } from './server';
import type { TeacherRequest } from './teacher';

/** Steps that one attempt may take; a server that refuses more is not a chat server. */
const MAX_STEPS = 8;

/**
 * Sends, stepping down where the server refuses one of our parameters: still one attempt, for a 400 bills nothing.
 * @param only the parameters without which the server can do; absent: any.
 */
export async function steppingDown<T>(
  ask: { readonly server: Server; readonly request: TeacherRequest; readonly only?: readonly Parameter[] },
  learnt: LearntCapabilities,
  send: (takes: Capabilities) => Promise<T>,
): Promise<T> {
  for (let steps = 0; ; steps++) {
    const used = learnt.current;
    try {
      return await send(used);
    } catch (error) {
      const parameter = refusedBy(error, ask.server);
      if (steps >= MAX_STEPS || parameter === undefined || ask.only?.includes(parameter) === false) throw error;
      if (!isSent(parameter, ask.request) || !learnt.stepDown(used, parameter)) throw error;
    }
  }
}

function refusedBy(error: unknown, server: Server): Parameter | undefined {
  const refusal = refusalOf(error);
  if (!refusal || refusalError(refusal, server, []).code !== 'refused_request') return undefined;
  return refusedParameter(refusal.param, refusal.message);
}
