import type { DatasetViewer } from '../../webview-ui/viewer/viewerApp';
import type { RowTable } from '../../webview-ui/viewer/rowTable';

/** Runs inside the panel, where nothing but the panel itself takes time. `clock()` is what the bench asks. */

export interface PanelClock {
  /**
   * When the panel's script was there, it had run and asked for the file, it had heard of it, its first row stood there, and the whole file was
   * known; ms, undefined until then.
   */
  readonly times: { script?: number; ready?: number; heard?: number; rows?: number; indexed?: number };
  /** Jumps over the file, each one after the last was read: ms to the row in the table, and to the row in the pane beside it. */
  jumps(count: number): Promise<{ readonly shown: number; readonly read: number }[]>;
  search(query: string): Promise<Search>;
  /** Watches frames until `stop`. */
  watchFrames(): { stop(): Frames };
}

export interface Search {
  readonly first: number | null;
  readonly whole: number;
  readonly rows: number;
}

export interface Frames {
  readonly seconds: number;
  readonly drawn: number;
  readonly longest: number;
  readonly mostRows: number;
}

const times: PanelClock['times'] = {};

function look(): void {
  const script = performance.getEntriesByType('resource').find(({ name }) => name.includes('/webview/viewer.js'));
  if (script instanceof PerformanceResourceTiming) times.script ??= script.responseEnd;
  const [ready] = performance.getEntriesByName('ready');
  if (ready) times.ready ??= ready.startTime;
  if (document.querySelector('.title .facts')) times.heard ??= performance.now();
  if (document.querySelector('.rows .row .cell:not(.pending)')) times.rows ??= performance.now();
  if (/\d rows\s/u.test(document.querySelector('.facts')?.textContent ?? '')) times.indexed ??= performance.now();
}

const panelClock: PanelClock = {
  times,
  async jumps(count) {
    const table = document.querySelector<RowTable>('row-table');
    if (!table) throw new Error('No table is shown.');
    const taken: { shown: number; read: number }[] = [];
    for (let jump = 1; jump <= count; jump++) {
      const position = (jump * 7919 * 104729) % table.total;
      const heading = `Row ${(position + 1).toLocaleString('en-US')}`;
      const started = performance.now();
      table.go(position);
      await changed(() => document.querySelector(`#row-${position} .cell:not(.pending)`) !== null);
      const shown = performance.now() - started;
      await changed(() => document.querySelector('row-detail h2')?.textContent === heading);
      taken.push({ shown, read: performance.now() - started });
      await drawn(); // Nobody jumps on before.
    }
    return taken;
  },
  search(query) {
    const viewer = document.querySelector<DatasetViewer>('dataset-viewer');
    if (!viewer) throw new Error('No viewer is shown.');
    const started = performance.now();
    let first: number | null = null;
    viewer.query(query);
    return new Promise((resolve) => {
      const hear = ({ data }: MessageEvent<{ name?: string; value?: { view: View } }>) => {
        const view = data.name === 'changed' ? data.value?.view : undefined;
        if (view?.query !== query) return;
        if (view.rows > 0) first ??= performance.now() - started;
        if (!view.complete) return;
        window.removeEventListener('message', hear);
        resolve({ first, whole: performance.now() - started, rows: view.rows });
      };
      window.addEventListener('message', hear);
    });
  },
  watchFrames() {
    const started = performance.now();
    let [drawn, last, longest, mostRows, going] = [0, started, 0, 0, true];
    const frame = (now: number) => {
      if (!going) return;
      drawn++;
      longest = Math.max(longest, now - last);
      last = now;
      mostRows = Math.max(mostRows, document.querySelectorAll('.rows .row').length);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    return {
      stop: () => {
        going = false;
        return { seconds: (performance.now() - started) / 1000, drawn, longest, mostRows };
      },
    };
  },
};

/** A frame's callbacks come before it is laid out and painted; what they post comes after. */
function drawn(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

interface View {
  readonly query: string;
  readonly rows: number;
  readonly complete: boolean;
}

function changed(isSo: () => boolean): Promise<void> {
  if (isSo()) return Promise.resolve();
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (!isSo()) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(document, {
      childList: true,
      subtree: true,
      characterData: true,
      attributeFilter: ['id', 'class'],
    });
  });
}

// VS Code writes the panel's page into a frame of its own: this may be run in others, and twice.
if (!('clock' in window)) {
  Object.assign(window, { clock: () => panelClock });
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
}
