import type { Errand, Outcome } from './errand';

/** Watches requests go out and come back. Whoever runs a pipeline may hand one in; without one nothing is watched. */
export interface Tracing {
  /** One attempt begins, live or with a batch. @returns what to call with its end. */
  attempt(errand: Errand, batched: boolean): (outcome: Outcome) => void;
}
