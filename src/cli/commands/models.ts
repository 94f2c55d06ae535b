import path from 'node:path';
import type { Command } from 'commander';
import { UnknownPrice } from '../../core/engine/pricing';
import type { Price, PriceWindow, Rates } from '../../core/teachers/price';
import { knownPrices, listedPrices, stalePriceWarning } from '../../core/teachers/prices';
import { parseTeacher } from '../../core/teachers/spec';
import { applyConfig } from '../config';
import type { CommandContext } from '../context';
import { readEnvironment } from '../environment';
import { printResult, say } from '../io';
import { grouped } from '../progress';

interface ModelsFlags {
  readonly config?: string;
  readonly json?: boolean;
}

/** `distillery models`: what is known of models and their prices; anything else needs a price of its own. */
export function configure(command: Command, { io }: CommandContext): void {
  command
    .argument('[name]', 'PROVIDER/MODEL: the price of this one, also when it is not in the list')
    .option('--config <file>', 'YAML with providers and prices of your own')
    .option('--json', 'exactly one JSON object on stdout')
    .addHelpText(
      'after',
      '\nOther models work too. Those that @pydantic/genai-prices knows have a price; for the rest set one:\n  prices:\n    together/my-model: { input: 0.2, output: 0.6 }     (in the file of --config, USD per million tokens)',
    )
    .action(async (name: string | undefined, { config, json = false }: ModelsFlags) => {
      const declared = config === undefined ? {} : await applyConfig(command, path.resolve(io.cwd, config));
      const { prices: own } = await readEnvironment(io, { config: declared });
      const prices = name === undefined ? await listedPrices(own) : await knownPrices([parseTeacher(name)], own);
      if (name !== undefined && prices.size === 0) throw new UnknownPrice(name);
      const stale = stalePriceWarning(prices);
      if (stale !== undefined) say(io, stale);
      const models = [...prices].map(([model, price]) => ({ model, ...described(price) }));
      printResult(io, json, { models }, () => [HEAD, ...[...prices].map(row)].join('\n'));
    });
}

/** The price as the manifest has it, and what makes single requests dearer. */
function described({ record, data: { rates, tiers = [], windows = [] } }: Price): object {
  return {
    ...record,
    cache_write: rates.cacheWrite,
    tiers: tiers.map(({ above, rates: { input, cached, cacheWrite, output } }) => ({
      above_input_tokens: above,
      input,
      cached_input: cached,
      cache_write: cacheWrite,
      output,
    })),
    dear_hours_utc: windows
      .filter(dear)
      .map(({ days, from, to, factor }) => ({ days: days ?? null, from: clock(from), to: clock(to), factor })),
  };
}

const COLUMNS = ['input', 'cached', 'written', 'output'] as const;
const HEAD = `${'model'.padEnd(34)}${COLUMNS.map((name) => name.padStart(9)).join('')}  USD per million tokens; written: input that goes into the cache`;

function row([model, { record, data }]: readonly [string, Price]): string {
  const { batch_factor, source, date } = record;
  const notes = [
    ...(batch_factor < 1 ? [`batch ×${batch_factor}`] : []),
    ...(data.tiers ?? []).map(({ above, rates }) => `above ${grouped(above)} tokens in: ${ratesOf(rates).join('/')}`),
    ...hours((data.windows ?? []).filter(dear)),
    `${source}, ${date}`,
  ];
  const rates = ratesOf(data.rates).map((rate) => String(rate).padStart(9));
  return `${model.padEnd(34)}${rates.join('')}  ${notes.join(' · ')}`;
}

function ratesOf({ input, cached, cacheWrite, output }: Rates): number[] {
  return [input, cached, cacheWrite, output].map((rate) => Number(rate.toFixed(6)));
}

/** Hours at a lower price are not counted on: `Price.billed`. */
function dear({ factor }: PriceWindow): boolean {
  return factor > 1;
}

/** `×2 01–04, 06–10 UTC Mon Tue Wed Thu Fri` */
function hours(windows: readonly PriceWindow[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { days, from, to, factor } of windows) {
    const when = days ? ` ${days.map((day) => WEEKDAYS[day]).join(' ')}` : '';
    const key = `×${factor} {} UTC${when}`;
    groups.set(key, [...(groups.get(key) ?? []), `${clock(from)}–${clock(to)}`]);
  }
  return [...groups].map(([key, spans]) => key.replace('{}', spans.join(', ')));
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `01:00` of minutes since midnight. */
function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
