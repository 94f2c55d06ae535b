import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import uPlot from 'uplot';
import type { StatisticsMessage } from '../../src/protocol/scan';
import { themeColour, ThemeWatch } from '../theme';
import { amount, t } from '../translate';

type Histogram = NonNullable<StatisticsMessage['fields'][number]['histogram']>;

const [WIDTH, HEIGHT] = [360, 150];

/** A histogram, drawn by uPlot and, for those who do not see it, listed. A click on a bar tells `bar` its range. */
@customElement('histogram-plot')
export class HistogramPlot extends LitElement {
  @property({ type: String }) label = '';
  @property({ attribute: false }) histogram: Histogram | undefined;
  private plot: uPlot | undefined;

  constructor() {
    super();
    new ThemeWatch(this, () => this.requestUpdate('histogram'));
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.plot?.destroy();
    this.plot = undefined;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { histogram } = this;
    const frame = this.querySelector('.plot');
    if (!changed.has('histogram') || !histogram || !(frame instanceof HTMLElement)) return;
    this.plot?.destroy();
    this.plot = new uPlot(this.options(), series(histogram), frame);
    frame.querySelector('canvas')?.setAttribute('aria-hidden', 'true');
  }

  protected override render(): TemplateResult {
    const bars = this.histogram?.bars ?? [];
    return html`<div class="plot" @click=${this.onClick}></div>
      <details class="bars">
        <summary>${t('As a list')}</summary>
        <ul>
          ${bars
            .filter((bar) => bar.count > 0)
            .map(
              (bar) =>
                html`<li>
                  <button class="link" @click=${() => this.tell(bar)}>
                    ${amount(bar.count, '{1} to {2}: 1 row', '{1} to {2}: {0} rows', bar.from, bar.to)}
                  </button>
                </li>`,
            )}
        </ul>
      </details>`;
  }

  /** The picture, for saving: on the page's ground, without which light text on a white page is not seen. */
  get picture(): string | undefined {
    const drawn = this.querySelector('canvas');
    const canvas = document.createElement('canvas');
    const pen = canvas.getContext('2d');
    if (!drawn || !pen) return undefined;
    canvas.width = drawn.width;
    canvas.height = drawn.height;
    pen.fillStyle = themeColour('--vscode-editor-background') || getComputedStyle(document.body).backgroundColor;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(drawn, 0, 0);
    return canvas.toDataURL('image/png').split(',')[1];
  }

  private options(): uPlot.Options {
    const text = themeColour('--vscode-foreground');
    const axis: uPlot.Axis = { stroke: text, ticks: { show: false }, grid: { show: false }, font: '11px sans-serif' };
    const fill = themeColour('--vscode-charts-blue') || text;
    return {
      width: WIDTH,
      height: HEIGHT,
      legend: { show: false },
      cursor: { y: false, drag: { setScale: false } },
      scales: { x: { time: false } },
      axes: [
        { ...axis, size: 28 },
        { ...axis, size: 48 },
      ],
      series: [{}, { label: this.label, fill, stroke: fill, points: { show: false }, ...bars() }],
    };
  }

  private readonly onClick = (): void => {
    const bar = this.histogram?.bars[this.plot?.cursor.idx ?? -1];
    if (bar && bar.count > 0) this.tell(bar);
  };

  private tell(bar: Histogram['bars'][number]): void {
    this.dispatchEvent(new CustomEvent('bar', { detail: bar }));
  }
}

function series({ bars }: Histogram): uPlot.AlignedData {
  return [bars.map(({ from, to }) => (from + to) / 2), bars.map((bar) => bar.count)];
}

function bars(): Pick<uPlot.Series, 'paths'> {
  const paths = uPlot.paths.bars?.({ size: [0.9, 60] });
  return paths ? { paths } : {};
}
