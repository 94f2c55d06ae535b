import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { SortOrder } from '../../src/protocol/rows';
import type { RowViewMessage, ViewerSnapshot, ViewerTab } from '../../src/protocol/viewer';
import type { Edit } from '../../src/core/datasets/view/reviewState';
import { validatorFields } from '../../src/core/datasets/view/query';
import type { CompletedField } from '../../src/core/datasets/view/queryCompletion';
import { act, type Place, type Workplace } from './act';
import * as actions from './actions';
import { shownColumns, type ShownColumn } from './columnLayout';
import { ColumnsDialog } from './columnsDialog';
import { host, loadState, saveState, type Draft, type PanelState } from './host';
import { inlineStyle } from './inlineStyle';
import { keysHelp } from './keysHelp';
import { LinePrompt } from './prompt';
import { QueryBar } from './queryBar';
import type { DetailView } from './rowDetail';
import { pageStart, ROW_HEIGHT, RowTable } from './rowTable';
import { ViewerSession } from './session';
import { splitter } from './splitter';
import { viewerFoot, viewerHeading } from './viewerFrame';
import { actionOf, type Action } from './viewerKeys';
import { otherTab, type TabActs } from './viewerTabs';
import './rowDetail';

const REMEMBER_MS = 200;

/** The panel: table, detail pane, review. Its own are the place, the looks and the chosen rows; the rest is the session's. */
@customElement('dataset-viewer')
export class DatasetViewer extends LitElement implements Workplace {
  @state() private look: PanelState = loadState();
  @state() editing = false;
  /** An edit that was begun before the page was loaded, until its row is read. */
  private begun = this.look.draft !== null;
  @state() private available = 600;
  /** The other end of the selection. */
  @state() private anchor = this.look.active;
  /** Where all rows are selected, as many as there were. */
  @state() private all: { first: number; last: number } | undefined;
  private remembering: ReturnType<typeof setTimeout> | undefined;
  /** Counts up when the person chooses a row: an answer that comes later must not choose another. */
  private moves = 0;
  /** The table whose place was restored: coming back from another tab makes a new one. */
  private restored: RowTable | undefined;
  /** Where the person was before the page was loaded, until its rows are there. */
  private place: { readonly active: number; readonly top: number } | undefined = {
    active: this.look.active,
    top: this.look.top,
  };
  readonly session = new ViewerSession(
    this,
    () => ({ columns: this.look.columns, start: pageStart(this.look.top) }),
    (before) => this.arrived(before),
  );

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { draft } = this.look;
    if (changed.get('editing') === true) this.change({ draft: null });
    else if (this.begun && draft !== null && draft.line === this.session.detail?.line) {
      this.begun = false;
      this.editing = true;
    }
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('look')) this.remember();
  }

  /** At once: the page of a tab that is left is gone without a word. */
  private remember(): void {
    clearTimeout(this.remembering);
    this.remembering = undefined;
    saveState({ ...this.look, ...this.place, top: this.top });
  }

  /** Not at every pixel: it is a message to the window. */
  private rememberSoon(): void {
    this.remembering ??= setTimeout(() => this.remember(), REMEMBER_MS);
  }

  private get top(): number {
    return this.place?.top ?? this.table?.position ?? this.look.top;
  }

  get chosen(): { first: number; last: number } {
    const { active } = this.look;
    return this.all ?? { first: Math.min(active, this.anchor), last: Math.max(active, this.anchor) };
  }

  get tab(): ViewerTab {
    return this.look.tab;
  }

  get columns(): readonly string[] {
    return this.shown.map(({ name }) => name);
  }

  private get shown(): ShownColumn[] {
    const columns = this.session.snapshot?.dataset.columns ?? [];
    return shownColumns(columns, this.look.columns, this.look.widths, this.available);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { snapshot, trouble } = this.session;
    if (!snapshot) return trouble ? html`<p class="trouble" role="alert">${trouble}</p>` : nothing;
    const sides = { '--detail-share': `${this.look.detailShare * 100}%` };
    return html`<main class="viewer" tabindex="-1" ${inlineStyle(sides)} @keydown=${this.onKey}>
      ${viewerHeading(
        snapshot,
        html`<query-bar
          .view=${snapshot.view}
          .fields=${completedFields(snapshot)}
          .tags=${snapshot.review.tags}
          @query=${(event: CustomEvent<string>) => this.tabActs.query(event.detail)}
          @leave=${() => this.focusOn('table')}
        ></query-bar>`,
        this.look.tab,
        { apply: () => this.session.applyReview(), show: (tab) => this.showTab(tab) },
      )}
      ${this.look.tab === 'table' ? this.tableTemplate(snapshot) : otherTab(snapshot, this.look, this.tabActs)}
      ${viewerFoot(snapshot, this.session, () => this.focusOn('keys'))} ${keysHelp()}
      <columns-dialog
        .columns=${snapshot.dataset.columns}
        .more=${snapshot.dataset.moreColumns}
        .shown=${this.shown}
        @resize-column=${this.onResize}
        @columns=${(event: CustomEvent<string[] | null>) => (this.look = { ...this.look, columns: event.detail })}
        @sort=${(event: CustomEvent<string>) => this.sortBy(event.detail)}
      ></columns-dialog>
    </main>`;
  }

  private tableTemplate({ dataset, review, view }: ViewerSnapshot): TemplateResult {
    const { shown } = this;
    return html`<row-table
        .columns=${shown}
        .total=${view.rows}
        .lines=${dataset.lines}
        .marks=${review.version}
        .active=${this.look.active}
        .chosen=${this.chosen}
        .sort=${view.sort}
        .content=${`${dataset.generation} ${view.version} ${JSON.stringify(this.columns)}`}
        .fetchRows=${this.fetcher(this.columns)}
        @activate=${this.onActivate}
        @scrolled=${() => this.rememberSoon()}
        @sized=${this.onSized}
        @sort=${(event: CustomEvent<string>) => this.sortBy(event.detail)}
        @failed=${(event: CustomEvent<unknown>) => this.session.tell(event.detail)}
        @resize-column=${this.onResize}
      ></row-table>
      ${splitter(this.look.detailShare, (detailShare) => (this.look = { ...this.look, detailShare }))}
      ${this.detailTemplate()}`;
  }

  private change(changed: Partial<PanelState>): void {
    this.look = { ...this.look, ...changed };
  }

  /** The pairs begin with the row that was read. */
  showTab(tab: ViewerTab, asked = this.look.asked): void {
    const line = tab === 'pairs' ? this.session.detail?.line : undefined;
    this.change({ tab, asked, pairsLine: line ?? this.look.pairsLine, top: this.top });
    // What had the focus is gone with its tab: keys go on to be heard.
    void this.updateComplete.then(() => {
      if (document.activeElement === document.body) this.querySelector('main')?.focus();
    });
  }

  private readonly tabActs: TabActs = {
    change: (changed) => this.change(changed),
    query: (text) => {
      this.change({ tab: 'table' });
      this.query(text);
    },
    show: (query, order) => {
      this.change({ tab: 'table' });
      this.show(query, order);
    },
    showRow: (line) => {
      this.change({ tab: 'table' });
      void this.updateComplete.then(() => actions.goToLine(this, line));
    },
  };

  private detailTemplate(): TemplateResult {
    const { detail, provenance, tokens } = this.session;
    return html`<row-detail
      .row=${detail}
      .provenance=${provenance}
      .tokens=${tokens}
      .markdown=${this.look.markdown}
      .view=${this.look.view}
      .editing=${this.editing}
      .draft=${this.look.draft}
      @draft=${(event: CustomEvent<Draft['edits']>) => this.keepDraft(event.detail)}
      @view=${(event: CustomEvent<DetailView>) => this.change({ view: event.detail })}
      @markdown=${(event: CustomEvent<boolean>) => this.change({ markdown: event.detail })}
      @act=${(event: CustomEvent<Action>) => void act(this, event.detail)}
      @reveal=${(event: CustomEvent<number>) => void this.session.reveal(event.detail)}
      @save-edit=${(event: CustomEvent<Edit[]>) => void this.saveEdit(event.detail)}
      @cancel-edit=${() => void act(this, 'back')}
    ></row-detail>`;
  }

  /** Lit compares properties by identity: one function for one set of columns. */
  private fetched: { key: string; fetch: RowTable['fetchRows'] } | undefined;
  private fetcher(columns: readonly string[]): RowTable['fetchRows'] {
    const key = JSON.stringify(columns);
    if (this.fetched?.key !== key) {
      const fetch: RowTable['fetchRows'] = (start, rows, signal) =>
        this.session.rows(start, rows, [...columns], signal);
      this.fetched = { key, fetch };
    }
    return this.fetched.fetch;
  }

  private arrived(before: ViewerSnapshot | undefined): void {
    const { snapshot } = this.session;
    if (!snapshot) return;
    const { wanted } = snapshot;
    if (wanted && wanted.at !== this.look.asked) this.showTab(wanted.tab, wanted.at);
    if (before === undefined && !isShown(this.look, snapshot.view)) {
      const { query, sort } = this.look;
      void this.session.attempt(async () => {
        await host.call('view', { query, sort });
      });
      return;
    }
    if (snapshot.view.rows === 0 || this.isOnTheWay(snapshot)) return;
    const first = before === undefined || before.view.rows === 0;
    const replaced = !first && before.dataset.generation !== snapshot.dataset.generation;
    const judged = !first && before.review.version !== snapshot.review.version;
    // Not when something else was asked for: its rows begin at their top.
    const isSame = !first && isShown(before.view, snapshot.view);
    const reordered = isSame && before.view.version !== snapshot.view.version;
    // The table may be about to be shown for the first time.
    if (first || replaced) void this.updateComplete.then(() => this.go(this.look.active));
    else if (reordered) void this.stay();
    else if (judged) void this.session.read(this.look.active);
  }

  /** Whether the rows of where the person was are still to come; takes the person there when they have. */
  private isOnTheWay({ dataset, view }: ViewerSnapshot): boolean {
    const { place } = this;
    if (!place) return false;
    const end = Math.max(place.active + 1, (place.top + window.innerHeight) / ROW_HEIGHT);
    if (!isShown(this.look, view) || (view.rows < end && !(view.complete && dataset.complete))) return true;
    void this.updateComplete.then(() => this.takePlace());
    return true;
  }

  private takePlace(): void {
    const { place, table } = this;
    if (!place || !table) return;
    const { moves } = this;
    table.restore(place);
    this.moves = moves;
  }

  /** The rows are in another order, or there are more of them: the one that was read stays where it is in sight. */
  private async stay(): Promise<void> {
    const { moves, table } = this;
    const line = this.session.detail?.line;
    if (line === undefined) return;
    await this.session.attempt(async () => {
      const { position } = await host.call('positionOf', { line });
      if (position === null || this.moves !== moves) return;
      const { active } = this.look;
      this.anchor = position;
      this.change({ active: position });
      await this.updateComplete;
      table?.scrollToTop(table.position + (position - active) * ROW_HEIGHT);
    });
  }

  private keepDraft(edits: Draft['edits']): void {
    const line = this.session.detail?.line;
    if (line !== undefined) this.change({ draft: { line, edits } });
  }

  query(text: string): void {
    if (text !== this.look.query) this.show(text, this.look.sort);
  }

  /** Up, down, and as the file has it. */
  private sortBy(field: string): void {
    const { sort } = this.look;
    if (sort?.field !== field) this.show(this.look.query, { field, descending: false });
    else this.show(this.look.query, sort.descending ? null : { field, descending: true });
  }

  private show(query: string, sort: SortOrder | null): void {
    const line = this.session.detail?.line;
    this.place = undefined;
    this.look = { ...this.look, query, sort, active: 0, top: 0 };
    this.anchor = 0;
    this.all = undefined;
    const { moves } = this;
    this.table?.scrollToTop(0);
    void this.session.attempt(async () => {
      await host.call('view', { query, sort });
      if (query !== '' || sort || line === undefined || this.moves !== moves) return;
      // Back among all rows: the row that was read stays the one that is read.
      const { position } = await host.call('positionOf', { line });
      if (position === null || this.moves !== moves) return;
      this.table?.goBetween(position);
      this.moves = moves;
    });
  }

  selectAll(): void {
    const rows = this.session.snapshot?.view.rows ?? 0;
    if (rows > 0) this.all = { first: 0, last: rows - 1 };
  }

  /** What the panel does by itself does not count as the person's move. */
  go(position: number): void {
    const { moves } = this;
    this.table?.go(position);
    this.moves = moves;
  }

  private readonly onActivate = ({ detail }: CustomEvent<{ position: number; extend: boolean }>): void => {
    const { position, extend } = detail;
    this.place = undefined;
    if (position !== this.look.active) {
      this.editing = this.begun = false;
      this.change({ draft: null });
    }
    if (!extend) this.anchor = position;
    this.all = undefined;
    this.moves++;
    this.look = { ...this.look, active: position };
    void this.readShown(position);
  };

  /** The table comes first. */
  private async readShown(position: number): Promise<void> {
    await this.updateComplete;
    await this.table?.arrived();
    if (position === this.look.active) await this.session.read(position);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const action = actionOf(event, this.look.tab);
    if (action === undefined) return;
    event.preventDefault();
    void act(this, action);
  };

  private async saveEdit(edits: readonly Edit[]): Promise<void> {
    const { detail } = this.session;
    const { active } = this.look;
    if (!detail || !(await actions.saveAndApprove(this, detail.line, edits))) return;
    this.editing = false;
    this.focusOn('table');
    this.go(active + 1);
  }

  async ask(label: string, value = ''): Promise<string | undefined> {
    const answer = await this.element(LinePrompt, 'line-prompt')?.ask(label, value);
    this.focusOn('table');
    return answer;
  }

  focusOn(place: Place): void {
    switch (place) {
      case 'table':
        this.table?.focus();
        return;
      case 'search':
        this.element(QueryBar, 'query-bar')?.focus();
        return;
      case 'content':
        this.querySelector<HTMLElement>('row-detail .content')?.focus();
        return;
      case 'columns':
        this.element(ColumnsDialog, 'columns-dialog')?.open();
        return;
      case 'keys':
        this.querySelector<HTMLDialogElement>('dialog.keys')?.showModal();
    }
  }

  /** Once the table knows its height, a reload's place can be restored. */
  private readonly onSized = ({ detail }: CustomEvent<number>): void => {
    this.available = detail;
    const { table } = this;
    if (!table || this.restored === table) return;
    this.restored = table;
    table.scrollToTop(this.look.top);
    table.focus();
    const { snapshot } = this.session;
    if (snapshot) this.isOnTheWay(snapshot);
  };

  private readonly onResize = ({ detail: { name, width } }: CustomEvent<{ name: string; width: number }>): void => {
    this.look = { ...this.look, widths: { ...this.look.widths, [name]: width } };
  };

  private get table(): RowTable | undefined {
    return this.element(RowTable, 'row-table');
  }

  private element<T extends HTMLElement>(type: abstract new () => T, name: string): T | undefined {
    const found = this.querySelector(name);
    return found instanceof type ? found : undefined;
  }
}

/** Whether the editor shows the rows that the page is about. */
function isShown({ query, sort }: Pick<PanelState, 'query' | 'sort'>, view: RowViewMessage): boolean {
  return query === view.query && sort?.field === view.sort?.field && sort?.descending === view.sort?.descending;
}

function completedFields({ dataset, inRun }: ViewerSnapshot): CompletedField[] {
  const columns = dataset.columns.map(({ type, ...column }) => ({
    ...column,
    isText: type !== 'number' && type !== 'boolean' && type !== 'null',
  }));
  return [...columns, ...(inRun ? validatorFields.map((name) => ({ name })) : [])];
}
