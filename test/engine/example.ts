import { z } from 'zod';
import { InvalidReply, type Pipeline, type Stage, StageClosed, type Unit } from '../../src/core/engine/pipeline';

/** One stage invents a riddle on a topic, another solves it; a riddle that cannot be solved is rejected. */
type Topic = Unit & { readonly topic: string };
const riddleEnvelope = z.strictObject({ riddle: z.string(), solution: z.string() });
type Riddle = z.infer<typeof riddleEnvelope>;

const invent: Stage<Topic, Riddle> = {
  name: 'invent',
  role: 'generator',
  promptVersion: 1,
  parserVersion: 1,
  temperature: 0.7,
  maxTokens: () => 300,
  prompt: ({ topic }) => ({ messages: [{ role: 'user', content: `Invent a riddle about ${topic}, as JSON.` }] }),
  schema: { name: 'riddle', zod: riddleEnvelope },
  parse(value) {
    const riddle = riddleEnvelope.parse(value);
    if (riddle.riddle.includes(riddle.solution)) throw new InvalidReply('The riddle must not name its solution.');
    return riddle;
  },
};

const solve: Stage<Riddle, string> = {
  name: 'solve',
  role: 'validator',
  promptVersion: 1,
  parserVersion: 1,
  maxTokens: () => 20,
  prompt: ({ riddle }) => ({ messages: [{ role: 'user', content: `Solve in one word: ${riddle}` }] }),
  parse: (value) => z.string().parse(value).trim(),
};

const riddleRow = z.object({ topic: z.string(), riddle: z.string(), solution: z.string(), cost: z.number() });

export function riddles(topics: readonly string[]): Pipeline<Topic> {
  const none = { requested: 1, ok: 0, approved: 0, rejected: 0, failed: 0, unvalidated: 0 };
  return {
    kind: 'riddles',
    stages: [invent, solve],
    unitCount: topics.length,
    units: () => topics.map((topic, index) => ({ index, id: topic, topic })),
    async work(unit, context) {
      const invented = await context.ask(invent, unit);
      try {
        const solved = await context.ask(solve, invented.value);
        if (solved.value.toLowerCase() !== invented.value.solution.toLowerCase()) {
          return { rows: {}, counts: { ...none, rejected: 1 } };
        }
        const row = { topic: unit.topic, ...invented.value, cost: invented.costUsd + solved.costUsd };
        return { rows: { 'riddles.jsonl': [row] }, counts: { ...none, ok: 1, approved: 1 } };
      } catch (error) {
        if (!(error instanceof StageClosed)) throw error;
        return { rows: {}, counts: { ...none, unvalidated: 1 }, open: true };
      }
    },
    outputs: [{ name: 'riddles.jsonl', schema: riddleRow }],
  };
}
