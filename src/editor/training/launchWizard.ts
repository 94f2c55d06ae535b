import path from 'node:path';
import { l10n, ThemeIcon, window, workspace } from 'vscode';
import type { Memento, Uri } from 'vscode';
import { type Choice, pickOne, type Place, type Step, type Turn, walk } from '../quickSteps';
import { Setting } from '../contributions';
import { readSetting } from '../registration';
import { count, dollars, duration } from '../text';
import { modelItems, modelNamed } from './modelChoices';
import type { TrainingChoice, TrainingCli, TrainingEstimate } from './trainingCli';

const modelKey = 'distillery.training.model';
const whereKey = 'distillery.training.where';
const mostFiles = 200;

/** `Launch Training…`: rows, model, method, where, start. Enter five times is a good run. */
export class LaunchWizard {
  #files: readonly string[];
  #model: string;
  #method = 'lora';
  #where: string;
  #estimate: TrainingEstimate | undefined;
  #failure: Error | undefined;

  constructor(
    private readonly root: string,
    given: readonly string[],
    private readonly cli: TrainingCli,
    private readonly memory: Memento,
    /** The file to train on: the dataset, or what its review makes of it. Undefined when the person left. */
    private readonly reviewed: (file: string) => Promise<string | undefined>,
  ) {
    this.#files = given;
    this.#model = memory.get(modelKey, 'Qwen/Qwen3-0.6B');
    this.#where = memory.get(whereKey, 'local');
  }

