import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { withoutDisguise } from '../../src/core/datasets/view/preview';
import type { RowDetail } from '../../src/protocol/rows';
import { host } from './host';
import { bytes, t } from '../translate';

/** A line as it stands in the file, or its beginning. */
@customElement('raw-line')
export class RawLine extends LitElement {
  @property({ attribute: false }) row: RowDetail | undefined;
  @state() private text: string | undefined;
  @state() private whole = true;
  @state() private trouble = '';
  private reading = new AbortController();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.reading.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('row') || !this.row) return;
    if (changed.get('row')?.line !== this.row.line) this.text = undefined;
    void this.read(this.row);
  }

  private async read({ line }: RowDetail): Promise<void> {
    this.reading.abort();
    this.reading = new AbortController();
    const { signal } = this.reading;
    try {
      const { text, whole } = await host.call('raw', { line }, signal);
      if (signal.aborted) return;
      this.text = text;
      this.whole = whole;
      this.trouble = '';
    } catch (error) {
      if (!signal.aborted) this.trouble = error instanceof Error ? error.message : String(error);
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const { row, text, whole, trouble } = this;
    if (trouble) return html`<p class="trouble" role="alert">${trouble}</p>`;
    if (!row || text === undefined) return nothing;
    return html`<pre class="raw" dir="auto">${withoutDisguise(text)}</pre>
      ${
        whole
          ? nothing
          : html`<p class="cut">${t('The line has {0}; only its beginning is shown here.', bytes(row.bytes))}</p>`
      }`;
  }
}
