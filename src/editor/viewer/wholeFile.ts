import { l10n, window } from 'vscode';
import type { EventOf, Handlers } from '../../protocol/channel';
import type { TwinListMessage, ViewerContract } from '../../protocol/viewer';
import { count } from '../text';
import type { DatasetDocument } from './datasetDocument';
import { ScanProcess } from './scanProcess';

type Progress = 'gathered' | 'pairsChecked' | 'twinsCompared';
type WholeFileHandlers = Pick<
  Handlers<ViewerContract>,
  | 'statistics'
  | 'tokens'
  | 'math'
  | 'pairProblems'
  | 'twins'
  | 'twinGroups'
  | 'explainTwins'
  | 'keepOneTwin'
  | 'keepFirstTwins'
>;

/** The tokenizer takes more memory than all of the rest: it goes when nobody has read a row for so long. */
const TOKENIZER_MS = 20_000;
/** Twins of a large file take long to find: they are kept for longer. */
const SCANS_MS = 300_000;

/** What takes the whole file to know, or a tokenizer. It has processes of its own: a search does not wait for it, and its memory goes with it. */
export class WholeFile {
  private readonly scans: ScanProcess;
  private readonly counter: ScanProcess;
  /** The process that holds the twins, as `starts` counts. */
  private foundIn = 0;

  constructor(
    private readonly document: DatasetDocument,
    dist: string,
    emit: (name: Progress, value: EventOf<ViewerContract, Progress>) => void,
    report: (problem: Error) => void,
  ) {
    const share = (part: number, whole: number) => ({ share: Math.min(1, part / Math.max(1, whole)) });
    this.scans = new ScanProcess(
      dist,
      report,
      (client) => {
        client.on('read', ({ bytes }) => emit('gathered', share(bytes, document.state.size)));
        client.on('checked', ({ rows }) => emit('pairsChecked', share(rows, document.state.lines)));
        client.on('compared', ({ rows }) => emit('twinsCompared', share(rows, document.state.lines)));
      },
      SCANS_MS,
    );
    this.counter = new ScanProcess(dist, report, () => undefined, TOKENIZER_MS);
  }

  get handlers(): WholeFileHandlers {
    const { document } = this;
    return {
      statistics: async (_none, signal) => {
        const path = await document.whole(signal);
        return this.scans.call('statistics', { path, original: document.original }, signal);
      },
      tokens: async ({ line }, signal) => {
        const [json] = (await document.rows.call('values', { lines: [line] }, signal)).rows;
        return json === undefined ? { parts: [] } : this.counter.call('tokens', { json }, signal);
      },
      math: (formula, signal) => this.scans.call('math', formula, signal),
      pairProblems: async (_none, signal) =>
        this.scans.call('pairProblems', { path: await document.whole(signal) }, signal),
      twins: (_none, signal) => this.findTwins(signal),
      twinGroups: async (asked, signal) => {
        await this.atTwins(signal);
        const found = await this.scans.call('twinGroups', asked, signal);
        return { ...found, listed: await this.described(found.listed, signal) };
      },
      explainTwins: async ({ first, second }, signal) => {
        const { rows } = await document.rows.call('values', { lines: [first, second] }, signal);
        const [one, other] = rows;
        if (one === undefined || other === undefined) {
          throw new Error(l10n.t('The file has changed since its twins were found. Open the Twins tab again.'));
        }
        return this.scans.call('explainTwins', { first: one, second: other }, signal);
      },
      keepOneTwin: async ({ threshold, line }) => {
        await this.atTwins();
        const { lines } = await this.scans.call('spareTwins', { threshold, keep: line });
        return { rows: await this.reject(lines) };
      },
      keepFirstTwins: async ({ threshold }) => ({ rows: await this.keepFirsts(threshold) }),
    };
  }

  private async findTwins(signal: AbortSignal) {
    const found = await this.scans.call('twins', { path: await this.document.whole(signal) }, signal);
    this.foundIn = this.scans.starts;
    return found;
  }

  /** The process that found the twins may have ended, because nobody asked it anything. */
  private async atTwins(signal = new AbortController().signal): Promise<void> {
    if (this.scans.starts !== this.foundIn || !this.scans.isRunning) await this.findTwins(signal);
  }

  /** Ends the processes, with all that they hold; the next question starts them again. */
  dispose(): void {
    this.scans.dispose();
    this.counter.dispose();
  }

  /** What the list shows of each row: its first texts and its verdict. */
  private async described(
    groups: readonly { size: number; lines: number[] }[],
    signal: AbortSignal,
  ): Promise<TwinListMessage['listed']> {
    const columns = this.document.state.columns.filter(({ type }) => type === 'string').slice(0, 2);
    const names = (columns.length > 0 ? columns : this.document.state.columns.slice(0, 2)).map(({ name }) => name);
    const lines = groups.flatMap((group) => group.lines);
    const { rows } = await this.document.rows.call('previews', { lines, columns: names }, signal);
    const known = new Map(rows.map((row) => [row.line, row]));
    return groups.map(({ size, lines: own }) => ({
      size,
      rows: own.map((line) => {
        const row = known.get(line);
        const title = row?.cells.map(({ text }) => text).filter((text) => text !== '');
        return { line, title: title?.join(' · ') ?? '', verdict: row?.review?.verdict ?? null };
      }),
    }));
  }

  private async keepFirsts(threshold: number): Promise<number> {
    await this.atTwins();
    const { lines } = await this.scans.call('spareTwins', { threshold, keep: null });
    if (lines.length === 0) return 0;
    const go = lines.length === 1 ? l10n.t('Reject 1 Row') : l10n.t('Reject {0} Rows', count(lines.length));
    const answer = await window.showWarningMessage(
      l10n.t('Keep the first row of each group, and reject the others?'),
      { modal: true, detail: l10n.t('u takes it back, as one.') },
      go,
    );
    return answer === go ? this.reject(lines) : 0;
  }

  private async reject(lines: number[]): Promise<number> {
    if (lines.length > 0) {
      await this.document.rows.call('judge', { lines, deed: { kind: 'verdict', verdict: 'rejected' } });
    }
    return lines.length;
  }
}
