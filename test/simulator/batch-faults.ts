import { hashOf } from './chance';
import type { Exchange } from './exchange';
import type { Simulation } from './simulation';

const BATCHES = /^\/v1\/(?:files|batches|messages\/batches)(?:\/|$)/;

/**
 * What may go wrong between a client and a Batch API, at the rates of live requests. A `cut` answer is cut after its
 * work was done: a batch may be there that nobody was told of.
 * @returns whether the exchange is over.
 */
export async function batchTrouble(exchange: Exchange, simulation: Simulation): Promise<boolean> {
  if (!simulation.options.faults || !BATCHES.test(exchange.path)) return false;
  const dialect = exchange.path.startsWith('/v1/messages') ? 'anthropic' : 'openai';
  const hash = hashOf(`${exchange.method} ${exchange.path}`);
  const admission = simulation.admit(dialect, exchange.key, { hash, model: '' });
  switch (admission.kind) {
    case 'error':
      exchange.error(admission.error, dialect, 'req_0');
      return true;
    case 'reset':
      exchange.reset();
      return true;
    case 'hang':
      await exchange.hang();
      return true;
    case 'work': {
      exchange.cutsAnswers = simulation.cuts(hash, simulation.attempt(hash));
      return false;
    }
  }
}
