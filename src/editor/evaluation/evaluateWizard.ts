import path from 'node:path';
import { l10n, ThemeIcon, Uri, window, workspace } from 'vscode';
import { defaultTeacher } from '../../core/teachers/defaults';
import { keyOf } from '../../core/teachers/keys';
import { PROVIDERS } from '../../core/teachers/providers';
import { Setting } from '../contributions';
import { onlyKey } from '../distill/teacherChoices';
import { labelOf, nameOf } from '../distill/wording';
import { pickModel } from '../modelStep';
import type { Estimated, Estimates } from '../process/estimates';
import { pickOne, walk } from '../quickSteps';
import type { Choice, Place, Turn } from '../quickSteps';
import { readSetting } from '../registration';
import type { Decision, StartParts } from '../runs/startRun';
import { SpendStep } from '../spendStep';
import { count } from '../text';
import type { TrainingJob } from '../training/trainingJob';

const mostFiles = 200;
const exact = 'exact';

/** What the tests are: the rows that a job held out, or a file. */
type Tests = { readonly job: TrainingJob } | { readonly file: string };

/** Tests, models, judge, start. Of a job, Enter four times is a good run. */
export class EvaluateWizard {
  #tests: Tests | undefined;
  /** Those of a job, or flags that name the two. */
  #models: { readonly job: TrainingJob } | { readonly flags: readonly string[] } = { flags: [] };
  #judge = exact;
  #allowOverlap = false;
  readonly #spend: SpendStep;

  constructor(
    private readonly root: string,
    private readonly jobs: readonly TrainingJob[],
    private readonly parts: StartParts,
    private readonly estimates: Estimates,
  ) {
    this.#spend = new SpendStep({
      estimates,
      title: () => l10n.t('Evaluate: Start'),
      estimated: () => this.#estimated(),
      rows: ({ requests }) => l10n.t('up to {0} requests', count(requests)),
    });
  }

  /** @returns undefined when the person left. */
  async ask(): Promise<Decision | undefined> {
    const steps = [
      (place: Place) => this.#askTests(place),
      (place: Place) => this.#askModels(place),
      (place: Place) => this.#askJudge(place),
      (place: Place) => this.#spend.ask(place),
    ];
    return (await walk(steps)) ? this.#spend.decision(this.#work()) : undefined;
  }

  /** The person was told, and goes on. */
  allowOverlap(): void {
    this.#allowOverlap = true;
  }

  #work(judge = this.#judge): string[] {
    const [tests, models] = [this.#tests, this.#models];
    const job = 'job' in models ? models.job : tests && 'job' in tests ? tests.job : undefined;
    const of = [
      ...(job ? ['--job', job.folder] : []),
      ...(tests && 'file' in tests ? ['--tests', tests.file] : []),
      ...('flags' in models ? models.flags : []),
    ];
    const overlap = this.#allowOverlap ? ['--allow-overlap'] : [];
    const seed = String(readSetting(Setting.Seed, Uri.file(this.root)));
    return ['evaluate', ...of, '--judge', judge, ...overlap, '--seed', seed];
  }

  #estimated(judge = this.#judge): Estimated {
    return this.estimates.get(this.#work(judge));
  }

  async #askTests(place: Place): Promise<Turn> {
    const found = await workspace.findFiles('**/*.{jsonl,ndjson}', '**/{node_modules,training,.git}/**', mostFiles);
    const picked = await pickOne<Tests | 'browse'>({
      ...place,
      title: l10n.t('Evaluate: Tests'),
      placeholder: l10n.t('On which rows are the models compared? Each has an instruction and its right answer.'),
      items: () => [
        ...this.jobs.map(jobChoice),
        ...found.map(fileChoice),
        { label: l10n.t('Another file…'), iconPath: new ThemeIcon('folder-opened'), value: 'browse' },
      ],
    });
    if (typeof picked === 'string') return picked;
    const tests = picked.value === 'browse' ? await browseTests() : picked.value;
    this.#tests = tests;
    return tests ? 'next' : 'cancel';
  }

  async #askModels(place: Place): Promise<Turn> {
    const tests = this.#tests;
    const jobs = tests && 'job' in tests ? [tests.job] : this.jobs;
    const picked = await pickOne<TrainingJob | 'named'>({
      ...place,
      title: l10n.t('Evaluate: Models'),
      placeholder: l10n.t('Which two models are compared?'),
      items: () => [
        ...jobs.map((job) => ({
          label: l10n.t('The base and the tuned model of {0}', job.record.name),
          description: l10n.t('served on this machine while they are asked'),
          value: job,
        })),
        {
          label: l10n.t('Name the two…'),
          description: l10n.t('PROVIDER/MODEL, MODEL@http://…/v1, or a file of predictions'),
          value: 'named',
        },
      ],
    });
    if (typeof picked === 'string') return picked;
    if (picked.value !== 'named') {
      this.#models = { job: picked.value };
      return 'next';
    }
    const flags = await askTwo(this.root);
    this.#models = { flags: flags ?? [] };
    return flags ? 'next' : 'cancel';
  }

  async #askJudge(place: Place): Promise<Turn> {
    const picked = await pickModel({
      place,
      title: l10n.t('Evaluate: Judge'),
      placeholder: l10n.t('Who says whether an answer is right? The judge is not told whose it is.'),
      keys: this.parts.keys,
      root: this.root,
      estimates: this.estimates,
      estimated: (judge) => this.#estimated(judge),
      models: () => this.#judges(),
      others: [
        {
          label: l10n.t('Nobody'),
          description: l10n.t('the answer is the reference, or wrong; for short ones'),
          value: exact,
        },
      ],
    });
    if (typeof picked === 'string') return picked;
    this.#judge = picked.value;
    return 'next';
  }

  /** The best validator, then each provider's own. */
  async #judges(): Promise<Choice<string>[]> {
    const sources = await this.parts.keys.sources(this.root);
    const single = PROVIDERS.flatMap((provider) =>
      provider.keyName !== undefined && keyOf(provider, sources) !== undefined
        ? [onlyKey(provider.keyName, sources)]
        : [],
    );
    const specs = [sources, ...single].map((keys) => defaultTeacher('validator', keys).spec);
    const asking = new Map(specs.filter(({ provider }) => provider !== 'offline').map((spec) => [nameOf(spec), spec]));
    return [...asking].map(([value, spec]) => ({ label: labelOf(spec), detail: value, value }));
  }
}

