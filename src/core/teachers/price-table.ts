import type { PriceData, Rates } from './price';

/** When this table was last gone through. */
export const TABLE_DATE = '2026-11-21';

const MINUTES = 60;
const WEEKDAYS = [1, 2, 3, 4, 5];
/**
 * 01:00–04:00 and 06:00–10:00 UTC, Monday to Friday, at twice the price. Chinese public holidays are off-peak; they are
 * counted as peak here, so that a cap holds without a calendar.
 */
const DEEPSEEK_PEAK = [
  { days: WEEKDAYS, from: 1 * MINUTES, to: 4 * MINUTES, factor: 2 },
  { days: WEEKDAYS, from: 6 * MINUTES, to: 10 * MINUTES, factor: 2 },
];

const OPENAI_PAGE = 'OpenAI pricing, read by api-evangelist';
const GPT5_PAGE = 'OpenAI pricing, as in PromptFuel releases';
const CLAUDE_PAGE = 'platform.claude.com pricing, as in claudit v1.9.2';
const DEEPSEEK_PAGE = 'api-docs.deepseek.com pricing';

/** USD per million tokens by `provider/model`. What `@pydantic/genai-prices` lacks, or has older. */
export const PRICE_TABLE: Readonly<Record<string, PriceData>> = {
  'openai/gpt-6-astra': openai([10, 1, 10, 50], OPENAI_PAGE, '2026-11-06'),
  'openai/gpt-6-sol': openai([2, 0.2, 2.5, 10], OPENAI_PAGE, '2026-11-06'),
  'openai/gpt-6.1-sol': openai([2, 0.1, 2, 10], OPENAI_PAGE, '2026-11-06'),
  'openai/gpt-6.1-terra': openai([1, 0.05, 1.25, 5], 'OpenAI pricing, as in apidog', '2026-10-26'),
  'openai/gpt-6-luna': openai([0.1, 0.01, 0.125, 0.5], 'OpenAI pricing, as in apidog', '2026-10-26'),
  'openai/gpt-5.6-sol': openai([4, 0.4, 4, 20], GPT5_PAGE, '2026-11-06'),
  'openai/gpt-5.6-terra': openai([2, 0.2, 2, 12], GPT5_PAGE, '2026-11-06'),
  'openai/gpt-5.6-luna': openai([0.2, 0.02, 0.2, 1.2], GPT5_PAGE, '2026-11-06'),
  'openai/gpt-5.5': openai([5, 0.5, 5, 30], GPT5_PAGE, '2026-11-06'),
  'openai/gpt-5.4': openai([2.5, 0.25, 2.5, 15], GPT5_PAGE, '2026-11-06'),
  'openai/gpt-5.4-mini': openai([0.75, 0.075, 0.75, 4.5], GPT5_PAGE, '2026-11-06'),
  'anthropic/claude-opus-5-5': anthropic([4, 0.2, 5, 20]),
  'anthropic/claude-sonnet-5-5': anthropic([2, 0.1, 2.5, 10]),
  'anthropic/claude-haiku-5-5': {
    ...anthropic([0.1, 0.01, 0.125, 0.5]),
    tiers: [{ above: 100_000, rates: rates(0.5, 0.05, 0.625, 2.5) }],
  },
  'anthropic/claude-fable-5-1': anthropic([10, 0.25, 12.5, 50]),
  'anthropic/claude-opus-5': anthropic([5, 0.5, 6.25, 25]),
  'anthropic/claude-sonnet-5': anthropic([2, 2, 2.5, 10]),
  'anthropic/claude-haiku-4-5': anthropic([1, 0.1, 1.25, 5]),
  'deepseek/deepseek-flash': deepseek([0.15, 0.003, 0.15, 0.6]),
  'deepseek/deepseek-v4-flash': deepseek([0.15, 0.003, 0.15, 0.6]),
  'deepseek/deepseek-v4-pro': deepseek([0.66, 0.022, 0.66, 1.98]),
};

type Row = readonly [input: number, cached: number, cacheWrite: number, output: number];

function rates(...[input, cached, cacheWrite, output]: Row): Rates {
  return { input, cached, cacheWrite, output };
}

/** Above 272K input tokens the whole request costs twice as much for input and cache, and half as much again for output. */
function openai(row: Row, source: string, date: string): PriceData {
  const [input, cached, cacheWrite, output] = row;
  return {
    rates: rates(...row),
    tiers: [{ above: 272_000, rates: rates(2 * input, 2 * cached, 2 * cacheWrite, 1.5 * output) }],
    batchFactor: 0.5,
    source,
    date,
  };
}

function anthropic(row: Row): PriceData {
  return { rates: rates(...row), batchFactor: 0.5, source: CLAUDE_PAGE, date: '2026-10-25' };
}

function deepseek(row: Row): PriceData {
  return { rates: rates(...row), windows: DEEPSEEK_PEAK, source: DEEPSEEK_PAGE, date: '2026-11-15' };
}
