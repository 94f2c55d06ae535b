import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { TwinExplanationMessage } from '../../src/protocol/scan';
import type { TwinListMessage } from '../../src/protocol/viewer';
import { diffView } from './diffView';
import { host } from './host';
import { count, t } from '../translate';

type Group = TwinListMessage['listed'][number];
type Twin = Group['rows'][number];

/** Comparisons of one group that are shown; the others of a large group are like them. */
const COMPARED = 5;

/** One group: each twin beside the first, with what they share and what differs, and which of them is kept. */
@customElement('twin-group')
export class TwinGroupView extends LitElement {
  @property({ attribute: false }) group: Group = { size: 0, rows: [] };
  @property({ type: Number }) threshold = 0;
  @property({ type: Number }) marks = 0;
  @state() private explained: ReadonlyMap<number, TwinExplanationMessage> = new Map();
  @state() private trouble = '';
  private reading = new AbortController();
  private key = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.reading.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const key = this.group.rows.map(({ line }) => line).join();
    if (key !== this.key || changed.has('marks')) void this.read(key);
  }

  private async read(key: string): Promise<void> {
    if (key !== this.key) this.explained = new Map();
    this.key = key;
    this.reading.abort();
    this.reading = new AbortController();
    const { signal } = this.reading;
    const [first, ...others] = this.group.rows;
    if (!first) return;
    try {
      for (const { line } of others.slice(0, COMPARED)) {
        const explanation = await host.call('explainTwins', { first: first.line, second: line }, signal);
        if (signal.aborted) return;
        this.explained = new Map(this.explained).set(line, explanation);
      }
      this.trouble = '';
    } catch (error) {
      if (!signal.aborted) this.trouble = error instanceof Error ? error.message : String(error);
    }
  }

  protected override render(): TemplateResult {
    const [first, ...others] = this.group.rows;
    if (!first) return html``;
    const hidden = this.group.size - 1 - Math.min(COMPARED, others.length);
    return html`${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
    ${others.slice(0, COMPARED).map((twin) => this.comparison(first, twin))}
    ${hidden > 0 ? html`<p class="hint">${t('{0} more in this group', count(hidden))}</p>` : nothing}`;
  }

  private comparison(first: Twin, twin: Twin): TemplateResult {
    const found = this.explained.get(twin.line);
    const shared = found?.shared.filter((text) => /\s/u.test(text)).slice(0, 3) ?? [];
    return html`<section class="comparison">
      <h2>
        ${t('Rows {0} and {1}', count(first.line + 1), count(twin.line + 1))}
        ${found ? html`<span class="hint">${t('{0} % alike', Math.floor(found.similarity * 100))}</span>` : nothing}
      </h2>
      <div class="halves">
        ${this.side(first, found ? diffView(found.first, found.second, 'removed') : nothing)}
        ${this.side(twin, found ? diffView(found.first, found.second, 'added') : nothing)}
      </div>
      ${
        shared.length === 0
          ? nothing
          : html`<h3>${t('They share')}</h3>
              <ul class="shared">
                ${shared.map((text) => html`<li dir="auto">${text}</li>`)}
              </ul>`
      }
    </section>`;
  }

  private side(twin: Twin, text: TemplateResult | typeof nothing): TemplateResult {
    const verdict = twin.verdict === 'approved' ? t('approved') : twin.verdict === 'rejected' ? t('rejected') : '';
    return html`<section class="half part">
      <h3>${t('Row {0}', count(twin.line + 1))}${verdict ? html` · <strong>${verdict}</strong>` : nothing}</h3>
      <div class="text" dir="auto">${text}</div>
      <p>
        <button class="secondary" @click=${() => void this.keepOnly(twin)}>${t('Keep Only This One')}</button>
        <button
          class="link"
          @click=${() => this.dispatchEvent(new CustomEvent('show-row', { detail: twin.line, bubbles: true }))}
        >
          ${t('Show in Table')}
        </button>
      </p>
    </section>`;
  }

  /** Rejects the others as one deed. A row that was rejected before and is kept now gets its verdict taken back. */
  private async keepOnly(kept: Twin): Promise<void> {
    try {
      await host.call('keepOneTwin', { threshold: this.threshold, line: kept.line });
      if (kept.verdict === 'rejected') {
        await host.call('judge', { lines: [kept.line], deed: { kind: 'verdict', verdict: null } });
      }
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
    }
  }
}
