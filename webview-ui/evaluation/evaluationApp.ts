import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Evaluation, Verdict } from '../../src/core/records/evaluation';
import { connect } from '../../src/protocol/channel';
import { evaluationContract, type EvaluationSnapshot } from '../../src/protocol/evaluation';
import { firstId, vscodePort } from '../port';
import { amount, count, t } from '../translate';
import { intervals } from './intervals';
import { effectSize, pValue, percent, points } from './numbers';
import { regressionView } from './regressionView';

const host = connect(
  vscodePort,
  evaluationContract,
  (error) => {
    console.error(error);
  },
  firstId,
);

/** So many regressions are shown at first, and with each further click. */
const shownAtOnce = 50;

/** What an evaluation found: the verdict, what it stands on, and what became worse. */
@customElement('evaluation-app')
export class EvaluationApp extends LitElement {
  @state() private snapshot: EvaluationSnapshot | undefined;
  @state() private problem: string | undefined;
  @state() private shown = shownAtOnce;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    host.on('changed', (snapshot) => (this.snapshot = snapshot));
    host.call('ready', {}).then(
      (snapshot) => (this.snapshot = snapshot),
      (error: unknown) => this.fail(error),
    );
  }

  private fail(error: unknown): void {
    this.problem = error instanceof Error ? error.message : String(error);
  }

  protected override render(): TemplateResult {
    const { snapshot, problem } = this;
    const alert = problem === undefined ? nothing : html`<p class="note" role="alert">${problem}</p>`;
    if (!snapshot)
      return problem === undefined ? html`<p role="status">${t('Reading the report…')}</p>` : html`${alert}`;
    const { report } = snapshot;
    return html`
      <header>
        <h1 class=${report.verdict}>${verdict(report.verdict)}</h1>
        <p class="muted">${describeWork(report)}</p>
        ${alert} ${overlapNote(report)} ${cutNote(report)}
      </header>
      <section aria-label=${t('Pass rates')}>
        <h2>${t('Pass rates')}</h2>
        ${intervals(report)}
        <p>${describeTest(report)}</p>
        <p>${describeEffect(report)}</p>
      </section>
      ${speed(report)} ${categories(report)}
      <section aria-label=${t('Regressions')}>
        <h2>${amount(report.regressions.length, '1 regression', '{0} regressions')}</h2>
        <p class="muted">${t('Tests that the base model passes and the tuned one does not.')}</p>
        ${report.regressions.slice(0, this.shown).map(regressionView)}
        <div class="actions">
          ${
            report.regressions.length > this.shown
              ? html`<button @click=${() => (this.shown += shownAtOnce)}>${t('Show More')}</button>`
              : nothing
          }
          ${snapshot.hasRows ? html`<button @click=${this.openRows}>${t('Open All Answers')}</button>` : nothing}
        </div>
      </section>
    `;
  }

  private readonly openRows = (): void => {
    host.call('openRows', {}).catch((error: unknown) => this.fail(error));
  };
}

function verdict(found: Verdict): string {
  if (found === 'better') return t('The tuned model is better');
  return found === 'worse' ? t('The tuned model is worse') : t('No difference is shown');
}

function describeWork({ n, left_out: left, models, judge }: Evaluation): string {
  const out = left.lost + left.open;
  return [
    amount(n, '1 test compared', '{0} tests compared'),
    ...(out > 0 ? [t('{0} left out', count(out))] : []),
    t('base: {0}', models.base),
    t('tuned: {0}', models.tuned),
    judge === 'exact' ? t('passed where the answer is the reference') : t('judged by {0}', judge),
  ].join(' · ');
}

function overlapNote({ overlap: { status, training_file: file, tests } }: Evaluation): TemplateResult | typeof nothing {
  if (status === 'none') return nothing;
  if (status === 'not_checked')
    return html`<p class="muted">
      ${t('Whether tests were trained on was not checked: no training file was named.')}
    </p>`;
  return html`<p class="note">
    ${t('{0} tests are in the training file {1}, and are counted: the tuned model may know them by heart.', count(tests.length), file ?? '')}
  </p>`;
}

function cutNote({ cut: { base, tuned } }: Evaluation): TemplateResult | typeof nothing {
  if (base + tuned === 0) return nothing;
  return html`<p class="note">
    ${t('{0} answers of the base model and {1} of the tuned one were cut at the limit of tokens, and judged as they are.', count(base), count(tuned))}
  </p>`;
}

function describeTest({ mcnemar: { method, statistic, p_value, gained, lost } }: Evaluation): string {
  const changes = t(
    'Of the tests that only one of the two passes, {0} were gained and {1} lost.',
    count(gained),
    count(lost),
  );
  const by =
    method === 'exact_binomial' ? t('exact binomial') : t('χ² {0}, continuity-corrected', statistic.toFixed(2));
  return `${changes} ${t('If both were equally good, so uneven a split would come about with a probability of {0} (McNemar, {1}).', pValue(p_value), by)}`;
}

function describeEffect({ cohens_h: h, lift }: Evaluation): string {
  return t(
    'The lift is {0} points, between {1} and {2} (95 %, paired bootstrap). Cohen’s h is {3}: {4}.',
    points(lift.value),
    points(lift.low),
    points(lift.high),
    h.toFixed(2),
    effectSize(h),
  );
}

function speed({ speed: measured }: Evaluation): TemplateResult | typeof nothing {
  if (!measured) return nothing;
  const cell = (value: number | null, digits: number) => (value === null ? '–' : value.toFixed(digits));
  return html`<section aria-label=${t('Speed')}>
    <h2>${t('Speed')}</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">${t('Model')}</th>
          <th scope="col">${t('Tokens a second')}</th>
          <th scope="col">${t('First token, ms')}</th>
          <th scope="col">${t('Prompts')}</th>
        </tr>
      </thead>
      <tbody>
        ${(['base', 'tuned'] as const).map(
          (side) =>
            html`<tr>
              <th scope="row">${side === 'base' ? t('base') : t('tuned')}</th>
              <td>${cell(measured[side].tokens_per_second, 1)}</td>
              <td>${cell(measured[side].first_token_ms, 0)}</td>
              <td>${count(measured[side].prompts)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function categories({ categories: all }: Evaluation): TemplateResult | typeof nothing {
  if (all.length === 0) return nothing;
  const words = { better: t('better'), worse: t('worse'), no_difference_shown: t('no difference shown') };
  return html`<section aria-label=${t('Categories')}>
    <h2>${t('Categories')}</h2>
    <div class="wide" tabindex="0" role="region" aria-label=${t('Categories')}>
      <table>
        <thead>
          <tr>
            ${[
              t('Category'),
              t('Tests'),
              t('Base'),
              t('Tuned'),
              t('Lift'),
              t('Gained'),
              t('Lost'),
              t('p, adjusted'),
              t('Verdict'),
            ].map((title) => html`<th scope="col">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${all.map(
            (one) =>
              html`<tr>
                <th scope="row">${one.category === '' ? t('(none)') : one.category}</th>
                <td>${count(one.n)}</td>
                <td>${percent(one.base.rate)}</td>
                <td>${percent(one.tuned.rate)}</td>
                <td>${points(one.lift)}</td>
                <td>${count(one.mcnemar.gained)}</td>
                <td>${count(one.mcnemar.lost)}</td>
                <td>${pValue(one.adjusted_p)}</td>
                <td class=${one.verdict}>${words[one.verdict]}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="muted">
      ${t('p-values by McNemar, adjusted over all categories (Benjamini and Hochberg); up to 0.10 shows a difference.')}
    </p>
  </section>`;
}