function jobChoice(job: TrainingJob): Choice<Tests> {
  return {
    label: l10n.t('Held out by {0}', job.record.name),
    description: l10n.t('{0} rows that it was not trained on', count(job.record.plan.validation_rows)),
    iconPath: new ThemeIcon('beaker'),
    value: { job },
  };
}

function fileChoice(file: Uri): Choice<Tests> {
  return {
    label: path.basename(file.fsPath),
    description: path.dirname(workspace.asRelativePath(file)),
    iconPath: new ThemeIcon('table'),
    value: { file: file.fsPath },
  };
}

async function browseTests(): Promise<Tests | undefined> {
  const filters = { [l10n.t('Datasets')]: ['jsonl', 'ndjson', 'json', 'parquet'] };
  const [file] = (await window.showOpenDialog({ filters })) ?? [];
  return file && { file: file.fsPath };
}

/** As the command line takes them, a file relative to `root`. */
async function askTwo(root: string): Promise<string[] | undefined> {
  const asked = async (prompt: string) =>
    (
      await window.showInputBox({
        prompt,
        placeHolder: l10n.t('PROVIDER/MODEL, MODEL@http://127.0.0.1:8000/v1, or predictions.jsonl'),
        ignoreFocusOut: true,
        validateInput: (text) => (text.trim() === '' ? l10n.t('Name a model or a file.') : undefined),
      })
    )?.trim();
  const base = await asked(l10n.t('The base model, in {0}', path.basename(root)));
  const tuned = base === undefined ? undefined : await asked(l10n.t('The tuned model'));
  return base === undefined || tuned === undefined ? undefined : ['--base', base, '--tuned', tuned];
}
