import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { typeOf } from '../../src/core/datasets/view/fields';
import { withoutDisguise } from '../../src/core/datasets/view/preview';
import type { PartTokensMessage, RowDetail } from '../../src/protocol/rows';
import { amount, count, t } from '../translate';

type Path = readonly (string | number)[];

const FIRST_ENTRIES = 100;

/** A JSON value as a tree of native disclosures: keyboard and screen reader know them. */
@customElement('json-tree')
export class JsonTree extends LitElement {
  @property({ attribute: false }) value: unknown;
  /** What was left out on the way here. */
  @property({ attribute: false }) cuts: RowDetail['cuts'] = [];
  /** Where the value stands in the row: `cuts` and `tokens` are named from the row's root. */
  @property({ attribute: false }) root: Path = [];
  @property({ attribute: false }) tokens: PartTokensMessage = [];
  /** Levels open at first. */
  @property({ type: Number }) open = 2;
  /** How many entries are shown of the lists that were asked for more, by path. */
  @state() private more: ReadonlyMap<string, number> = new Map();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    return html`<div class="tree">${this.node(this.value, this.root)}</div>`;
  }

  private node(value: unknown, path: Path): TemplateResult {
    if (typeof value !== 'object' || value === null) return this.leaf(value, path);
    const entries: [string | number, unknown][] = Array.isArray(value)
      ? value.map((item: unknown, at) => [at, item])
      : Object.entries(value);
    if (entries.length === 0 && !this.cutAt(path)) return html`<span class="empty">${brackets(value)}</span>`;
    return this.entries(entries, path);
  }

  private entries(entries: readonly [string | number, unknown][], path: Path): TemplateResult {
    const id = JSON.stringify(path);
    const shown = this.more.get(id) ?? FIRST_ENTRIES;
    const cut = this.cutAt(path);
    return html`<ul>
      ${entries.slice(0, shown).map(([key, item]) => html`<li>${this.entry(key, item, [...path, key])}</li>`)}
      ${
        entries.length > shown
          ? html`<li>
              <button class="link" @click=${() => (this.more = new Map(this.more).set(id, shown + 1000))}>
                ${t('{0} more', count(entries.length - shown))}
              </button>
            </li>`
          : cut
            ? html`<li class="cut">${t('{0} in all; the rest is not shown here', count(cut.total))}</li>`
            : nothing
      }
    </ul>`;
  }

  private entry(key: string | number, value: unknown, path: Path): TemplateResult {
    const name = html`<span class="key">${typeof key === 'string' ? withoutDisguise(key) : key}</span>`;
    if (typeof value !== 'object' || value === null) return html`${name} ${this.leaf(value, path)}`;
    const size = this.cutAt(path)?.total ?? Object.keys(value).length;
    if (size === 0) return html`${name} <span class="empty">${brackets(value)}</span>`;
    const summary = Array.isArray(value) ? amount(size, '1 item', '{0} items') : amount(size, '1 key', '{0} keys');
    return html`<details ?open=${path.length - this.root.length < this.open && size <= 50}>
      <summary>${name} <span class="empty">${summary}</span></summary>
      ${this.node(value, path)}
    </details>`;
  }

  private leaf(value: unknown, path: Path): TemplateResult {
    const cut = this.cutAt(path);
    const counted = this.tokens.find((it) => isSame(it.path, path));
    return html`<span class="value ${typeOf(value)}"
        >${typeof value === 'string' ? withoutDisguise(value) : JSON.stringify(value)}</span
      >${counted ? html` <span class="tokens">${amount(counted.tokens, '1 token', '{0} tokens')}</span>` : nothing}${cut ? html` <span class="cut">${t('{0} characters in all; the rest is not shown here', count(cut.total))}</span>` : nothing}`;
  }

  private cutAt(path: Path): RowDetail['cuts'][number] | undefined {
    return this.cuts.find((cut) => isSame(cut.path, path));
  }
}

function isSame(one: Path, other: Path): boolean {
  return one.length === other.length && one.every((step, at) => step === other[at]);
}

function brackets(value: unknown): string {
  return Array.isArray(value) ? '[]' : '{}';
}
