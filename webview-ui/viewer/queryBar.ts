import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { queryCompletions, type CompletedField } from '../../src/core/datasets/view/queryCompletion';
import type { RowViewMessage } from '../../src/protocol/viewer';
import { count, t } from '../translate';

const TYPING_MS = 250;

/** The search and filter line, with completion of fields and conditions. Tells `query` what was typed. */
@customElement('query-bar')
export class QueryBar extends LitElement {
  @property({ attribute: false }) view: RowViewMessage | undefined;
  @property({ attribute: false }) fields: readonly CompletedField[] = [];
  @property({ attribute: false }) tags: readonly string[] = [];
  @state() private typed = '';
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** The query may come from elsewhere: a bar, a reload. What is being typed stays. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('view') || this.timer !== undefined) return;
    const query = this.view?.query ?? '';
    if (changed.get('view')?.query !== query) this.typed = query;
  }

  override focus(): void {
    const input = this.querySelector('input');
    input?.focus();
    input?.select();
  }

  protected override render(): TemplateResult {
    const { view } = this;
    const active = view !== undefined && (view.query !== '' || view.sort !== null);
    return html`<div class="query" role="search">
      <span class="codicon codicon-search" aria-hidden="true"></span>
      <input
        type="text"
        list="query-completions"
        spellcheck="false"
        autocomplete="off"
        aria-label=${t('Search or filter')}
        placeholder=${t('search, field:value, is:bad, confidence:<0.7  ( / )')}
        .value=${this.typed}
        @input=${this.onInput}
        @keydown=${this.onKey}
      />
      <datalist id="query-completions">
        ${this.completions().map((text) => html`<option value=${text}></option>`)}
      </datalist>
      ${
        active
          ? html`<span class="found" role="status"
                >${
                  view.complete
                    ? t('{0} found', count(view.rows))
                    : t('{0} found · {1} %', count(view.rows), Math.floor(view.scanned * 100))
                }</span
              >${
                view.sort
                  ? html`<span class="found">${view.sort.descending ? '↓' : '↑'} ${view.sort.field}</span>`
                  : nothing
              }<button
                class="toggle"
                title=${t('Show all rows (Esc)')}
                aria-label=${t('Show all rows (Esc)')}
                @click=${() => this.tell('')}
              >
                <span class="codicon codicon-clear-all" aria-hidden="true"></span>
              </button>`
          : nothing
      }
    </div>`;
  }

  private completions(): string[] {
    return queryCompletions(this.typed, this.fields, this.tags);
  }

  private readonly onInput = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement)) return;
    this.typed = event.target.value;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(this.typed), TYPING_MS);
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Enter') this.tell(this.typed);
    else if (event.key === 'Escape') this.tell('');
    else if (event.key !== 'ArrowDown' || this.completions().length > 0) return;
    this.dispatchEvent(new CustomEvent('leave'));
  };

  private tell(query: string): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.typed = query;
    this.dispatchEvent(new CustomEvent('query', { detail: query }));
  }
}
