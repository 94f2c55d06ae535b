import { z } from 'zod';
import type { ReplySchema, TeacherRequest } from '../teachers/teacher';
import type { Stage } from './pipeline';

const schemas = new WeakMap<z.ZodType, Readonly<Record<string, unknown>>>();

/** What a stage asks of its teacher for this input: the first attempt, without a repair's addition. */
export function requestOf<In, Out>(stage: Stage<In, Out>, input: In): TeacherRequest {
  const { messages, task } = stage.prompt(input);
  return {
    messages,
    maxTokens: stage.maxTokens(input),
    ...(stage.temperature !== undefined && { temperature: stage.temperature }),
    ...(stage.schema && { schema: replySchema(stage.schema) }),
    ...(task && { task }),
  };
}

function replySchema(schema: { readonly name: string; readonly zod: z.ZodType }): ReplySchema {
  let json = schemas.get(schema.zod);
  if (!json) {
    json = z.toJSONSchema(schema.zod);
    schemas.set(schema.zod, json);
  }
  return { name: schema.name, json };
}
