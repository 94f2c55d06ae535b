import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { TwinListMessage } from '../../src/protocol/viewer';
import { host } from './host';
import { amount, count, t } from '../translate';
import './twinGroup';

type Group = TwinListMessage['listed'][number];

const PAGE = 50;

/** Near-duplicates as groups, at a threshold that is moved without looking at the file again. */
@customElement('twins-pane')
export class TwinsPane extends LitElement {
  @property({ type: Number }) threshold = 0.8;
  @property({ type: Number }) generation = 0;
  /** Counts up with every verdict. */
  @property({ type: Number }) marks = 0;
  @state() private floor: number | undefined;
  @state() private list: TwinListMessage | undefined;
  @state() private shown = PAGE;
  /** The first row of the group that is shown; groups change with the threshold, their first rows seldom. */
  @state() private chosen: number | undefined;
  @state() private share = 0;
  @state() private trouble = '';
  private finding = new AbortController();
  private listing = new AbortController();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.finding.abort();
    this.listing.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('generation')) void this.find();
    else if (changed.has('threshold') || changed.has('marks')) void this.read();
  }

  /** Looks at the whole file, once. */
  private async find(): Promise<void> {
    this.finding.abort();
    this.finding = new AbortController();
    const { signal } = this.finding;
    this.floor = this.list = undefined;
    const stop = host.on('twinsCompared', ({ share }) => (this.share = share));
    try {
      const { floor } = await host.call('twins', {}, signal);
      if (signal.aborted) return;
      this.floor = floor;
      await this.read();
      await this.updateComplete;
      this.querySelector<HTMLElement>('.groups button')?.focus();
    } catch (error) {
      if (!signal.aborted) this.tell(error);
    } finally {
      stop();
    }
  }

  /** The groups at the threshold; only the latest that was asked for counts. */
  private async read(): Promise<void> {
    if (this.floor === undefined) return;
    this.listing.abort();
    this.listing = new AbortController();
    const { signal } = this.listing;
    try {
      const pages = Array.from({ length: Math.ceil(this.shown / PAGE) }, (_, page) => page * PAGE);
      const ask = (start: number) => host.call('twinGroups', { threshold: this.threshold, start, count: PAGE }, signal);
      const lists = await Promise.all(pages.map(ask));
      const [first] = lists;
      if (signal.aborted || !first) return;
      this.list = { ...first, listed: lists.flatMap(({ listed }) => listed) };
      this.trouble = '';
    } catch (error) {
      if (!signal.aborted) this.tell(error);
    }
  }

  private tell(error: unknown): void {
    this.trouble = error instanceof Error ? error.message : String(error);
  }

  protected override render(): TemplateResult {
    const { list, floor } = this;
    if (this.trouble && !list) return html`<p class="trouble" role="alert">${this.trouble}</p>`;
    if (floor === undefined || !list) {
      return html`<p class="hint" role="status">${t('Comparing all rows: {0} %', Math.floor(this.share * 100))}</p>`;
    }
    const chosen = list.listed.find(({ rows }) => rows[0]?.line === this.chosen) ?? list.listed[0];
    return html`<section class="twins" aria-label=${t('Twins')}>
      ${this.bar(floor, list)} ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      <ol class="groups" aria-label=${t('Groups')} @keydown=${this.onKey}>
        ${list.listed.map((group) => this.entry(group, group === chosen))}
        ${
          list.groups > list.listed.length
            ? html`<li>
                <button class="link" @click=${() => this.more()}>
                  ${t('{0} more', count(list.groups - list.listed.length))}
                </button>
              </li>`
            : nothing
        }
      </ol>
      ${
        chosen
          ? html`<twin-group .group=${chosen} .threshold=${this.threshold} .marks=${this.marks}></twin-group>`
          : html`<p class="hint">${t('No rows are this much alike.')}</p>`
      }
    </section>`;
  }

  private bar(floor: number, list: TwinListMessage): TemplateResult {
    const percent = Math.round(this.threshold * 100);
    return html`<div class="bar">
      <label
        >${t('Alike from')}
        <input
          type="range"
          min=${Math.round(floor * 100)}
          max="100"
          step="1"
          .value=${String(percent)}
          aria-valuetext=${t('{0} %', percent)}
          @input=${(event: Event) => {
            if (event.target instanceof HTMLInputElement) this.move(Number(event.target.value) / 100);
          }}
        />
        <output>${t('{0} %', percent)}</output></label
      >
      <span role="status"
        >${amount(list.groups, '1 group', '{0} groups')} ·
        ${amount(list.spare, '1 row to spare', '{0} rows to spare')}</span
      >
      <button class="secondary" ?disabled=${list.spare === 0} @click=${() => void this.keepFirsts()}>
        ${t('Keep the First of Each…')}
      </button>
    </div>`;
  }

  private entry(group: Group, chosen: boolean): TemplateResult {
    const [first] = group.rows;
    if (!first) return html``;
    const open = group.rows.filter(({ verdict }) => verdict !== 'rejected').length;
    const settled = open <= 1 && group.rows.length === group.size;
    return html`<li>
      <button aria-current=${chosen ? 'true' : 'false'} @click=${() => (this.chosen = first.line)}>
        <span class="size"
          >${settled ? html`<span class="codicon codicon-check" aria-hidden="true"></span>` : nothing}
          ${amount(group.size, '1 row', '{0} rows')}${settled ? html`<span class="hidden">${t('settled')}</span>` : nothing}</span
        >
        <span class="title">${first.title}</span>
      </button>
    </li>`;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const step = ['j', 'ArrowDown'].includes(event.key) ? 1 : ['k', 'ArrowUp'].includes(event.key) ? -1 : 0;
    if (step === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const buttons = [...this.querySelectorAll<HTMLElement>('.groups button[aria-current]')];
    const at = buttons.findIndex((button) => button === document.activeElement);
    const next = buttons[at + step];
    if (at === -1 || !next) return;
    event.preventDefault();
    next.focus();
    next.click();
  };

  private move(threshold: number): void {
    this.shown = PAGE;
    this.dispatchEvent(new CustomEvent('threshold', { detail: threshold }));
  }

  private more(): void {
    this.shown += PAGE;
    void this.read();
  }

  private async keepFirsts(): Promise<void> {
    try {
      await host.call('keepFirstTwins', { threshold: this.threshold });
    } catch (error) {
      this.tell(error);
    }
  }
}
