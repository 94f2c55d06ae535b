import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { inlineStyle } from './inlineStyle';
import type { RowPreview } from '../../src/protocol/rows';
import type { SortOrder } from '../../src/protocol/rows';
import type { ShownColumn } from './columnLayout';
import { tableKey } from './tableKeys';
import { resizer } from './columnResize';
import { rowTemplate } from './tableRow';
import { PAGE_ROWS, RowPages, type FetchRows } from './rowPages';
import { areaHeight, isScaled, lastTop, scrollTopAt, topAt, topShowing, visibleRows } from './scaledScroll';
import type { ScrollGeometry } from './scaledScroll';
import { count, t } from '../translate';

export const ROW_HEIGHT = 24;
const HEADER_HEIGHT = 26;
const MARK_WIDTH = 28;
/** How long a jump may leave the old rows in sight while its own are on their way. */
const PATIENCE_MS = 100;
/** So many pixels from where it was put, browsers may let a scrollbar stand in an area of millions of them. */
const ROUNDED = 2;
/** Widths of the line number and of the mark before the data columns. */
const FIXED_COLUMNS = `var(--line-width) ${MARK_WIDTH}px`;

/**
 * The table: only rows in sight are in the document. One tab stop; the active row is told to assistive technology by
 * `aria-activedescendant`.
 */
