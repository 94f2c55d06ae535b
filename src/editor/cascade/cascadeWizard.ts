import path from 'node:path';
import { Uri, l10n } from 'vscode';
import type { Memento } from 'vscode';
import { cascadeShares, goldenCount, mostSamples } from '../../core/records/cascade';
import { Command, Setting } from '../contributions';
import { askForModel } from '../distill/model';
import type { Keys } from '../keys/keys';
import type { Estimated, Estimates } from '../process/estimates';
import { pickOne, typed, walk, wholeNumber } from '../quickSteps';
import type { Choice, Place, Turn } from '../quickSteps';
import { readSetting, runCommand } from '../registration';
import type { Decision } from '../runs/startRun';
import { SpendStep, priceOf, refusal } from '../spendStep';
import type { StageShare } from '../spendStep';
import { count } from '../text';
import { castArguments, castChoices, castOf, describeCast, isOfflineCast } from './casts';
import type { Cast } from './casts';
import { domainChoices } from './domains';

const lastCast = 'distillery.lastCast';
const sizes = [10_000, 1000, 200];
/** Below this, the worst case of a single request may not fit into a stage's share. */
const leastCap = 1;

/** The four steps before a cascade: the domain, how many samples, who does what, and what it may cost. */
export class CascadeWizard {
  #domain = 'medical';
  #samples = sizes[0] ?? 0;
  #cast: Cast | undefined;
  readonly #spend: SpendStep;

  constructor(
    private readonly root: string,
    private readonly keys: Keys,
    private readonly estimates: Estimates,
    private readonly memory: Memento,
  ) {
    this.#spend = new SpendStep({
      estimates,
      leastCap,
      title: () => this.#title,
      estimated: () => this.#estimated(),
      rows: () => l10n.t('{0} samples', count(this.#samples)),
      free: () => this.#cast !== undefined && isOfflineCast(this.#cast),
      split: shares,
    });
  }

  /** @returns undefined when the person left. */
  async ask(): Promise<Decision | undefined> {
    const asked = [this.#askDomain, this.#askSamples, this.#askCast].map((step) => step.bind(this));
    if (!(await walk([...asked, (place) => this.#spend.ask(place)])) || this.#cast === undefined) return undefined;
    await this.memory.update(lastCast, this.#cast);
    return this.#spend.decision(this.#work(this.#cast));
  }

  /** The arguments that make the work what it is: the same for the estimate and for the run. */
  #work(cast: Cast): string[] {
    const seed = readSetting(Setting.Seed, Uri.file(this.root));
    const what = ['--domain', this.#domain, '--samples', String(this.#samples), '--seed', String(seed)];
    return ['cascade', ...what, ...castArguments(cast)];
  }

  #estimated(cast = this.#cast): Estimated {
    return cast === undefined ? { state: 'pending' } : this.estimates.get(this.#work(cast));
  }

  async #askDomain(place: Place): Promise<Turn> {
    const own = await domainChoices();
    const picked = await pickOne<string | undefined>({
      ...place,
      title: l10n.t('Run Cascade'),
      placeholder: l10n.t('Which field are the scenarios from?'),
      items: () => [
        ...own.map(({ domain, ...item }) => ({ ...item, value: domain })),
        { label: l10n.t('New Cascade Domain…'), description: l10n.t('a template to fill in'), value: undefined },
      ],
    });
    if (typeof picked === 'string') return picked;
    if (picked.value === undefined) {
      await runCommand(Command.NewDomain);
      return 'cancel';
    }
    this.#domain = picked.value;
    return 'next';
  }

  async #askSamples(place: Place): Promise<Turn> {
    const picked = await pickOne<number | 'custom'>({
      ...place,
      title: this.#title,
      placeholder: l10n.t('How many samples?'),
      items: () => [
        ...sizes.map((size) => ({
          label: l10n.t('{0} samples', count(size)),
          description: l10n.t('{0} of them checked for the golden test set', count(goldenCount(size))),
          value: size,
        })),
        { label: l10n.t('Another number…'), value: 'custom' as const },
      ],
    });
    if (typeof picked === 'string') return picked;
    const samples =
      picked.value === 'custom'
        ? await typed(l10n.t('How many samples?'), String(this.#samples), wholeNumber(1, mostSamples))
        : picked.value;
    if (samples === undefined) return this.#askSamples(place);
    this.#samples = samples;
    return 'next';
  }

  async #askCast(place: Place): Promise<Turn> {
    for (;;) {
      const choices = castChoices(await this.keys.sources(this.root), this.memory.get<Cast>(lastCast));
      const picked = await pickOne<Cast | 'key' | 'each'>({
        ...place,
        title: this.#title,
        placeholder: l10n.t('Who reasons, formats and checks?'),
        items: () => this.#castItems(choices),
        busy: () => this.estimates.busy,
        onChange: (changed) => this.estimates.onChange(changed),
        // What none of them can make, nobody can: the domain is at fault.
        failure: () => {
          const refusals = choices.map((cast) => refusal(this.#estimated(cast)));
          return refusals.includes(undefined) ? undefined : refusals[0];
        },
      });
      if (typeof picked === 'string') return picked;
      if (picked.value === 'key') {
        await runCommand(Command.SetKey);
        continue;
      }
      const cast = picked.value === 'each' ? await this.#askEach(place) : picked.value;
      if (cast === undefined) continue;
      this.#cast = cast;
      return 'next';
    }
  }

  #castItems(choices: readonly Cast[]): Choice<Cast | 'key' | 'each'>[] {
    return [
      ...choices.map((cast) => ({
        ...describeCast(cast),
        description: isOfflineCast(cast)
          ? l10n.t('free · filled from the domain, to try the way')
          : priceOf(this.#estimated(cast)),
        value: cast,
      })),
      { label: l10n.t('Choose a model for each stage…'), value: 'each' },
      { label: l10n.t('Set an API key…'), value: 'key' },
    ];
  }

  async #askEach(place: Place): Promise<Cast | undefined> {
    const generator = await askForModel(this.keys, this.root, place, l10n.t('Who reasons?'));
    const formatter = generator && (await askForModel(this.keys, this.root, place, l10n.t('Who formats?')));
    const validator = formatter && (await askForModel(this.keys, this.root, place, l10n.t('Who checks?')));
    if (generator === undefined || formatter === undefined || validator === undefined) return undefined;
    const chosen = { generator, formatter, validator };
    return castOf((role) => chosen[role].generator);
  }

  get #title(): string {
    return l10n.t('Run Cascade: {0}', path.basename(this.#domain));
  }
}

/** As the command line shares it out. */
function shares(cap: number): StageShare[] {
  return Object.entries(cascadeShares).map(([name, share]) => ({ name, usd: cap * share }));
}
