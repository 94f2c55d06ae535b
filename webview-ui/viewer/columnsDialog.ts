import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DatasetState } from '../../src/protocol/rows';
import { count, t } from '../translate';

const MOST_LISTED = 200;

/** Chooses the columns and their order; nested keys can be columns of their own. Tells `columns` the names. */
@customElement('columns-dialog')
export class ColumnsDialog extends LitElement {
  @property({ attribute: false }) columns: DatasetState['columns'] = [];
  @property({ type: Number }) more = 0;
  @property({ attribute: false }) shown: readonly string[] = [];
  @state() private wanted = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  open(): void {
    this.querySelector('dialog')?.showModal();
  }

  protected override render(): TemplateResult {
    const all = this.columns.flatMap(({ name, nested }) => [name, ...nested]);
    const others = all.filter((name) => !this.shown.includes(name) && name.toLowerCase().includes(this.wanted));
    return html`<dialog class="help columns" aria-label=${t('Columns')}>
      <h2>${t('Columns')}</h2>
      <ol>
        ${this.shown.map((name, at) => this.shownColumn(name, at))}
      </ol>
      <input
        type="text"
        aria-label=${t('Find a column')}
        placeholder=${t('Find a column')}
        @input=${(event: Event) => {
          if (event.target instanceof HTMLInputElement) this.wanted = event.target.value.toLowerCase();
        }}
      />
      <ul>
        ${others.slice(0, MOST_LISTED).map((name) => this.hiddenColumn(name))}
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

  private shownColumn(name: string, at: number): TemplateResult {
    const moved = (to: number) => {
      const rest = this.shown.filter((other) => other !== name);
      this.tell([...rest.slice(0, to), name, ...rest.slice(to)]);
    };
    return html`<li>
      ${this.box(name, true)}
      <button class="toggle" aria-label=${t('Move {0} left', name)} ?disabled=${at === 0} @click=${() => moved(at - 1)}>
        <span class="codicon codicon-arrow-up" aria-hidden="true"></span>
      </button>
      <button
        class="toggle"
        aria-label=${t('Move {0} right', name)}
        ?disabled=${at === this.shown.length - 1}
        @click=${() => moved(at + 1)}
      >
        <span class="codicon codicon-arrow-down" aria-hidden="true"></span>
      </button>
      <button class="toggle" @click=${() => this.dispatchEvent(new CustomEvent('sort', { detail: name }))}>
        ${t('Sort')}
      </button>
    </li>`;
  }

  private hiddenColumn(name: string): TemplateResult {
    return html`<li>${this.box(name, false)}</li>`;
  }

  private box(name: string, checked: boolean): TemplateResult {
    const toggle = () => {
      this.tell(checked ? this.shown.filter((other) => other !== name) : [...this.shown, name]);
    };
    return html`<label><input type="checkbox" .checked=${checked} @change=${toggle} /> ${name}</label>`;
  }

  private tell(names: readonly string[] | null): void {
    this.dispatchEvent(new CustomEvent('columns', { detail: names }));
  }
}