  /** Undefined when the person left. */
  async ask(): Promise<{ choice: TrainingChoice; ready: boolean } | undefined> {
    const given = await this.#reviewedFiles(this.#files);
    if (given === undefined) return undefined;
    this.#files = given;
    const rows: Step[] = this.#files.length > 0 ? [] : [(place) => this.#askRows(place)];
    const steps: Step[] = [
      ...rows,
      (place) => this.#askModel(place),
      (place) => this.#askMethod(place),
      (place) => this.#askWhere(place),
      (place) => this.#askStart(place),
    ];
    if (!(await walk(steps))) return undefined;
    await this.memory.update(modelKey, this.#model);
    await this.memory.update(whereKey, this.#where);
    return { choice: this.#choice, ready: this.#estimate?.ready ?? false };
  }

  get #choice(): TrainingChoice {
    const usdPerHour = readSetting(Setting.HourlyPrices)[this.#where.replace(/^ssh:/u, '')];
    return { files: this.#files, model: this.#model, method: this.#method, where: this.#where, usdPerHour };
  }

  async #askRows(place: Place): Promise<Turn> {
    const all = await workspace.findFiles('**/*.{jsonl,ndjson}', '**/{node_modules,training,.git}/**', mostFiles);
    const found = all.filter(({ path: name }) => !name.endsWith('.review.jsonl'));
    const browse = { label: l10n.t('Another file…'), iconPath: new ThemeIcon('folder-opened'), value: undefined };
    return askFor<Uri | undefined>(place, {
      title: l10n.t('Launch Training: Rows'),
      placeholder: l10n.t('What should the model learn?'),
      items: [...found.sort(byPromise).map(fileChoice), browse],
      take: async (picked) => {
        const filters = { [l10n.t('Datasets')]: ['jsonl', 'ndjson', 'parquet'] };
        const file = picked ?? (await window.showOpenDialog({ filters }))?.[0];
        const files = file && (await this.#reviewedFiles([file.fsPath]));
        this.#files = files ?? this.#files;
        return files !== undefined;
      },
    });
  }

  async #reviewedFiles(files: readonly string[]): Promise<readonly string[] | undefined> {
    const reviewed: string[] = [];
    for (const file of files) {
      const own = await this.reviewed(file);
      if (own === undefined) return undefined;
      reviewed.push(own);
    }
    return reviewed;
  }

  async #askModel(place: Place): Promise<Turn> {
    return askFor(place, {
      title: l10n.t('Launch Training: Base Model'),
      placeholder: l10n.t('Which model should learn it?'),
      items: await modelItems(this.#model),
      take: async (picked) => {
        const model = await modelNamed(picked);
        this.#model = model ?? this.#model;
        return model !== undefined;
      },
    });
  }

  async #askMethod(place: Place): Promise<Turn> {
    const items: Choice<string>[] = [
      { label: 'LoRA', description: l10n.t('a small adapter beside the model; right nearly always'), value: 'lora' },
      { label: 'QLoRA', description: l10n.t('LoRA in 4 bits: a third of the memory, an NVIDIA GPU'), value: 'qlora' },
      { label: l10n.t('Full'), description: l10n.t('the whole model; eight times the memory'), value: 'full' },
    ];
    return askFor(place, {
      title: l10n.t('Launch Training: Method'),
      placeholder: l10n.t('How should it learn?'),
      items,
      take: (method) => {
        this.#method = method;
        return true;
      },
    });
  }

  async #askWhere(place: Place): Promise<Turn> {
    const last = this.#where.startsWith('ssh:') ? this.#where.slice(4) : undefined;
    const items: Choice<string>[] = [
      { label: l10n.t('This machine'), iconPath: new ThemeIcon('device-desktop'), value: 'local' },
      ...(last === undefined ? [] : [{ label: last, iconPath: new ThemeIcon('remote'), value: `ssh:${last}` }]),
      { label: l10n.t('Another machine, with SSH…'), iconPath: new ThemeIcon('remote'), value: 'ssh' },
    ];
    return askFor(place, {
      title: l10n.t('Launch Training: Where'),
      placeholder: l10n.t('Where should it be trained?'),
      items,
      take: async (picked) => {
        const host = picked === 'ssh' ? await askHost() : undefined;
        if (picked === 'ssh' && host === undefined) return false;
        this.#where = host === undefined ? picked : `ssh:${host}`;
        return true;
      },
    });
  }

  /** The rows are checked and the job is laid out while the person looks at it; Enter waits for that. */
  async #askStart(place: Place): Promise<Turn> {
    const asking = new AbortController();
    let changed: (() => void) | undefined;
    this.#estimate = undefined;
    this.#failure = undefined;
    const estimating = this.cli.estimate(this.#choice, this.root, asking.signal).then(
      (estimate) => (this.#estimate = estimate),
      (error: unknown) => (this.#failure = error instanceof Error ? error : new Error(String(error))),
    );
    void estimating.then(() => changed?.());
    try {
      const picked = await pickOne({
        ...place,
        title: l10n.t('Launch Training: Start'),
        placeholder: l10n.t('Start?'),
        items: () => [startChoice(this.#estimate)],
        busy: () => this.#estimate === undefined,
        failure: () => this.#failure,
        onChange: (look) => {
          changed = look;
          return { dispose: () => (changed = undefined) };
        },
        ready: () => this.#estimate !== undefined,
      });
      return typeof picked === 'string' ? picked : 'next';
    } finally {
      asking.abort();
    }
  }
}

interface Question<T> {
  readonly title: string;
  readonly placeholder: string;
  readonly items: readonly Choice<T>[];
  /** Keeps the answer; false when the person was asked for more and left. */
  readonly take: (value: T) => boolean | Promise<boolean>;
}

async function askFor<T>(place: Place, { title, placeholder, items, take }: Question<T>): Promise<Turn> {
  const picked = await pickOne({ ...place, title, placeholder, items: () => items });
  if (typeof picked === 'string') return picked;
  return (await take(picked.value)) ? 'next' : 'cancel';
}

function startChoice(estimate: TrainingEstimate | undefined): Choice<'start'> {
  if (estimate === undefined) return { label: l10n.t('Checking the rows…'), value: 'start' };
  const { plan, seconds, usd, ready, hardware } = estimate;
  const time = seconds === null ? '' : l10n.t(', about {0}', duration(seconds * 1000));
  const spend = usd === null ? '' : l10n.t(', {0}', dollars(usd));
  const memory = plan.memory_gb === null ? '' : l10n.t(', {0} GB of memory', plan.memory_gb.toFixed(1));
  return {
    label: ready
      ? l10n.t('$(play) Start')
      : l10n.t('$(cloud-download) Set up the trainer (2 to 6 GB, minutes), then start'),
    description: l10n.t(
      '{0} rows, at most {1} steps on {2}{3}{4}{5}',
      count(plan.train_rows),
      count(plan.max_steps),
      hardware,
      time,
      spend,
      memory,
    ),
    detail: plan.notes.join(' '),
    value: 'start',
  };
}

function fileChoice(file: Uri): Choice<Uri> {
  const relative = workspace.asRelativePath(file);
  return {
    label: path.basename(file.fsPath),
    description: path.dirname(relative),
    value: file,
    iconPath: new ThemeIcon('table'),
  };
}

/** What was made to be trained on comes first. */
function byPromise(a: Uri, b: Uri): number {
  return rank(a) - rank(b) || a.path.localeCompare(b.path);
}

function rank({ path: file }: Uri): number {
  if (/\/(golden_dataset|training_pairs)\.jsonl$/.test(file)) return 0;
  if (/\/(generated_qa_pairs|validation_results|chunks|failures|journal)\.jsonl$/.test(file)) return 2;
  return 1;
}

async function askHost(): Promise<string | undefined> {
  return window.showInputBox({
    title: l10n.t('Machine'),
    prompt: l10n.t('HOST or USER@HOST, as in “ssh HOST”. Keys and ports come from your SSH configuration.'),
    ignoreFocusOut: true,
    validateInput: (text) => (/^[A-Za-z0-9_][A-Za-z0-9_.@:-]*$/.test(text) ? undefined : l10n.t('HOST or USER@HOST')),
  });
}
