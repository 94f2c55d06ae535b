import { z } from 'zod';
import { generationEnvelope, validationEnvelope } from '../../src/core/records/envelopes';
import type { TeacherRequest } from '../../src/core/teachers/teacher';

/** Keys with a canary in them, to be searched for where they do not belong. */
export const keys = {
  OPENAI_API_KEY: 'sk-canary-openai-1234567890abcdef',
  DEEPSEEK_API_KEY: 'sk-canary-deepseek-1234567890abcdef',
  ANTHROPIC_API_KEY: 'sk-ant-canary-anthropic-1234567890abcdef',
};

export const documentText =
  'The pump must be primed before it is started. It holds 12 litres of oil, which is changed every 400 hours. ' +
  'Never run it dry, because the seal burns within a minute. The control panel shows the pressure in bar. ' +
  'If the pressure falls below 3 bar, the alarm sounds and the motor stops after ten seconds.';

/** Asks for pairs about a passage; each `number` is another request. */
export function generationRequest(number = 0, document = documentText): TeacherRequest {
  return {
    messages: [
      { role: 'system', content: 'You write question-and-answer pairs. Reply with JSON only.' },
      { role: 'user', content: `<document>\n${document}\n</document>\n\nWrite up to 2 pairs (request ${number}).` },
    ],
    maxTokens: 2000,
    temperature: 0.7,
    schema: { name: 'generation', json: z.toJSONSchema(generationEnvelope) },
  };
}

export function validationRequest(pair: { question: string; answer: string }, document = documentText): TeacherRequest {
  return {
    messages: [
      { role: 'system', content: 'You check one pair against its passage. Reply with JSON only.' },
      { role: 'user', content: `<document>\n${document}\n</document>\n\nThe pair:\n${JSON.stringify(pair)}` },
    ],
    maxTokens: 800,
    schema: { name: 'validation', json: z.toJSONSchema(validationEnvelope) },
  };
}
