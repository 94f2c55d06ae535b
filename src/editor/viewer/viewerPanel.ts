import path from 'node:path';
import { env, Uri, window, workspace, type WebviewPanel } from 'vscode';
import { copyRows } from '../../core/datasets/view/copyRows';
import { defaultColumns } from '../../core/datasets/view/defaultColumns';
import { fieldOf, textOf } from '../../core/datasets/view/fields';
import { serve, type Handlers, type Server } from '../../protocol/channel';
import { viewerContract, type CopyFormat, type ViewerContract, type ViewerSnapshot } from '../../protocol/viewer';
import { applyReviewTo } from './applyReview';
import type { DatasetDocument } from './datasetDocument';
import { judgeAll, judgeStretch } from './judge';
import { revealLine, revealSource } from './reveal';
import { RowView } from './rowView';
import { generatePairs } from './generatePairs';
import type { TabRequest, TabRequests } from './tabRequests';
import { webviewPort } from '../webview/webviewPort';
import { WholeFile } from './wholeFile';

/** What a tall panel shows. */
const FIRST_ROWS = 64;
/** A line is shown as it stands up to so much: more text than that holds up the panel. */
const RAW_BYTES = 100_000;

/** One panel on a dataset: answers what the webview asks, tells it when the dataset changes. */
export class ViewerPanel {
  private readonly server: Server<ViewerContract>;
  private readonly view: RowView;
  private readonly whole: WholeFile;
  private wanted: TabRequest | null;
  private generation = 0;
  private visible: boolean;

  constructor(
    private readonly panel: WebviewPanel,
    private readonly document: DatasetDocument,
    private readonly inRun: boolean,
    private readonly tabs: TabRequests,
    private readonly dist: string,
    private readonly report: (problem: Error) => void,
  ) {
    this.wanted = tabs.take(document.uri);
    this.visible = panel.visible;
    this.view = new RowView(document, () => this.tell());
    this.whole = new WholeFile(document, dist, (name, value) => this.server.emit(name, value), report);
    this.server = serve(webviewPort(panel.webview), viewerContract, this.handlers());
    const following = document.onDidChange(() => this.follow());
    document.watch(this, panel.visible);
    const shown = panel.onDidChangeViewState(() => {
      this.watch();
      this.shown();
    });
    const asked = tabs.onDidAsk(() => this.shown());
    panel.onDidDispose(() => {
      following.dispose();
      shown.dispose();
      asked.dispose();
      document.watch(this, false);
      this.server.close();
      this.view.dispose();
      this.whole.dispose();
    });
  }

  /** A hidden panel costs nothing: its page is gone, and with it whoever waits for an answer. */
  private watch(): void {
    const { visible } = this.panel;
    if (visible === this.visible) return;
    this.visible = visible;
    this.document.watch(this, visible);
    if (visible) this.view.resume().catch((error: unknown) => this.tellProblem(error));
    else {
      this.server.abort();
      this.view.pause();
      this.whole.dispose();
    }
  }

  private tellProblem(error: unknown): void {
    this.report(error instanceof Error ? error : new Error(String(error)));
  }

  /** A tab that was asked for is shown by the panel that the person looks at. */
  private shown(): void {
    if (this.panel.active) this.wanted = this.tabs.take(this.document.uri) ?? this.wanted;
    this.tell();
  }

  private follow(): void {
    const { generation } = this.document.state;
    const replaced = generation !== this.generation;
    this.generation = generation;
    this.view.follow(replaced).catch((error: unknown) => this.tellProblem(error));
    this.tell();
  }

  /** A hidden panel asks for a snapshot when it comes back. */
  private tell(): void {
    if (this.panel.visible) this.server.emit('changed', this.snapshot());
  }

  private snapshot(): ViewerSnapshot {
    const { uri, state, review, problem } = this.document;
    return {
      name: path.posix.basename(uri.path),
      path: uri.scheme === 'file' ? uri.fsPath : uri.toString(true),
      dataset: state,
      review,
      view: this.view.message,
      inRun: this.inRun,
      problem: problem ?? null,
      wanted: this.wanted,
    };
  }

  private handlers(): Handlers<ViewerContract> {
    const { rows } = this.document;
    return {
      ...this.whole.handlers,
      ready: async (asked, signal) => {
        this.server.abort(signal); // What the page before this one has asked.
        const { start } = asked;
        const columns = asked.columns ?? defaultColumns(this.document.state.columns);
        const read = await rows.call('page', { ...this.view.asked, start, count: FIRST_ROWS, columns }, signal);
        return { snapshot: this.snapshot(), first: { start, columns, rows: read.rows } };
      },
      rows: async ({ start, count, columns }, signal) => {
        const { generation, rows: read } = await rows.call(
          'page',
          { ...this.view.asked, start, count, columns },
          signal,
        );
        return { generation, start, rows: read };
      },
      view: async ({ query, sort }) => {
        await this.view.show(query, sort);
        return {};
      },
      lines: (stretch) => rows.call('lines', { ...this.view.asked, ...stretch }),
      positionOf: ({ line }) => rows.call('positionOf', { ...this.view.asked, line }),
      fieldText: async ({ line, field }) => {
        const [json] = (await rows.call('values', { lines: [line] })).rows;
        const value = json === undefined ? undefined : fieldOf(JSON.parse(json), field);
        return { text: value === undefined ? null : textOf(value) };
      },
      detail: ({ position }, signal) => rows.call('detail', { ...this.view.asked, position }, signal),
      raw: ({ line }, signal) => rows.call('raw', { line, most: RAW_BYTES }, signal),
      pair: (asked, signal) => rows.call('pair', asked, signal),
      generatePairs: async ({ choices }) => ({ path: await generatePairs(this.document, this.dist, choices) }),
      provenance: ({ line }, signal) => rows.call('provenance', { line }, signal),
      judge: ({ lines, deed }) => rows.call('judge', { lines, deed }),
      judgeStretch: ({ deed, ...stretch }) => judgeStretch(this.document, { ...this.view.asked, ...stretch }, deed),
      judgeAll: async ({ deed }) => {
        const all = { ...this.view.asked, start: 0, count: this.view.rows };
        return { rows: await judgeAll(this.document, all, deed) };
      },
      undo: () => rows.call('undo', {}),
      applyReview: async () => {
        await applyReviewTo(this.document);
        return {};
      },
      save: async ({ name, base64 }) => ({ saved: await this.save(name, base64) }),
      copy: async ({ lines, columns, format }) => ({ rows: await this.copy(lines, columns, format) }),
      revealSource: async ({ line, evidence }, signal) => {
        const found = await rows.call('provenance', { line }, signal);
        return { how: found ? await revealSource(this.document.uri, found, evidence) : 'none' };
      },
      revealLine: async ({ line }) => {
        await revealLine(this.document.uri, line);
        return {};
      },
    };
  }

  private async save(name: string, base64: string): Promise<boolean> {
    const target = await window.showSaveDialog({ defaultUri: Uri.joinPath(this.document.uri, '..', name) });
    if (!target) return false;
    await workspace.fs.writeFile(target, Buffer.from(base64, 'base64'));
    return true;
  }

  private async copy(lines: number[], columns: readonly string[], format: CopyFormat): Promise<number> {
    const { rows } = await this.document.rows.call('values', { lines });
    const values = rows.map((json): unknown => JSON.parse(json));
    if (values.length > 0) await env.clipboard.writeText(copyRows(values, columns, format));
    return values.length;
  }
}
