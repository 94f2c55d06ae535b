import { jsonrepair } from 'jsonrepair';
import { z } from 'zod';
import type { TeacherReply } from '../teachers/teacher';
import { InvalidReply, type Stage } from './pipeline';

/** A reply to the stage's output. Throws `InvalidReply`, whose sentence the teacher is shown when it is asked again. */
export function readReply<In, Out>(stage: Stage<In, Out>, input: In, reply: TeacherReply): Out {
  if (!stage.schema) {
    if (reply.finish === 'length' && !stage.takesCut)
      throw new InvalidReply('The reply was cut off at its length limit. Be briefer.');
    return stage.parse(reply.text, input, reply);
  }
  const value = readJson(reply);
  const parsed = stage.schema.zod.safeParse(value);
  if (!parsed.success)
    throw new InvalidReply(`The JSON does not have the required shape:\n${z.prettifyError(parsed.error)}`);
  return stage.parse(parsed.data, input, reply);
}

function readJson({ text, finish }: TeacherReply): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Mending a cut reply would invent its end.
    if (finish === 'length') throw new InvalidReply('The reply was cut off at its length limit. Be briefer.');
    const mended = mend(text);
    if (mended !== undefined) return mended;
    if (text.trim() === '') throw new InvalidReply('The reply was empty.');
    throw new InvalidReply(`The reply is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Fences, comments, trailing commas, single quotes, and talk around the object. */
function mend(text: string): unknown {
  const start = text.search(/[{[]/);
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'));
  if (start < 0) return undefined;
  for (const candidate of [text.slice(start, end > start ? end + 1 : undefined), text]) {
    try {
      const value: unknown = JSON.parse(jsonrepair(candidate));
      if (typeof value === 'object' && value !== null) return value;
    } catch {
      // The next candidate, or the teacher is asked again.
    }
  }
  return undefined;
}
