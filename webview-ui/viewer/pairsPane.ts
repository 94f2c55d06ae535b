import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { withoutDisguise } from '../../src/core/datasets/view/preview';
import type { PairChoices, PairPreviewMessage } from '../../src/protocol/rows';
import type { PairProblemsMessage } from '../../src/protocol/scan';
import { coreText } from './coreTexts';
import { host } from './host';
import { amount, count, t } from '../translate';

type Half = Extract<PairPreviewMessage, { state: 'pair' }>['forward'];

/**
 * What Bidirectional Pairs would write, before anything is written: forward and reverse of any row side by side. Tells
 * `change` the choices, `look-at` a line.
 */
@customElement('pairs-pane')
export class PairsPane extends LitElement {
  @property({ type: Number }) line = 0;
  @property({ type: Number }) lines = 0;
  @property({ type: Number }) generation = 0;
  @property({ type: Number }) reviewed = 0;
  @property({ attribute: false }) choices: PairChoices = { variant: 'plain', label: '' };
  /** The label that stands in for an empty one. */
  @property({ type: String }) name = '';
  @state() private preview: PairPreviewMessage | undefined;
  @state() private problems: PairProblemsMessage | undefined;
  @state() private share = 0;
  @state() private trouble = '';
  @state() private writing = false;
  private asking = new AbortController();
  private checking = new AbortController();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.asking = new AbortController();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.asking.abort();
    this.checking.abort();
  }

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>('.pairs')?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('generation')) void this.check();
    if (changed.has('line') || changed.has('choices') || changed.has('generation')) void this.read();
  }

  private async read(): Promise<void> {
    this.asking.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    try {
      const preview = await host.call('pair', { line: this.line, choices: this.choices }, signal);
      if (signal.aborted) return;
      this.preview = preview;
      this.trouble = '';
    } catch (error) {
      if (!signal.aborted) this.tell(error);
    }
  }

  private async check(): Promise<void> {
    this.checking.abort();
    this.checking = new AbortController();
    const { signal } = this.checking;
    this.problems = undefined;
    const stop = host.on('pairsChecked', ({ share }) => (this.share = share));
    try {
      const problems = await host.call('pairProblems', {}, signal);
      if (!signal.aborted) this.problems = problems;
    } catch (error) {
      if (!signal.aborted) this.tell(error);
    } finally {
      stop();
    }
  }

  private async generate(): Promise<void> {
    this.writing = true;
    try {
      await host.call('generatePairs', { choices: this.choices });
      this.trouble = '';
    } catch (error) {
      this.tell(error);
    } finally {
      this.writing = false;
    }
  }

  private tell(error: unknown): void {
    this.trouble = error instanceof Error ? error.message : String(error);
  }

  protected override render(): TemplateResult {
    return html`<section class="pairs" tabindex="-1" aria-label=${t('Bidirectional pairs')} @keydown=${this.onKey}>
      ${this.toolbar()}
      <p class="outcome" role="status">${this.outcome()}</p>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      ${
        this.reviewed === 0
          ? nothing
          : html`<p class="hint">
              ${t('Verdicts and edits of the review are not in the pairs: apply the review first, and make the pairs of the new file.')}
            </p>`
      }
      ${this.pair()} ${this.problemList()}
    </section>`;
  }

  private toolbar(): TemplateResult {
    const { line, lines, choices, name, problems } = this;
    return html`<form class="choices" @submit=${(event: Event) => event.preventDefault()}>
      <label
        >${t('Row')}
        <input
          type="number"
          min="1"
          max=${lines}
          .value=${String(line + 1)}
          @change=${(event: Event) => this.lookAt(valueOf(event) - 1)}
      /></label>
      <button class="secondary" type="button" ?disabled=${line === 0} @click=${() => this.lookAt(line - 1)}>
        ${t('Row Before (k)')}
      </button>
      <button class="secondary" type="button" ?disabled=${line + 1 >= lines} @click=${() => this.lookAt(line + 1)}>
        ${t('Next Row (j)')}
      </button>
      <label
        >${t('The reverse shows')}
        <select
          @change=${(event: Event) =>
            this.change({ ...choices, variant: textOf(event) === 'context' ? 'context' : 'plain' })}
        >
          <option value="plain" ?selected=${choices.variant === 'plain'}>${t('the response alone')}</option>
          <option value="context" ?selected=${choices.variant === 'context'}>${t('context and response')}</option>
        </select></label
      >
      <label
        >${t('Label')}
        <input
          type="text"
          spellcheck="false"
          placeholder=${name}
          .value=${choices.label}
          @input=${(event: Event) => this.change({ ...choices, label: textOf(event).trim() })}
      /></label>
      <button
        class="primary"
        type="button"
        ?disabled=${this.writing || (problems?.problems ?? 0) > 0 || problems?.rows === 0}
        @click=${() => void this.generate()}
      >
        ${t('Generate')}
      </button>
    </form>`;
  }

  /** What pressing the button would do, or why it cannot be pressed. */
  private outcome(): TemplateResult | string {
    const { problems } = this;
    if (!problems) return t('Looking at every row: {0} %', Math.floor(this.share * 100));
    if (problems.rows === 0) return t('There are no rows to reverse.');
    if (problems.problems === 0) {
      return amount(
        problems.rows,
        '1 row can be reversed: 2 rows go into a new file.',
        '{0} rows can be reversed: {1} rows go into a new file.',
        count(2 * problems.rows),
      );
    }
    return html`<strong class="trouble"
      >${amount(
        problems.problems,
        '1 row cannot be reversed. Mend it or take it out; then pairs can be written.',
        '{0} rows cannot be reversed. Mend them or take them out; then pairs can be written.',
      )}</strong
    >`;
  }

  private pair(): TemplateResult | typeof nothing {
    const { preview, choices } = this;
    if (!preview) return nothing;
    switch (preview.state) {
      case 'blank':
        return html`<p class="hint">${t('This line is empty: it is left out.')}</p>`;
      case 'problem':
        return html`<p class="trouble">
          ${t('Row {0}, column {1}: {2}', count(this.line + 1), count(preview.column), coreText(preview.message))}
        </p>`;
      case 'pair':
        return html`${
            choices.variant === 'context' && preview.forward.input === ''
              ? html`<p class="hint">${t('This row has no input: its reverse shows the response alone.')}</p>`
              : nothing
          }
          <div class="halves">${half(t('Forward'), preview.forward)} ${half(t('Reverse'), preview.reverse)}</div>`;
    }
  }

  private problemList(): TemplateResult | typeof nothing {
    const { problems } = this;
    if (!problems || problems.problems === 0) return nothing;
    const more = problems.problems - problems.listed.length;
    return html`<h2>${t('Rows that cannot be reversed')}</h2>
      <ul class="problems">
        ${problems.listed.map(
          ({ line, message }) =>
            html`<li>
              <button class="link" @click=${() => this.lookAt(line)}>${t('Row {0}', count(line + 1))}</button>
              ${coreText(message)}
            </li>`,
        )}
        ${more > 0 ? html`<li class="hint">${t('{0} more', count(more))}</li>` : nothing}
      </ul>`;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const [target] = event.composedPath();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return;
    if (event.key === 'j') this.lookAt(this.line + 1);
    else if (event.key === 'k') this.lookAt(this.line - 1);
  };

  private lookAt(line: number): void {
    if (!Number.isInteger(line)) return;
    const detail = Math.max(0, Math.min(this.lines - 1, line));
    this.dispatchEvent(new CustomEvent('look-at', { detail }));
  }

  private change(choices: PairChoices): void {
    this.dispatchEvent(new CustomEvent('change-pairs', { detail: choices }));
  }
}

function half(title: string, { instruction, input, output, meta }: Half): TemplateResult {
  const text = (name: string, value: string) => {
    // Spaces count in it: nothing may stand between the element and its text.
    const shown = value === '' ? html`<span class="hint">${t('(empty)')}</span>` : withoutDisguise(value);
    return html`<h3>${name}</h3>
      <div class="text ${name}" dir="auto">${shown}</div>`;
  };
  return html`<section class="half">
    <h2>${title}</h2>
    ${text('instruction', instruction)} ${text('input', input)} ${text('output', output)}
    <h3>meta</h3>
    <pre class="raw" dir="auto">${withoutDisguise(meta)}</pre>
  </section>`;
}

function textOf(event: Event): string {
  const { target } = event;
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement ? target.value : '';
}

function valueOf(event: Event): number {
  return Number(textOf(event));
}
