import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DatasetState } from '../../src/protocol/rows';
import { NARROWEST, WIDEST, type ShownColumn } from './columnLayout';
import { count, t } from '../translate';

const MOST_LISTED = 200;
const WIDTH_STEP = 40;

/**
 * Chooses the columns, their order and widths; nested keys can be columns of their own. Tells `columns` the names,
 * `resize-column` a width.
 */
@customElement('columns-dialog')
export class ColumnsDialog extends LitElement {
  @property({ attribute: false }) columns: DatasetState['columns'] = [];
  @property({ type: Number }) more = 0;
  @property({ attribute: false }) shown: readonly ShownColumn[] = [];
  @state() private wanted = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  open(): void {
    this.querySelector('dialog')?.showModal();
  }

  protected override render(): TemplateResult {
    const all = this.columns.flatMap(({ name, nested }) => [name, ...nested]);
    const names = this.shown.map(({ name }) => name);
    const wanted = this.wanted.toLowerCase();
    const others = all.filter((name) => !names.includes(name) && name.toLowerCase().includes(wanted));
    const typed = this.wanted === '' || all.includes(this.wanted) || names.includes(this.wanted) ? [] : [this.wanted];
    return html`<dialog class="help columns" aria-label=${t('Columns')}>
      <h2>${t('Columns')}</h2>
      <ol>
        ${this.shown.map((column, at) => this.shownColumn(column, names, at))}
      </ol>
      <input
        type="text"
        aria-label=${t('Find a column')}
        placeholder=${t('Find a column')}
        @input=${(event: Event) => {
          if (event.target instanceof HTMLInputElement) this.wanted = event.target.value.trim();
        }}
      />
      <ul>
        ${others.slice(0, MOST_LISTED).map((name) => this.hiddenColumn(name, names))}
        ${typed.map((name) => this.hiddenColumn(name, names, html` <span class="hint">${t('as typed')}</span>`))}
      </ul>
      ${
        others.length > MOST_LISTED || this.more > 0
          ? html`<p class="hint">${t('{0} more', count(Math.max(0, others.length - MOST_LISTED) + this.more))}</p>`
          : nothing
      }
      <form method="dialog">
        <button class="primary">${t('Close')}</button>
        <button class="secondary" type="button" @click=${() => this.tell(null)}>${t('As at First')}</button>
      </form>
    </dialog>`;
  }

  private shownColumn({ name, width }: ShownColumn, names: readonly string[], at: number): TemplateResult {
    const moved = (to: number) => {
      const rest = names.filter((other) => other !== name);
      this.tell([...rest.slice(0, to), name, ...rest.slice(to)]);
    };
    return html`<li>
      ${this.box(name, names)}
      <button class="toggle" aria-label=${t('Move {0} left', name)} ?disabled=${at === 0} @click=${() => moved(at - 1)}>
        <span class="codicon codicon-arrow-up" aria-hidden="true"></span>
      </button>
      <button
        class="toggle"
        aria-label=${t('Move {0} right', name)}
        ?disabled=${at === names.length - 1}
        @click=${() => moved(at + 1)}
      >
        <span class="codicon codicon-arrow-down" aria-hidden="true"></span>
      </button>
      <button
        class="toggle"
        aria-label=${t('Make {0} narrower', name)}
        ?disabled=${width <= NARROWEST}
        @click=${() => this.resize(name, width - WIDTH_STEP)}
      >
        <span class="codicon codicon-remove" aria-hidden="true"></span>
      </button>
      <button
        class="toggle"
        aria-label=${t('Make {0} wider', name)}
        ?disabled=${width >= WIDEST}
        @click=${() => this.resize(name, width + WIDTH_STEP)}
      >
        <span class="codicon codicon-add" aria-hidden="true"></span>
      </button>
      <button class="toggle" @click=${() => this.dispatchEvent(new CustomEvent('sort', { detail: name }))}>
        ${t('Sort')}
      </button>
    </li>`;
  }

  private hiddenColumn(name: string, shown: readonly string[], hint?: TemplateResult): TemplateResult {
    return html`<li>${this.box(name, shown, hint)}</li>`;
  }

  private box(name: string, shown: readonly string[], hint?: TemplateResult): TemplateResult {
    const checked = shown.includes(name);
    const toggle = () => {
      this.tell(checked ? shown.filter((other) => other !== name) : [...shown, name]);
    };
    return html`<label><input type="checkbox" .checked=${checked} @change=${toggle} /> ${name}${hint}</label>`;
  }

  private resize(name: string, wanted: number): void {
    const width = Math.max(NARROWEST, Math.min(WIDEST, wanted));
    this.dispatchEvent(new CustomEvent('resize-column', { detail: { name, width } }));
  }

  private tell(names: readonly string[] | null): void {
    this.dispatchEvent(new CustomEvent('columns', { detail: names }));
  }
}
