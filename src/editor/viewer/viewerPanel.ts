import path from 'node:path';
import { l10n, type WebviewPanel } from 'vscode';
import { serve, type Handlers, type Server } from '../../protocol/channel';
import { viewerContract, type ViewerContract, type ViewerSnapshot } from '../../protocol/viewer';
import { applyReviewTo } from './applyReview';
import type { DatasetDocument } from './datasetDocument';
import { revealLine, revealSource } from './reveal';
import { webviewPort } from './webviewPort';

/** One panel on a dataset: answers what the webview asks, tells it when the dataset changes. */
export class ViewerPanel {
  private readonly server: Server<ViewerContract>;

  constructor(
    private readonly panel: WebviewPanel,
    private readonly document: DatasetDocument,
    private readonly inRun: boolean,
  ) {
    this.server = serve(webviewPort(panel.webview), viewerContract, this.handlers());
    const following = document.onDidChange(() => {
      // A hidden panel costs nothing: it asks for a snapshot when it comes back.
      if (panel.visible) this.server.emit('changed', this.snapshot());
    });
    const shown = panel.onDidChangeViewState(() => {
      if (panel.visible) this.server.emit('changed', this.snapshot());
    });
    panel.onDidDispose(() => {
      following.dispose();
      shown.dispose();
      this.server.close();
    });
  }

  private snapshot(): ViewerSnapshot {
    const { uri, state, review, problem } = this.document;
    return {
      name: path.posix.basename(uri.path),
      path: uri.scheme === 'file' ? uri.fsPath : uri.toString(true),
      dataset: state,
      review,
      inRun: this.inRun,
      problem: problem ?? null,
      // Translations by their English texts; none for English.
      l10n: l10n.bundle ?? {},
    };
  }

  private handlers(): Handlers<ViewerContract> {
    const { rows } = this.document;
    return {
      ready: () => this.snapshot(),
      rows: async ({ start, count, columns }, signal) => {
        const end = Math.min(start + count, this.document.state.lines);
        const lines = Array.from({ length: Math.max(0, end - start) }, (_, at) => start + at);
        const { generation, rows: read } = await rows.call('previews', { lines, columns }, signal);
        return { generation, start, rows: read };
      },
      detail: ({ line }, signal) => rows.call('detail', { line }, signal),
      provenance: ({ line }, signal) => rows.call('provenance', { line }, signal),
      judge: ({ lines, deed }) => rows.call('judge', { lines, deed }),
      undo: () => rows.call('undo', {}),
      applyReview: async () => {
        await applyReviewTo(this.document);
        return {};
      },
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
}
