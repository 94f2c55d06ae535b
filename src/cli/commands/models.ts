import type { Command } from 'commander';
import { staleTableWarning, tabulatedModels } from '../../core/teachers/prices';
import { printResult, say } from '../io';
import type { CommandContext } from '../context';

/** `distillery models`: what is known of models and their prices; anything else needs a price of its own. */
export function configure(command: Command, { io }: CommandContext): void {
  command
    .option('--json', 'exactly one JSON object on stdout')
    .addHelpText(
      'after',
      '\nOther models work too. Those that @pydantic/genai-prices knows have a price; for the rest set one:\n  prices:\n    together/my-model: { input: 0.2, output: 0.6 }     (in the file of --config, USD per million tokens)',
    )
    .action(({ json = false }: { json?: boolean }) => {
      const stale = staleTableWarning();
      if (stale !== undefined) say(io, stale);
      const models = tabulatedModels().map(({ name, price }) => ({ model: name, ...price.record }));
      printResult(io, json, { models }, () =>
        [
          `${'model'.padEnd(34)}${'input'.padStart(8)}${'cached'.padStart(9)}${'output'.padStart(9)}  USD per million tokens`,
          ...models.map(
            ({ model, input, cached_input, output, batch_factor, date }) =>
              `${model.padEnd(34)}${String(input).padStart(8)}${String(cached_input).padStart(9)}${String(output).padStart(9)}  ${batch_factor < 1 ? `batch ×${batch_factor}, ` : ''}${date}`,
          ),
        ].join('\n'),
      );
    });
}
