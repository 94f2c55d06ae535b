import { z } from 'zod';
import type { Contract } from './channel';

/** The panel of Try Model… and the editor: two sides are asked the same, each answer is told as it grows. */

/** Whom a side asks. `server` is the id of one of the choices; `url` counts where the choice is an address. */
const side = z.object({ server: z.string(), model: z.string(), url: z.string() });
export type Side = z.infer<typeof side>;

const choice = z.object({
  id: z.string(),
  label: z.string(),
  /** What must be said besides: nothing of a job's own models, which are served from here. */
  asks: z.enum(['nothing', 'model', 'address']),
});
export type ServerChoice = z.infer<typeof choice>;

export const tryStart = z.object({
  /** The folder of the job whose models are compared; null for any two. */
  folder: z.string().nullable(),
  title: z.string(),
  choices: z.array(choice),
  sides: z.tuple([side, side]),
});
export type TryStart = z.infer<typeof tryStart>;

const tried = z.object({
  text: z.string(),
  /** What it took, a line. */
  measured: z.string(),
});

/** Longer prompts would not fit a command line of Windows. */
export const longestPrompt = 16_000;

export const tryContract = {
  requests: {
    ready: { params: z.object({}), result: tryStart },
    /** `ask` numbers the question, so that a growing answer finds its place. */
    ask: {
      params: z.object({
        ask: z.number().int(),
        side,
        prompt: z.string().min(1).max(longestPrompt),
        system: z.string().max(longestPrompt),
        maxTokens: z.number().int().min(1).max(100_000),
      }),
      result: tried,
    },
  },
  events: {
    growing: z.object({ ask: z.number().int(), text: z.string(), note: z.string().nullable() }),
  },
} as const satisfies Contract;
export type TryContract = typeof tryContract;
