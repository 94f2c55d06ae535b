import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { queryFieldIs, queryMissing, queryName } from '../../src/core/datasets/view/queryText';
import type { StatisticsMessage } from '../../src/protocol/scan';
import { barsPicture, type Bar } from './barsPicture';
import { HistogramPlot } from './histogramPlot';
import { host } from './host';
import { inlineStyle } from './inlineStyle';
import { amount, count, t } from '../translate';

type Field = StatisticsMessage['fields'][number];

/** A field with at most so many values is drawn by value, not by length. */
const MOST_CATEGORIES = 12;

/** Counts over the whole file. A bar tells `query` the rows that it stands for. */
@customElement('statistics-pane')
export class StatisticsPane extends LitElement {
  @property({ attribute: false }) review = { approved: 0, rejected: 0, reviewed: 0 };
  /** Says which content of the file is shown beside this; counts of another are old. */
  @property({ type: String }) content = '';
  @state() private counted = '';
  @state() private counting = false;
  @state() private statistics: StatisticsMessage | undefined;
  @state() private share = 0;
  @state() private trouble = '';
  private readonly gathering = new AbortController();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const stop = host.on('gathered', ({ share }) => (this.share = share));
    this.gathering.signal.addEventListener('abort', stop);
    void this.gather();
  }

  private async gather(): Promise<void> {
    const { content } = this;
    this.counting = true;
    this.share = 0;
    try {
      this.statistics = await host.call('statistics', {}, this.gathering.signal);
      this.counted = content;
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
    } finally {
      this.counting = false;
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.gathering.abort();
  }

  protected override render(): TemplateResult {
    const { statistics } = this;
    if (this.trouble) return html`<p class="trouble" role="alert">${this.trouble}</p>`;
    if (!statistics)
      return html`<p class="hint" role="status">${t('Counting: {0} %', Math.floor(this.share * 100))}</p>`;
    const { rows, bad, blank, duplicates, fields } = statistics;
    return html`<div class="statistics" tabindex="-1">
      <p class="totals">
        ${amount(rows, '1 row', '{0} rows')} · ${this.total(bad, amount(bad, '1 bad line', '{0} bad lines'), 'is:bad')}
        · ${this.total(blank, amount(blank, '1 empty line', '{0} empty lines'), 'is:blank')} ·
        ${this.total(duplicates, amount(duplicates, '1 exact duplicate', '{0} exact duplicates'), 'is:duplicate')}
        <button class="secondary" @click=${() => this.saveTable(statistics)}>${t('Save as CSV…')}</button>
      </p>
      ${this.counted === this.content ? nothing : this.old()}
      <p class="hint">${t('Lengths are estimated tokens: four characters each.')}</p>
      <div class="charts">
        ${this.approval(statistics)}${fields.map((field) => this.field(field))}${this.phrases(statistics)}
      </div>
    </div>`;
  }

  /** The file is another one than was counted: a run writes on, or it was changed. */
  private old(): TemplateResult {
    return html`<p class="hint" role="status">
      ${
        this.counting
          ? t('Counting: {0} %', Math.floor(this.share * 100))
          : html`${t('The file has changed since it was counted.')}
              <button class="link" @click=${() => void this.gather()}>${t('Count Again')}</button>`
      }
    </p>`;
  }

  private total(amount: number, text: string, query: string): TemplateResult {
    return amount === 0 ? html`${text}` : html`<button class="link" @click=${() => this.tell(query)}>${text}</button>`;
  }

  /** What the person and the run's validator decided, and where they disagree. */
  private approval({ rows, validator }: StatisticsMessage): TemplateResult | typeof nothing {
    const { approved, rejected, reviewed } = this.review;
    if (reviewed === 0 && !validator) return nothing;
    const mine = [
      { label: t('approved'), query: 'is:approved', rows: approved },
      { label: t('rejected'), query: 'is:rejected', rows: rejected },
      { label: t('not reviewed'), query: 'is:unreviewed', rows: Math.max(0, rows - reviewed) },
    ];
    const theirs = validator?.map((one) => ({
      label: t(one.value),
      query: queryFieldIs('validator.status', one.value),
      rows: one.rows,
    }));
    return html`<section class="chart">
      <h3>${t('Approval')}</h3>
      <p class="hint">${t('You')}</p>
      ${this.bars(t('Approval'), mine, rows)}
      ${
        theirs
          ? html`<p class="hint">${t('Validator')}</p>
              ${this.bars(t('Validator'), theirs, rows)}
              <p>
                <button class="link" @click=${() => this.tell('is:disputed')}>
                  ${t('Rows on which you disagree')}
                </button>
                ·
                <button class="link" @click=${() => this.dispatchEvent(new CustomEvent('uncertain'))}>
                  ${t('Most uncertain first')}
                </button>
              </p>`
          : nothing
      }
    </section>`;
  }

  private bars(name: string, bars: readonly (Bar & { readonly query: string })[], present: number): TemplateResult {
    const most = Math.max(1, ...bars.map(({ rows }) => rows));
    return html`<ul class="values">
        ${bars.map(
          ({ label, query, rows }) =>
            html`<li>
              <button class="link" @click=${() => this.tell(query)}>${label}</button>
              <span class="bar" ${inlineStyle({ width: `${(rows / most) * 100}%` })}></span>
              <span class="hint">${count(rows)} · ${Math.round((rows / Math.max(1, present)) * 100)} %</span>
            </li>`,
        )}
      </ul>
      <p>
        <button class="link" @click=${() => this.savePng(name, barsPicture(name, bars))}>${t('Save as PNG…')}</button>
      </p>`;
  }

  private field(field: Field): TemplateResult {
    const { name, missing, histogram, measure, values } = field;
    const drawn = histogram && !(values && values.length <= MOST_CATEGORIES);
    const asked = measure === 'tokens' ? queryName(`tokens.${name}`) : queryName(name);
    return html`<section class="chart">
      <h3>${name}${measure === 'tokens' && drawn ? html` <span class="hint">${t('tokens')}</span>` : nothing}</h3>
      ${
        histogram && drawn
          ? html`<histogram-plot
                .label=${name}
                .histogram=${histogram}
                @bar=${({ detail }: CustomEvent<{ from: number; to: number }>) =>
                  this.tell(`${asked}:>=${detail.from} ${asked}:<${detail.to}`)}
              ></histogram-plot>
              <p class="hint">
                ${t('{0} to {1}, mean {2}', short(histogram.least), short(histogram.most), short(histogram.mean))}${/cost/iu.test(name) ? t(', in all {0} USD', histogram.sum.toPrecision(3)) : nothing}
                <button class="link" @click=${(event: Event) => this.savePicture(event, name)}>
                  ${t('Save as PNG…')}
                </button>
              </p>`
          : values
            ? this.values(field, values)
            : nothing
      }
      ${
        missing === 0
          ? nothing
          : html`<p>
              ${this.total(missing, amount(missing, 'missing in 1 row', 'missing in {0} rows'), queryMissing(name))}
            </p>`
      }
    </section>`;
  }

  private phrases({ rows, phrases: { every, listed } }: StatisticsMessage): TemplateResult | typeof nothing {
    if (listed.length === 0) return nothing;
    const bars = listed.map(({ text, rows: times }) => ({ label: text, query: `"${text}"`, rows: times }));
    return html`<section class="chart">
      <h3>${t('Frequent phrases')}</h3>
      ${every > 1 ? html`<p class="hint">${t('Counted in every {0}th row: the file is large.', every)}</p>` : nothing}
      ${this.bars(t('Frequent phrases'), bars, rows / every)}
    </section>`;
  }

  private values({ name, present }: Field, values: NonNullable<Field['values']>): TemplateResult {
    const bars = values.map(({ value, rows }) => ({
      label: value === '' ? t('(empty)') : value,
      query: queryFieldIs(name, value),
      rows,
    }));
    const balance = bars.length > 1 && bars.length <= MOST_CATEGORIES ? evenness(values.map(({ rows }) => rows)) : null;
    return html`${this.bars(name, bars, present)}
    ${balance === null ? nothing : html`<p class="hint">${t('Balance {0}: 1 is even, 0 is all one', balance.toFixed(2))}</p>`}`;
  }

  private tell(query: string): void {
    this.dispatchEvent(new CustomEvent('query', { detail: query }));
  }

  private saveTable({ fields, phrases }: StatisticsMessage): void {
    const counted = fields.flatMap(({ name, histogram, measure, values }) => [
      ...(values ?? []).map(({ value, rows }) => [name, 'value', value, '', rows]),
      ...(histogram?.bars ?? []).map((bar) => [name, measure, bar.from, bar.to, bar.count]),
    ]);
    const lines = [...counted, ...phrases.listed.map(({ text, rows }) => ['', 'phrase', text, '', rows])];
    const csv = [['field', 'measure', 'from', 'to', 'rows'], ...lines]
      .map((cells) => cells.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(','))
      .join('\r\n');
    this.save('statistics.csv', toBase64(csv));
  }

  private savePicture(event: Event, name: string): void {
    const chart = event.target instanceof HTMLElement ? event.target.closest('.chart') : null;
    const plot = chart?.querySelector('histogram-plot');
    this.savePng(name, plot instanceof HistogramPlot ? plot.picture : undefined);
  }

  private savePng(name: string, picture: string | undefined): void {
    if (picture) this.save(`${name.replace(/[^\p{L}\p{N}_.-]+/gu, '_')}.png`, picture);
  }

  private save(name: string, base64: string): void {
    host.call('save', { name, base64 }).catch((error: unknown) => {
      this.trouble = error instanceof Error ? error.message : String(error);
    });
  }
}

/** Entropy as a share of the most there could be. */
function evenness(counts: readonly number[]): number {
  const all = counts.reduce((sum, one) => sum + one, 0);
  const entropy = counts.reduce((sum, one) => sum - (one / all) * Math.log(one / all), 0);
  return entropy / Math.log(counts.length);
}

function short(value: number): string {
  return Number.isInteger(value) ? count(value) : value.toPrecision(3);
}

function toBase64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}
