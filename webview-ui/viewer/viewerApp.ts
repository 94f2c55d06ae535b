import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { ViewerSnapshot } from '../../src/protocol/viewer';
import { shownColumns, type ShownColumn } from './columnLayout';
import { loadState, saveState, type PanelState } from './host';
import { inlineStyle } from './inlineStyle';
import { keysHelp } from './keysHelp';
import { LinePrompt } from './prompt';
import type { DetailView } from './rowDetail';
import type { SavedEdit } from './rowEditor';
import { RowTable } from './rowTable';
import { ViewerSession } from './session';
import { splitter } from './splitter';
import { bytes, count, t } from './translate';
import { actionOf, type Action } from './viewerKeys';
import './rowDetail';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';

/** The panel: table, detail pane, review. Its own are the place, the widths and the chosen row; the rest is the session's. */
@customElement('dataset-viewer')
export class DatasetViewer extends LitElement {
  @state() private look: PanelState = loadState();
  @state() private editing = false;
  @state() private available = 600;
  private restored = false;
  private readonly session = new ViewerSession(this, (before) => this.arrived(before));

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('look')) saveState(this.look);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { snapshot, detail, provenance, trouble } = this.session;
    if (!snapshot) return trouble ? html`<p class="trouble" role="alert">${trouble}</p>` : nothing;
    const { dataset, review } = snapshot;
    const columns = shownColumns(dataset.columns, this.look.columns, this.look.widths, this.available);
    const sides = { '--detail-share': `${this.look.detailShare * 100}%` };
    return html`<main class="viewer" ${inlineStyle(sides)} @keydown=${this.onKey}>
      ${this.heading(snapshot)}
      <row-table
        .columns=${columns}
        .total=${dataset.lines}
        .marks=${review.version}
        .active=${this.look.active}
        .content=${`${dataset.generation} ${JSON.stringify(columns.map(({ name }) => name))}`}
        .fetchRows=${this.fetcher(columns)}
        @activate=${(event: CustomEvent<number>) => this.choose(event.detail)}
        @scrolled=${() => (this.look = { ...this.look, top: this.table?.position ?? 0 })}
        @sized=${this.onSized}
        @failed=${(event: CustomEvent<unknown>) => this.session.tell(event.detail)}
        @resize-column=${this.onResize}
      ></row-table>
      ${splitter(this.look.detailShare, (detailShare) => (this.look = { ...this.look, detailShare }))}
      <row-detail
        .row=${detail}
        .provenance=${provenance}
        .view=${this.look.view}
        .editing=${this.editing}
        @view=${(event: CustomEvent<DetailView>) => (this.look = { ...this.look, view: event.detail })}
        @act=${(event: CustomEvent<Action>) => void this.act(event.detail)}
        @reveal=${(event: CustomEvent<number>) => void this.session.reveal(this.look.active, event.detail)}
        @save-edit=${(event: CustomEvent<SavedEdit[]>) => void this.saveEdit(event.detail)}
        @cancel-edit=${() => this.stopEditing()}
      ></row-detail>
      ${this.foot(snapshot)} ${keysHelp()}
    </main>`;
  }

  private heading({ name, path, dataset, problem }: ViewerSnapshot): TemplateResult {
    const share = dataset.size === 0 ? 1 : dataset.indexed / dataset.size;
    return html`<header class="title">
      <h1 title=${path}>${name}</h1>
      <span class="facts">
        ${dataset.complete ? t('{0} rows', count(dataset.lines)) : t('{0} rows so far', count(dataset.lines))} ·
        ${bytes(dataset.size)} ${dataset.complete ? nothing : html` · ${t('{0} % read', Math.floor(share * 100))}`}
      </span>
      ${dataset.missing ? html`<span class="trouble">${t('The file was deleted.')}</span>` : nothing}
      ${problem === null ? nothing : html`<span class="trouble" role="alert">${problem}</span>`}
      <button class="link apply" @click=${() => this.session.applyReview()}>${t('Apply Review…')}</button>
      ${
        dataset.complete || problem !== null
          ? nothing
          : html`<vscode-progress-bar
              class="progress"
              .value=${share * 100}
              label=${t('Reading the file')}
            ></vscode-progress-bar>`
      }
    </header>`;
  }

  private foot({ dataset, review }: ViewerSnapshot): TemplateResult {
    const { notice, trouble, pace } = this.session;
    const rate = pace.perMinute();
    return html`<footer>
      <span class="progress-text">
        ${t('{0} / {1} reviewed', count(review.reviewed), count(dataset.lines))}
        ${rate === undefined ? nothing : html` · ${t('{0} a minute', rate)}`}
        ${
          review.displaced === 0
            ? nothing
            : html` · ${t('{0} verdicts are about rows that have moved or changed', count(review.displaced))}`
        }
      </span>
      <line-prompt></line-prompt>
      <span class="notice" role="status">${trouble ? nothing : notice}</span>
      ${trouble ? html`<span class="trouble" role="alert">${trouble}</span>` : nothing}
      <button class="link keys" @click=${() => this.help()}>
        ${t('a approve · r reject · e edit · u undo · ? keys')}
      </button>
    </footer>`;
  }

  /** Lit compares properties by identity: one function for one set of columns. */
  private fetched: { key: string; fetch: RowTable['fetchRows'] } | undefined;
  private fetcher(columns: readonly ShownColumn[]): RowTable['fetchRows'] {
    const names = columns.map(({ name }) => name);
    const key = JSON.stringify(names);
    if (this.fetched?.key !== key) {
      const fetch: RowTable['fetchRows'] = (start, rows, signal) => this.session.rows(start, rows, names, signal);
      this.fetched = { key, fetch };
    }
    return this.fetched.fetch;
  }

  private arrived(before: ViewerSnapshot | undefined): void {
    const { snapshot } = this.session;
    if (!snapshot || snapshot.dataset.lines === 0) return;
    const first = before === undefined || before.dataset.lines === 0;
    const replaced = !first && before.dataset.generation !== snapshot.dataset.generation;
    const judged = !first && before.review.version !== snapshot.review.version;
    if (first || replaced || judged) this.choose(this.look.active);
  }

  private choose(position: number): void {
    const lines = this.session.snapshot?.dataset.lines ?? 0;
    const active = Math.max(0, Math.min(lines - 1, position));
    if (active !== this.look.active) this.editing = false;
    this.look = { ...this.look, active };
    void this.session.read(active);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const action = actionOf(event);
    if (action === undefined) return;
    event.preventDefault();
    void this.act(action);
  };

  private async act(action: Action): Promise<void> {
    const line = this.look.active;
    switch (action) {
      case 'approve':
        return this.judge('approved');
      case 'reject':
        return this.judge('rejected');
      case 'edit':
        this.editing = this.session.detail?.state === 'ok' && !this.editing;
        return;
      case 'undo':
        return this.undo();
      case 'note':
        return this.note();
      case 'tag':
        return this.tag();
      case 'go':
        return this.go();
      case 'source':
        return this.session.reveal(line, 0);
      case 'read':
        this.querySelector<HTMLElement>('row-detail .content')?.focus();
        return;
      case 'back':
        this.stopEditing();
        return;
      case 'help':
        this.help();
    }
  }

  /** One key, one verdict: the next row is there before the verdict is on the disk. */
  private async judge(verdict: 'approved' | 'rejected'): Promise<void> {
    const line = this.look.active;
    this.table?.focus();
    this.table?.move(1);
    if (!(await this.session.judge([line], { kind: 'verdict', verdict }))) this.choose(line);
  }

  private async undo(): Promise<void> {
    const [line] = await this.session.undo();
    if (line !== undefined) this.table?.go(line);
  }

  private async saveEdit(edits: readonly SavedEdit[]): Promise<void> {
    const line = this.look.active;
    for (const edit of edits) {
      if (!(await this.session.judge([line], { kind: 'edit', ...edit }))) return;
    }
    this.editing = false;
    await this.judge('approved');
  }

  private async note(): Promise<void> {
    const line = this.look.active;
    const text = await this.ask(t('Note on row {0}', count(line + 1)), this.session.detail?.review?.note);
    if (text !== undefined) await this.session.judge([line], { kind: 'note', text: text.trim() });
  }

  private async tag(): Promise<void> {
    const line = this.look.active;
    const known = this.session.detail?.review?.tags.join(', ');
    const text = await this.ask(t('Tags of row {0}, with commas between them', count(line + 1)), known);
    if (text === undefined) return;
    const tags = [...new Set(text.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== '');
    await this.session.judge([line], { kind: 'tags', tags });
  }

  private async go(): Promise<void> {
    const text = await this.ask(t('Go to row'));
    const row = Number(text?.replace(/[\s,.]/gu, ''));
    if (Number.isInteger(row) && row > 0) this.table?.go(row - 1);
  }

  private async ask(label: string, value = ''): Promise<string | undefined> {
    const prompt = this.querySelector('line-prompt');
    const answer = prompt instanceof LinePrompt ? await prompt.ask(label, value) : undefined;
    this.table?.focus();
    return answer;
  }

  private stopEditing(): void {
    this.editing = false;
    this.table?.focus();
  }

  private help(): void {
    this.querySelector('dialog')?.showModal();
  }

  /** Once the table knows its height, a reload's place can be restored. */
  private readonly onSized = ({ detail }: CustomEvent<number>): void => {
    this.available = detail;
    if (this.restored) return;
    this.restored = true;
    this.table?.scrollToTop(this.look.top);
    this.table?.focus();
  };

  private readonly onResize = ({ detail: { name, width } }: CustomEvent<{ name: string; width: number }>): void => {
    this.look = { ...this.look, widths: { ...this.look.widths, [name]: width } };
  };

  private get table(): RowTable | undefined {
    const found = this.querySelector('row-table');
    return found instanceof RowTable ? found : undefined;
  }
}
