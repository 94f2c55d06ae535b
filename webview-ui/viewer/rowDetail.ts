import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Provenance, RowDetail } from '../../src/protocol/rows';
import type { PanelState } from './host';
import { rowReading } from './rowReading';
import { problemText } from './tableRow';
import { bytes, count, t } from './translate';
import './jsonTree';

export type DetailView = PanelState['view'];

/** The selected row, whole. */
@customElement('row-detail')
export class RowDetailPane extends LitElement {
  @property({ attribute: false }) row: RowDetail | undefined;
  @property({ attribute: false }) provenance: Provenance | null | undefined;
  @property({ type: Boolean }) inRun = false;
  @property({ type: String }) view: DetailView = 'read';
  @property({ type: String }) trouble = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { row } = this;
    if (this.trouble) return html`<p class="trouble" role="alert">${this.trouble}</p>`;
    if (!row) return html`<p class="hint">${t('Select a row to read it.')}</p>`;
    return html`<header>
        <h2>${t('Row {0}', count(row.line + 1))}</h2>
        <span class="size">${bytes(row.bytes)}</span>
        <div class="views" role="group" aria-label=${t('How the row is shown')}>
          ${this.viewButton('read', t('Read'))}${this.viewButton('json', 'JSON')}${this.viewButton('raw', t('Raw'))}
        </div>
      </header>
      <div class="content" tabindex="-1">${this.body(row)} ${this.origin()}</div>`;
  }

  private viewButton(view: DetailView, label: string): TemplateResult {
    return html`<button
      class="toggle"
      aria-pressed=${this.view === view ? 'true' : 'false'}
      @click=${() => this.dispatchEvent(new CustomEvent('view', { detail: view }))}
    >
      ${label}
    </button>`;
  }

  private body(row: RowDetail): TemplateResult {
    if (row.state === 'bad') {
      return html`<p class="trouble">${problemText(row)}</p>
        <pre class="raw" dir="auto">${row.text}</pre>`;
    }
    if (row.state === 'blank') return html`<p class="hint">${t('This line is empty.')}</p>`;
    const large =
      row.state === 'large'
        ? html`<p class="hint">
            ${t('This row of {0} is too large to be read whole; this is its beginning.', bytes(row.bytes))}
          </p>`
        : nothing;
    if (row.json === null) return html`${large}`;
    const value: unknown = JSON.parse(row.json);
    if (this.view === 'raw')
      return html`${large}
        <pre class="raw" dir="auto">${row.json}</pre>`;
    if (this.view === 'json') return html`${large}<json-tree .value=${value} .cuts=${row.cuts} .open=${3}></json-tree>`;
    return html`${large}${rowReading(value, row.cuts)}`;
  }

  private origin(): TemplateResult | typeof nothing {
    const from = this.provenance;
    if (!from) return nothing;
    const at = from.lineStart === null ? from.file : `${from.file}:${from.lineStart}`;
    return html`<section class="origin">
      <h3>${t('Evidence')}</h3>
      ${
        from.evidence.length === 0
          ? html`<p>${this.sourceLink(at, 0)}</p>`
          : from.evidence.map(
              ({ text }, nth) =>
                html`<blockquote dir="auto">${text}</blockquote>
                  <p>${this.sourceLink(at, nth)}</p>`,
            )
      }
      ${from.validation ? this.verdict(from.validation) : nothing}
    </section>`;
  }

  private sourceLink(at: string, nth: number): TemplateResult {
    return html`<button
      class="link"
      title=${t('Reveal Source (s)')}
      @click=${() => this.dispatchEvent(new CustomEvent('reveal', { detail: nth }))}
    >
      <span class="codicon codicon-go-to-file" aria-hidden="true"></span> ${at}
    </button>`;
  }

  private verdict({ status, reason, verdict }: NonNullable<Provenance['validation']>): TemplateResult {
    const checks = ['grounded', 'no_hallucination', 'complete'].filter((name) => typeof verdict?.[name] === 'boolean');
    const confidence = verdict?.confidence;
    const errors: unknown[] = Array.isArray(verdict?.errors) ? verdict.errors : [];
    return html`<h3>${t('Validator')}</h3>
      <p class="verdict">
        <strong>${t(status)}</strong>${reason ? ` · ${reason}` : ''}
        ${checks.map((name) => {
          const good = verdict?.[name] === true;
          return html`<span class="check ${good ? 'good' : 'poor'}"
            >${t(name.replace(/_/gu, ' '))}
            <span
              class="codicon codicon-${good ? 'check' : 'close'}"
              role="img"
              aria-label=${good ? t('yes') : t('no')}
            ></span
          ></span>`;
        })}
        ${typeof confidence === 'number' ? html`<span>${confidence.toFixed(2)}</span>` : nothing}
      </p>
      ${errors.map((error) => html`<p class="note">${String(error)}</p>`)}`;
  }
}
