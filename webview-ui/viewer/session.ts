import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { ChannelError } from '../../src/protocol/channel';
import type { Deed, Provenance, RowDetail, RowPreview } from '../../src/protocol/rows';
import type { FirstRows, ViewerSnapshot } from '../../src/protocol/viewer';
import type { PartTokensMessage } from '../../src/protocol/rows';
import { coreText } from './coreTexts';
import { host } from './host';
import { ReviewPace } from './reviewPace';
import { count, t } from '../translate';

const STAY_MS = 150;

/** What the panel knows of the dataset and does with it. All of it is the editor's; this is a copy that follows. */
export class ViewerSession implements ReactiveController {
  snapshot: ViewerSnapshot | undefined;
  /** The chosen row; undefined until it was read. */
  detail: RowDetail | undefined;
  provenance: Provenance | null | undefined;
  /** Tokens of the row's parts; undefined until they were counted. */
  tokens: PartTokensMessage | undefined;
  /** What was done last, for the status line. */
  notice = '';
  /** What went wrong last; shown until something else is done. */
  trouble = '';
  readonly pace = new ReviewPace();
  private reading = new AbortController();
  /** The rows that came with the first snapshot, until they may be others. */
  private first: FirstRows | undefined;

  constructor(
    private readonly view: ReactiveControllerHost,
    /** What is asked for at first. */
    private readonly begin: () => { columns: string[] | null; start: number },
    /** Called with the snapshot that was known before. */
    private readonly arrived: (before: ViewerSnapshot | undefined) => void,
  ) {
    view.addController(this);
  }

  hostConnected(): void {
    host.on('changed', (snapshot) => {
      if (this.snapshot) this.take(snapshot); // The answer that is on its way brings the first rows along.
    });
    performance.mark('ready'); // From here on the panel waits for the host: seen in a profile, and measured.
    void this.attempt(async () => {
      const { snapshot, first } = await host.call('ready', this.begin());
      this.take(snapshot);
      this.first = first;
    });
  }

  async rows(start: number, count: number, columns: string[], signal: AbortSignal): Promise<readonly RowPreview[]> {
    const first = this.fromFirst(start, count, columns);
    return first ?? (await host.call('rows', { start, count, columns }, signal)).rows;
  }

  /** Reads the row at a place and where it comes from; a choice made meanwhile makes this one moot. */
  async read(position: number): Promise<void> {
    this.reading.abort();
    this.reading = new AbortController();
    const { signal } = this.reading;
    try {
      const detail = await host.call('detail', { position }, signal);
      if (!detail || this.reading.signal !== signal) return;
      const { line } = detail;
      const moved = this.detail?.line !== line;
      this.detail = detail;
      if (moved) this.provenance = this.tokens = undefined;
      this.view.requestUpdate();
      void this.countTokens(line, signal);
      if (this.snapshot?.inRun !== true || this.provenance !== undefined) return;
      const provenance = await host.call('provenance', { line }, signal);
      if (this.detail.line !== line) return;
      this.provenance = provenance;
      this.view.requestUpdate();
    } catch (error) {
      if (this.reading.signal === signal) this.tell(error);
    }
  }

  /** Tokens of a row that the person stays at: a failure leaves their place empty and is told. */
  private async countTokens(line: number, signal: AbortSignal): Promise<void> {
    if (this.detail?.state !== 'ok') return;
    await new Promise((resolve) => setTimeout(resolve, STAY_MS));
    if (signal.aborted) return;
    try {
      const { parts } = await host.call('tokens', { line }, signal);
      if (this.reading.signal !== signal) return;
      this.tokens = parts;
      this.view.requestUpdate();
    } catch (error) {
      if (this.reading.signal === signal) this.tell(error);
    }
  }

  async reveal(evidence: number): Promise<void> {
    const line = this.detail?.line;
    if (line === undefined) return;
    await this.attempt(async () => {
      const { how } = await host.call('revealSource', { line, evidence });
      const said = {
        evidence: t('The evidence is selected in the document.'),
        passage: t('The passage is selected in the document.'),
        document: t('The document is open; the passage is not in it any more.'),
        none: t('This row does not say where it comes from.'),
      };
      this.notice = said[how];
    });
  }

  async revealLine(): Promise<void> {
    const line = this.detail?.line;
    if (line === undefined) return;
    await this.attempt(async () => {
      await host.call('revealLine', { line });
    });
  }

  async judge(line: number, deed: Deed): Promise<boolean> {
    return this.attempt(async () => this.judged(1, deed, await host.call('judge', { lines: [line], deed })));
  }

  /** The same deed for the rows at some places of the view. */
  async judgeStretch({ first, last }: { first: number; last: number }, deed: Deed): Promise<boolean> {
    return this.attempt(async () => {
      const { rows, counts } = await host.call('judgeStretch', { start: first, count: last - first + 1, deed });
      this.judged(rows, deed, counts);
      if (rows > 1 && deed.kind === 'verdict') this.notice = t('{0} rows judged as one; u takes it back.', count(rows));
    });
  }

  /** Takes the last deed back; the lines it was about. */
  async undo(): Promise<readonly number[]> {
    let lines: readonly number[] = [];
    await this.attempt(async () => {
      const undone = await host.call('undo', {});
      lines = undone.lines;
      this.count(undone.counts);
      this.notice = lines.length === 0 ? t('Nothing is left to undo.') : t('Undone.');
    });
    return lines;
  }

  applyReview(): void {
    void this.attempt(async () => {
      await host.call('applyReview', {});
    });
  }

  /** Does something and tells when it fails. Returns whether it was done. */
  async attempt(action: () => Promise<void>): Promise<boolean> {
    try {
      await action();
      this.trouble = '';
      this.view.requestUpdate();
      return true;
    } catch (error) {
      this.tell(error);
      return false;
    }
  }

  tell(error: unknown): void {
    if (!(error instanceof ChannelError)) console.error(error);
    this.trouble = coreText(error instanceof Error ? error.message : String(error));
    this.view.requestUpdate();
  }

  private fromFirst(start: number, count: number, columns: readonly string[]): readonly RowPreview[] | undefined {
    const { first } = this;
    if (first?.columns.join('\n') !== columns.join('\n')) return undefined;
    const rows = first.rows.slice(Math.max(0, start - first.start), start - first.start + count);
    return start >= first.start && rows.length === count ? rows : undefined;
  }

  private judged(rows: number, deed: Deed, counts: ViewerSnapshot['review']): void {
    this.count(counts);
    if (deed.kind === 'verdict' && deed.verdict !== null) this.pace.add(rows);
  }

  private count(review: ViewerSnapshot['review']): void {
    if (this.snapshot) this.take({ ...this.snapshot, review });
  }

  private take(snapshot: ViewerSnapshot): void {
    const before = this.snapshot;
    this.snapshot = snapshot;
    if (before && contentOf(before) !== contentOf(snapshot)) this.first = undefined;
    this.view.requestUpdate();
    this.arrived(before);
  }
}

/** What a row that was read belongs to: in another state of these it may be another. */
function contentOf({ dataset, view, review }: ViewerSnapshot): string {
  return [dataset.generation, view.version, review.version].join(' ');
}
