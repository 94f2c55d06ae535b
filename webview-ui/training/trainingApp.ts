import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Series, TrainingSnapshot } from '../../src/protocol/training';
import { t } from '../translate';
import { host, remember } from './host';
import type { Line } from './linePlot';
import { smooth } from './smooth';

const SMOOTHING = 0.9;
const others = [
  '--vscode-charts-orange',
  '--vscode-charts-purple',
  '--vscode-charts-green',
  '--vscode-charts-yellow',
  '--vscode-charts-red',
];

/** A training job: where it stands, its plots, its checkpoints, the end of its log, and what can be done. */
@customElement('training-app')
export class TrainingApp extends LitElement {
  @state() private snapshot: TrainingSnapshot | undefined;
  @state() private problem: string | undefined;
  @state() private smoothed = true;
  @state() private logarithmic = false;
  @state() private compared = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    host.on('changed', (snapshot) => this.take(snapshot));
    host.call('ready', {}).then(
      (snapshot) => this.take(snapshot),
      (error: unknown) => this.fail(error),
    );
  }

  private take(snapshot: TrainingSnapshot): void {
    remember(snapshot.folder);
    this.snapshot = snapshot;
    this.problem = undefined;
  }

  private fail(error: unknown): void {
    this.problem = error instanceof Error ? error.message : String(error);
  }

  protected override render(): TemplateResult {
    const { snapshot } = this;
    if (!snapshot) return html`<p role="status">${this.problem ?? t('Reading the job…')}</p>`;
    return html`
      <header>
        <h1>${snapshot.name}</h1>
        <p class="line" role="status">${snapshot.text}</p>
        <p class="muted">
          ${[snapshot.model, snapshot.method, snapshot.where, snapshot.hardware, snapshot.spend].filter(Boolean).join(' · ')}
        </p>
        ${
          snapshot.maxSteps > 0
            ? html`<progress max=${snapshot.maxSteps} value=${snapshot.step} aria-label=${t('Steps')}></progress>`
            : nothing
        }
        ${snapshot.reason === null ? nothing : html`<p class="reason">${snapshot.reason}</p>`}
        ${this.problem === undefined ? nothing : html`<p class="reason" role="alert">${this.problem}</p>`}
        <div class="actions">${this.actions(snapshot)}</div>
      </header>
      ${this.checkpoints(snapshot)}
      <section class="plots" aria-label=${t('Plots')}>${this.plots(snapshot)}</section>
      <section class="log">
        <h2>${t('Log')}</h2>
        <pre tabindex="0">${snapshot.log}</pre>
      </section>
    `;
  }

  private actions(snapshot: TrainingSnapshot): TemplateResult {
    return html`
      ${snapshot.canStop ? this.button('stop', t('Stop and Keep Best'), true) : nothing}
      ${snapshot.canResume ? this.button('resume', t('Resume'), true) : nothing}
      ${snapshot.canTry ? this.button('tryModel', t('Try Model…'), true) : nothing}
      ${snapshot.canMerge ? this.button('merge', t('Merge'), !snapshot.canTry) : nothing}
      ${snapshot.canEvaluate ? this.button('evaluate', t('Evaluate…')) : nothing}
      ${snapshot.hasRun ? this.button('tensorBoard', t('TensorBoard')) : nothing}
      ${this.button('openLog', t('Open Log'))} ${this.button('openFolder', t('Show Files'))}
      ${this.toggle(t('Smooth'), this.smoothed, (on) => (this.smoothed = on))}
      ${this.toggle(t('Logarithmic'), this.logarithmic, (on) => (this.logarithmic = on))}
      ${
        snapshot.others.length > 0
          ? this.toggle(t('Compare jobs'), this.compared, (on) => (this.compared = on))
          : nothing
      }
    `;
  }

  private button(
    request: 'stop' | 'resume' | 'merge' | 'tryModel' | 'evaluate' | 'tensorBoard' | 'openLog' | 'openFolder',
    label: string,
    primary = false,
  ): TemplateResult {
    const click = () => {
      host.call(request, {}).catch((error: unknown) => this.fail(error));
    };
    return html`<button class=${primary ? 'primary' : ''} @click=${click}>${label}</button>`;
  }

  private toggle(label: string, on: boolean, set: (on: boolean) => void): TemplateResult {
    const change = (event: Event) => {
      if (event.target instanceof HTMLInputElement) set(event.target.checked);
    };
    return html`<label><input type="checkbox" .checked=${on} @change=${change} /> ${label}</label>`;
  }

  private checkpoints({ checkpoints, patience, stopReason }: TrainingSnapshot): TemplateResult {
    return html`<p class="facts">
      ${patience === null ? nothing : html`<span>${patience}</span>`}
      ${stopReason === null ? nothing : html`<span>${t('stopped: {0}', stopReason.replaceAll('_', ' '))}</span>`}
      ${
        checkpoints.length === 0
          ? nothing
          : html`<span
              >${t('checkpoints: {0}', checkpoints.map(({ step, best }) => `${step}${best ? ' ★' : ''}`).join(' '))}</span
            >`
      }
    </p>`;
  }

  private plots(snapshot: TrainingSnapshot): TemplateResult {
    const { loss, evalLoss, perplexity, gradNorm, learningRate } = snapshot;
    const compared = this.compared
      ? snapshot.others.map((other, at) => line(other.name, other.evalLoss, others[at % others.length] ?? ''))
      : [];
    return html`
      ${this.plot(t('Loss'), [this.eased(t('loss'), loss, '--vscode-charts-blue')])}
      ${this.plot(t('Evaluation Loss'), [{ ...line(t('evaluation loss'), evalLoss, '--vscode-charts-green'), points: true }, ...compared])}
      ${
        perplexity.values.some((value) => value !== null)
          ? this.plot(t('Perplexity'), [
              { ...line(t('perplexity'), perplexity, '--vscode-charts-purple'), points: true },
            ])
          : nothing
      }
      ${this.plot(t('Gradient Norm'), [this.eased(t('gradient norm'), gradNorm, '--vscode-charts-orange')])}
      ${this.plot(t('Learning Rate'), [line(t('learning rate'), learningRate, '--vscode-charts-yellow')], false)}
    `;
  }

  private plot(label: string, lines: readonly Line[], logarithmic = this.logarithmic): TemplateResult {
    return html`<line-plot .label=${label} .lines=${lines} .logarithmic=${logarithmic}></line-plot>`;
  }

  private eased(label: string, series: Series, colour: string): Line {
    return { ...line(label, series, colour), values: smooth(series.values, this.smoothed ? SMOOTHING : 0) };
  }
}

function line(label: string, { steps, values }: Series, colour: string): Line {
  return { label, steps, values, colour };
}
