import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { withEdits } from '../../src/core/datasets/view/edits';
import { withoutDisguise } from '../../src/core/datasets/view/preview';
import type { Provenance, RowDetail } from '../../src/protocol/rows';
import type { PartTokensMessage } from '../../src/protocol/rows';
import type { Draft, PanelState } from './host';
import { rowOrigin } from './rowOrigin';
import { pairReading, rowReading } from './rowReading';
import { problemText } from './tableRow';
import { amount, bytes, count, t } from '../translate';
import './rawLine';
import './jsonTree';
import './rowEditor';

export type DetailView = PanelState['view'];

/** The selected row, whole. */
@customElement('row-detail')
export class RowDetailPane extends LitElement {
  @property({ attribute: false }) row: RowDetail | undefined;
  @property({ attribute: false }) provenance: Provenance | null | undefined;
  @property({ attribute: false }) tokens: PartTokensMessage | undefined;
  @property({ type: String }) view: DetailView = 'read';
  @property({ type: Boolean }) markdown = false;
  @property({ type: Boolean }) editing = false;
  /** What was changed in a row so far. */
  @property({ attribute: false }) draft: Draft | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { row } = this;
    if (!row) return html`<p class="hint">${t('Select a row to read it.')}</p>`;
    const verdict = row.review?.verdict ?? null;
    return html`<header>
        <h2>${t('Row {0}', count(row.line + 1))}</h2>
        <span class="size">${bytes(row.bytes)}${this.totalTokens()}</span>
        <div class="actions" role="group" aria-label=${t('Verdict')}>
          ${this.action('approve', 'check', t('Approve (a)'), verdict === 'approved')}
          ${this.action('reject', 'close', t('Reject (r)'), verdict === 'rejected')}
          ${this.action('edit', 'edit', t('Edit (e)'), this.editing)}
        </div>
        <div class="views" role="group" aria-label=${t('How the row is shown')}>
          ${this.viewButton('read', t('Read'))}${this.viewButton('json', 'JSON')}${this.viewButton('raw', t('Raw'))}
        </div>
        <button
          class="toggle"
          aria-pressed=${this.markdown ? 'true' : 'false'}
          title=${t('Show texts as Markdown')}
          ?disabled=${this.view !== 'read'}
          @click=${() => this.say('markdown', !this.markdown)}
        >
          Markdown
        </button>
      </header>
      <div class="content" role="region" aria-label=${t('Row')} tabindex="0">
        ${this.body(row)} ${this.remarks(row)}
        ${this.provenance && !this.editing ? rowOrigin(this.provenance, (nth) => this.say('reveal', nth)) : nothing}
      </div>`;
  }

  private totalTokens(): string {
    if (!this.tokens || this.tokens.length === 0) return '';
    const total = this.tokens.reduce((sum, { tokens }) => sum + tokens, 0);
    return ` · ${amount(total, '1 token', '{0} tokens')}`;
  }

  private say(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  private action(name: string, icon: string, label: string, pressed: boolean): TemplateResult {
    return html`<button
      class="toggle ${name}"
      aria-pressed=${pressed ? 'true' : 'false'}
      aria-label=${label}
      title=${label}
      @click=${() => this.say('act', name)}
    >
      <span class="codicon codicon-${icon}" aria-hidden="true"></span>
    </button>`;
  }

  private viewButton(view: DetailView, label: string): TemplateResult {
    const pressed = this.view === view ? 'true' : 'false';
    return html`<button class="toggle" aria-pressed=${pressed} @click=${() => this.say('view', view)}>
      ${label}
    </button>`;
  }

  private body(row: RowDetail): TemplateResult {
    if (this.view === 'raw' && !this.draft) return html`<raw-line .row=${row}></raw-line>`;
    if (row.state === 'bad') {
      return html`<p class="trouble">${problemText(row)}</p>
        <pre class="raw" dir="auto">${withoutDisguise(row.text)}</pre>`;
    }
    if (row.state === 'blank') return html`<p class="hint">${t('This line is empty.')}</p>`;
    const large =
      row.state === 'large'
        ? html`<p class="hint">
            ${t('This row of {0} is too large to be read whole; this is its beginning.', bytes(row.bytes))}
          </p>`
        : nothing;
    if (row.json === null) return html`${large}`;
    const before: unknown = JSON.parse(row.json);
    const value = withEdits(before, row.review?.edits ?? []);
    if (this.editing) {
      const edits = this.draft?.line === row.line ? this.draft.edits : [];
      return html`<row-editor .value=${value} .cuts=${row.cuts} .draft=${edits}></row-editor>`;
    }
    if (this.view === 'json') return html`${large}<json-tree .value=${value} .cuts=${row.cuts} .open=${3}></json-tree>`;
    const { markdown } = this;
    const own = rowReading(value, before, { cuts: row.cuts, tokens: this.tokens, markdown });
    return html`${large}${row.otherHalf ? pairReading(row, value, row.otherHalf, own, markdown) : own}`;
  }

  /** Note and tags of the review. */
  private remarks({ review }: RowDetail): TemplateResult | typeof nothing {
    if (!review || (review.note === '' && review.tags.length === 0)) return nothing;
    return html`<section class="remarks">
      ${
        review.note === ''
          ? nothing
          : html`<h3>${t('Note')}</h3>
              <div class="text" dir="auto">${withoutDisguise(review.note)}</div>`
      }
      ${
        review.tags.length === 0
          ? nothing
          : html`<h3>${t('Tags')}</h3>
              <div>${review.tags.map((tag) => html`<span class="tag">${withoutDisguise(tag)}</span> `)}</div>`
      }
    </section>`;
  }
}
