import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import uPlot from 'uplot';
import { themeColour, ThemeWatch } from '../theme';

export interface Line {
  readonly label: string;
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
  /** A theme colour: `--vscode-charts-blue`. */
  readonly colour: string;
  readonly points?: boolean;
}

const HEIGHT = 190;
/** uPlot's `Distr.Logarithmic`: its typings have it as a `const enum`, which no bundle has. */
const LOGARITHMIC = 3;
const logarithmic: uPlot.Scale = Object.fromEntries([['distr', LOGARITHMIC]]);

/** Lines over training steps, drawn by uPlot; for those who do not see it, the last values are said. */
@customElement('line-plot')
export class LinePlot extends LitElement {
  @property({ type: String }) label = '';
  @property({ attribute: false }) lines: readonly Line[] = [];
  @property({ type: Boolean }) logarithmic = false;
  private plot: uPlot | undefined;
  private drawn = '';
  private readonly resizing = new ResizeObserver(() => {
    this.plot?.setSize({ width: this.width, height: HEIGHT });
  });

  constructor() {
    super();
    new ThemeWatch(this, () => {
      this.drawn = '';
      this.requestUpdate();
    });
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizing.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
    this.plot?.destroy();
    this.plot = undefined;
    this.drawn = '';
  }

  protected override render(): TemplateResult {
    const said = this.lines.map(({ label, values }) => {
      const last = values.findLast((value) => value !== null);
      return typeof last !== 'number' ? label : `${label} ${shown(last)}`;
    });
    return html`<figure role="img" aria-label=${`${this.label}: ${said.join(', ')}`}>
      <figcaption>${this.label}</figcaption>
      <div class="plot"></div>
    </figure>`;
  }

  protected override updated(_changed: PropertyValues<this>): void {
    const frame = this.querySelector('.plot');
    if (!(frame instanceof HTMLElement)) return;
    const data = aligned(this.lines);
    // Other lines or another scale are another plot; new values are not, and keep where the person points.
    const wanted = JSON.stringify([this.logarithmic, this.lines.map(({ label, colour }) => [label, colour])]);
    if (this.plot && wanted === this.drawn) {
      this.plot.setData(data);
      return;
    }
    this.plot?.destroy();
    this.plot = new uPlot(this.options(), data, frame);
    this.drawn = wanted;
    frame.querySelector('canvas')?.setAttribute('aria-hidden', 'true');
  }

  private get width(): number {
    return Math.max(220, this.clientWidth);
  }

  private options(): uPlot.Options {
    const stroke = themeColour('--vscode-foreground');
    const grid = { stroke: themeColour('--vscode-editorWidget-border') || stroke, width: 0.5 };
    const axis: uPlot.Axis = { stroke, grid, ticks: { show: false }, font: '11px sans-serif' };
    return {
      width: this.width,
      height: HEIGHT,
      cursor: { drag: { x: true, y: false } },
      scales: { x: { time: false }, y: this.logarithmic ? logarithmic : {} },
      axes: [axis, { ...axis, size: 56, values: (_plot, ticks) => ticks.map(tick) }],
      series: [
        { label: 'step' },
        ...this.lines.map(({ label, colour, points }) => ({
          label,
          stroke: themeColour(colour) || stroke,
          width: 1.5,
          spanGaps: true,
          points: { show: points ?? false, size: 5 },
          value: (_plot: uPlot, value: number | null) => (value === null ? '–' : shown(value)),
        })),
      ],
    };
  }
}

function tick(value: number | null): string {
  return value === null ? '' : shown(value);
}

/** Four digits that say something, whatever the size. */
export function shown(value: number): string {
  if (value === 0) return '0';
  return Math.abs(value) >= 0.001 && Math.abs(value) < 10_000
    ? String(Number(value.toPrecision(4)))
    : value.toExponential(1);
}

/** One column of steps for all lines, as uPlot takes them. */
function aligned(lines: readonly Line[]): uPlot.AlignedData {
  const steps = [...new Set(lines.flatMap((line) => line.steps))].sort((a, b) => a - b);
  const columns = lines.map((line) => {
    const values = new Map(line.steps.map((step, at) => [step, line.values[at] ?? null]));
    return steps.map((step) => values.get(step) ?? null);
  });
  return [steps, ...columns];
}
