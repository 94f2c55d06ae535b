import { z } from 'zod';

/** The provider of models that live in the editor (`vscode.lm`): `vscode/VENDOR/ID`. */
export const VSCODE = 'vscode';

/** What a run asks the editor over its pipe, one JSON a line; `cancel` takes back the request of that id. */
export const modelRequest = z.union([
  z.object({
    id: z.number(),
    /** `VENDOR/ID` */
    model: z.string(),
    messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
  }),
  z.object({ id: z.number(), cancel: z.literal(true) }),
]);
export type ModelRequest = z.infer<typeof modelRequest>;

/** What the editor answers, one JSON a line. */
export const modelAnswer = z.union([
  z.object({ id: z.number(), text: z.string() }),
  z.object({
    id: z.number(),
    error: z.object({
      code: z.enum(['not_found', 'forbidden', 'no_credit', 'network', 'cancelled']),
      message: z.string(),
    }),
  }),
]);
export type ModelAnswer = z.infer<typeof modelAnswer>;
