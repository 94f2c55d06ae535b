import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { inlineStyle } from './inlineStyle';
import { ChannelError } from '../../src/protocol/channel';
import type { Provenance, RowDetail, RowPreview } from '../../src/protocol/rows';
import type { ViewerSnapshot } from '../../src/protocol/viewer';
import { shownColumns, type ShownColumn } from './columnLayout';
import { host, loadState, saveState, type PanelState } from './host';
import type { DetailView } from './rowDetail';
import { RowTable } from './rowTable';
import { splitter } from './splitter';
import { bytes, count, setTranslations, t } from './translate';
import './rowDetail';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';

/** The panel: what it shows is asked from the editor; its own are the place, the widths and the chosen row. */
@customElement('dataset-viewer')
export class DatasetViewer extends LitElement {
  @state() private snapshot: ViewerSnapshot | undefined;
  @state() private detail: RowDetail | undefined;
  @state() private provenance: Provenance | null | undefined;
  @state() private trouble = '';
  @state() private notice = '';
  @state() private look: PanelState = loadState();
  @state() private available = 600;
  private restored = false;
  private reading = new AbortController();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    host.on('changed', (snapshot) => {
      this.take(snapshot);
    });
    void this.run(async () => {
      this.take(await host.call('ready', {}));
    });
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('look')) saveState(this.look);
  }

  private take(snapshot: ViewerSnapshot): void {
    setTranslations(snapshot.l10n);
    const before = this.snapshot?.dataset;
    this.snapshot = snapshot;
    const { dataset } = snapshot;
    const replaced = before !== undefined && before.generation !== dataset.generation;
    if (dataset.lines > 0 && (before === undefined || before.lines === 0 || replaced)) this.choose(this.look.active);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { snapshot } = this;
    if (!snapshot) return this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing;
    const { dataset } = snapshot;
    const columns = shownColumns(dataset.columns, this.look.columns, this.look.widths, this.available);
    const sides = { '--detail-share': `${this.look.detailShare * 100}%` };
    return html`<main class="viewer" ${inlineStyle(sides)} @keydown=${this.onKey}>
      ${this.heading(snapshot)}
      <row-table
        .columns=${columns}
        .total=${dataset.lines}
        .active=${this.look.active}
        .content=${`${dataset.generation} ${JSON.stringify(columns.map(({ name }) => name))}`}
        .fetchRows=${this.fetcher(columns)}
        @activate=${(event: CustomEvent<number>) => this.choose(event.detail)}
        @scrolled=${this.onScrolled}
        @sized=${this.onSized}
        @failed=${(event: CustomEvent<unknown>) => this.tell(event.detail)}
        @resize-column=${this.onResize}
      ></row-table>
      ${splitter(this.look.detailShare, (detailShare) => (this.look = { ...this.look, detailShare }))}
      <row-detail
        .row=${this.detail}
        .provenance=${this.provenance}
        .view=${this.look.view}
        @view=${(event: CustomEvent<DetailView>) => (this.look = { ...this.look, view: event.detail })}
        @reveal=${(event: CustomEvent<number>) => this.reveal(event.detail)}
      ></row-detail>
      <footer>
        <span role="status">${this.notice}</span>
        <span class="keys">${t('j/k move · s source · Enter read · ? keys')}</span>
      </footer>
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

  /** Lit compares properties by identity: one function for one set of columns. */
  private fetched: { key: string; fetch: RowTable['fetchRows'] } | undefined;
  private fetcher(columns: readonly ShownColumn[]): RowTable['fetchRows'] {
    const names = columns.map(({ name }) => name);
    const key = JSON.stringify(names);
    if (this.fetched?.key !== key) {
      const fetch = async (start: number, amount: number, signal: AbortSignal): Promise<readonly RowPreview[]> =>
        (await host.call('rows', { start, count: amount, columns: names }, signal)).rows;
      this.fetched = { key, fetch };
    }
    return this.fetched.fetch;
  }

  private choose(position: number): void {
    const lines = this.snapshot?.dataset.lines ?? 0;
    const line = Math.max(0, Math.min(lines - 1, position));
    this.look = { ...this.look, active: line };
    this.reading.abort();
    this.reading = new AbortController();
    void this.read(line, this.reading.signal);
  }

  /** Reads the chosen row; a choice made meanwhile makes this one moot. */
  private async read(line: number, signal: AbortSignal): Promise<void> {
    try {
      const detail = await host.call('detail', { line }, signal);
      if (signal.aborted) return;
      this.detail = detail;
      this.trouble = '';
      this.provenance = undefined;
      if (this.snapshot?.inRun !== true) return;
      const provenance = await host.call('provenance', { line }, signal);
      if (this.detail === detail) this.provenance = provenance;
    } catch (error) {
      if (!signal.aborted) this.tell(error);
    }
  }

  private reveal(evidence: number): void {
    void this.run(async () => {
      const { how } = await host.call('revealSource', { line: this.look.active, evidence });
      const said = {
        evidence: t('The evidence is selected in the document.'),
        passage: t('The passage is selected in the document.'),
        document: t('The document is open; the passage is not in it any more.'),
        none: t('This row does not say where it comes from.'),
      };
      this.notice = said[how];
    });
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    if (event.key === 's') this.reveal(0);
    else if (event.key === 'Enter' && event.target instanceof HTMLElement && event.target.role === 'grid') {
      this.querySelector<HTMLElement>('row-detail .content')?.focus();
    } else if (event.key === 'Escape') this.table?.focus();
    else return;
    event.preventDefault();
  };

  private readonly onScrolled = (): void => {
    this.look = { ...this.look, top: this.table?.position ?? 0 };
  };

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

  private async run(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.tell(error);
    }
  }

  private tell(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof ChannelError) this.notice = message;
    else this.trouble = message;
  }
}

function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