@customElement('row-table')
export class RowTable extends LitElement {
  @property({ attribute: false }) columns: readonly ShownColumn[] = [];
  /** Rows of the view. */
  @property({ type: Number }) total = 0;
  /** Lines of the file: how wide their numbers get. */
  @property({ type: Number }) lines = 0;
  /** Rows of another generation, order or set of columns are other rows. */
  @property({ type: String }) content = '';
  /** Counts up when marks on the rows changed, though the rows are the same. */
  @property({ type: Number }) marks = 0;
  @property({ type: Number }) active = 0;
  /** Places of the selected rows. */
  @property({ attribute: false }) chosen: { first: number; last: number } = { first: 0, last: 0 };
  @property({ attribute: false }) sort: SortOrder | null = null;
  @property({ attribute: false }) fetchRows: FetchRows = () => Promise.resolve([]);
  @state() private viewport = 0;
  /** Where the table is, or is about to be, in pixels of all rows. */
  private top = 0;
  /** Where it is drawn: a jump stays behind `top` until its rows are at hand. */
  private drawn = 0;
  /** The active and the selected rows as they are drawn: with a jump, they move when its rows do. */
  private marked = { active: 0, first: 0, last: 0 };
  private patience: ReturnType<typeof setTimeout> | undefined;
  /** Whom to tell when the jump is drawn, or never will be. */
  private readonly waiting: (() => void)[] = [];
  /** The scrollbar is not yet where `drawn` is. */
  private isBehind = false;
  private readonly pages = new RowPages(
    (start, count, signal) => this.fetchRows(start, count, signal),
    () => this.requestUpdate(),
    (error) => this.dispatchEvent(new CustomEvent('failed', { detail: error })),
  );
  private readonly sized = new ResizeObserver(() => this.measure());

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sized.disconnect();
    clearTimeout(this.patience);
    this.tellWaiting();
  }

  protected override firstUpdated(): void {
    this.sized.observe(this.scroller);
    this.measure();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('content')) this.pages.clear();
    else if (changed.has('marks')) this.pages.refresh();
    else if (changed.has('total')) this.pages.grew(changed.get('total') ?? 0);
    this.top = Math.min(this.top, lastTop(this.geometry));
    this.drawn = Math.min(this.drawn, lastTop(this.geometry));
    const { first, end } = visibleRows(this.top, this.geometry);
    if (this.viewport > 0) this.pages.show(first, end, this.total);
    if (this.drawn !== this.top && this.pages.has(first, end)) this.arrive();
    if (this.drawn === this.top) this.marked = { active: this.active, ...this.chosen };
  }

  /** Moving the scrollbar makes the browser lay out: once, with the rows that belong to its place. */
  protected override updated(): void {
    if (!this.isBehind) return;
    this.isBehind = false;
    this.scroller.scrollTop = scrollTopAt(this.drawn, this.geometry);
  }

  override focus(): void {
    this.scroller.focus({ preventScroll: true });
  }

  /** The row at a position, if it is at hand. */
  row(position: number): RowPreview | undefined {
    return this.pages.get(position);
  }

  /** The first pixel in sight: what a reload restores. */
  get position(): number {
    return this.top;
  }

  /** Takes the place of before a reload: the rows that were in sight, whether the active one was among them or not. */
  restore({ top, active }: { top: number; active: number }): void {
    this.scrollToTop(top);
    this.tellActive(active, false);
  }

  /** Scrolls to a pixel; used to restore a position. */
  scrollToTop(top: number): void {
    this.top = Math.max(0, Math.min(top, lastTop(this.geometry)));
    this.arrive();
  }

  /**
   * Scrolls as little as brings a row into sight. Rows that are not at hand are waited for: drawing empty ones first
   * would hold up those that come.
   */
  private show(position: number): void {
    const top = topShowing(position, this.top, this.geometry);
    if (top === this.top) return;
    this.top = top;
    this.patience ??= setTimeout(() => this.arrive(), PATIENCE_MS);
    this.requestUpdate();
  }

  /** Takes the scrollbar along. */
  private arrive(): void {
    this.isBehind = true;
    this.draw();
  }

  private draw(): void {
    clearTimeout(this.patience);
    this.patience = undefined;
    this.drawn = this.top;
    this.requestUpdate();
    this.tellWaiting();
  }

  private tellWaiting(): void {
    for (const go of this.waiting.splice(0)) go();
  }

  /** Until a jump's rows are drawn: what is asked for before would hold them up. */
  async arrived(): Promise<void> {
    if (this.drawn !== this.top) await new Promise<void>((resolve) => this.waiting.push(resolve));
    await this.updateComplete;
  }

  /** Makes the row at a position the active one. */
  go(position: number): void {
    this.activate(position);
  }

  /** The same, with its neighbours on both sides in sight. */
  goBetween(position: number): void {
    this.scrollToTop(position * ROW_HEIGHT - (this.viewport - ROW_HEIGHT) / 2);
    this.activate(position);
  }

  private get scroller(): HTMLElement {
    const found = this.querySelector('.table');
    if (!(found instanceof HTMLElement)) throw new Error('The table is asked to scroll before it is shown.');
    return found;
  }

  private get geometry(): ScrollGeometry {
    return { rows: this.total, rowHeight: ROW_HEIGHT, viewport: this.viewport };
  }

  protected override render(): TemplateResult {
    const { first, end } = visibleRows(this.drawn, this.geometry);
    const rows = Array.from({ length: end - first }, (_, at) => first + at);
    const wide = this.columns.reduce((sum, { width }) => sum + width, 0);
    const style = {
      '--columns': `${FIXED_COLUMNS} ${this.columns.map(({ width }) => `${width}px`).join(' ')}`,
      '--line-width': `${lineWidth(this.lines)}px`,
      '--data-width': `${wide}px`,
    };
    const { marked } = this;
    const shown = marked.active >= first && marked.active < end;
    return html`<div
      class="table"
      role="grid"
      tabindex="0"
      aria-label=${t('Rows')}
      aria-multiselectable="true"
      aria-rowcount=${this.total + 1}
      aria-colcount=${this.columns.length + 2}
      aria-activedescendant=${shown ? `row-${marked.active}` : nothing}
      ${inlineStyle(style)}
      @scroll=${this.onScroll}
      @wheel=${this.onWheel}
      @keydown=${this.onKey}
    >
      <div class="area" ${inlineStyle({ height: `${areaHeight(this.geometry) + HEADER_HEIGHT}px` })}>
        ${this.header()}
        <div class="rows" ${inlineStyle({ height: `${this.viewport}px` })}>
          ${rows.map((position) =>
            rowTemplate({
              position,
              row: this.pages.get(position),
              columns: this.columns,
              active: position === marked.active,
              selected: position >= marked.first && position <= marked.last,
              offset: position * ROW_HEIGHT - this.drawn,
              choose: this.choose,
            }),
          )}
        </div>
      </div>
    </div>`;
  }

  private header(): TemplateResult {
    return html`<div class="header row" role="row" aria-rowindex="1">
      <span role="columnheader" class="line" aria-colindex="1">#</span>
      <span role="columnheader" class="mark" aria-colindex="2"><span class="hidden">${t('State')}</span></span>
      ${this.columns.map(
        ({ name, type }, at) =>
          html`<span
            role="columnheader"
            class="heading"
            aria-colindex=${at + 3}
            aria-sort=${this.sortOf(name)}
            title=${`${name} · ${type}`}
            @click=${() => this.dispatchEvent(new CustomEvent('sort', { detail: name }))}
            ><span class="name">${name}</span>${
              this.sort?.field === name
                ? html` <span class="codicon codicon-arrow-${this.sort.descending ? 'down' : 'up'}"></span>`
                : nothing
            }${resizer(this, name)}</span
          >`,
      )}
    </div>`;
  }

  private sortOf(name: string): 'ascending' | 'descending' | 'none' {
    if (this.sort?.field !== name) return 'none';
    return this.sort.descending ? 'descending' : 'ascending';
  }

  private readonly choose = (position: number, extend: boolean): void => {
    this.focus();
    this.activate(position, extend);
  };

  /** `extend`: from where the selection began up to here. */
  private activate(position: number, extend = false): void {
    this.show(this.within(position));
    this.tellActive(position, extend);
  }

  private tellActive(position: number, extend: boolean): void {
    this.dispatchEvent(new CustomEvent('activate', { detail: { position: this.within(position), extend } }));
  }

  private within(position: number): number {
    return Math.max(0, Math.min(this.total - 1, position));
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(this.viewport / ROW_HEIGHT) - 1);
    const move = tableKey(event, page);
    if (move === undefined || this.total === 0) return;
    event.preventDefault();
    this.activate(move === 'first' ? 0 : move === 'last' ? this.total - 1 : this.active + move, event.shiftKey);
  };

  private readonly onScroll = (): void => {
    if (this.isBehind) return; // It is about to be moved on.
    this.dispatchEvent(new CustomEvent('scrolled'));
    const { scrollTop } = this.scroller;
    // A scaled scrollbar knows rows only roughly: as long as it stands where we put it, our own place is the finer one.
    if (Math.abs(scrollTopAt(this.drawn, this.geometry) - scrollTop) <= ROUNDED) return;
    this.top = topAt(scrollTop, this.geometry);
    this.draw();
  };

  /** In a scaled area the browser would skip rows: a wheel moves by the pixels it says. */
  private readonly onWheel = (event: WheelEvent): void => {
    if (!isScaled(this.geometry) || event.ctrlKey || event.deltaY === 0) return;
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? ROW_HEIGHT : 1;
    this.scrollToTop(this.top + event.deltaY * unit);
  };

  private measure(): void {
    const viewport = Math.max(0, this.scroller.clientHeight - HEADER_HEIGHT);
    this.viewport = viewport;
    const available = this.scroller.clientWidth - lineWidth(this.lines) - MARK_WIDTH;
    this.dispatchEvent(new CustomEvent('sized', { detail: available }));
  }
}

/** The first row that is asked for when the table stands at a pixel. */
export function pageStart(top: number): number {
  return Math.floor(top / ROW_HEIGHT / PAGE_ROWS) * PAGE_ROWS;
}

function lineWidth(total: number): number {
  return 18 + Math.max(2, count(total).length) * 8;
}
