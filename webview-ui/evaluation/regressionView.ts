import { html, nothing, type TemplateResult } from 'lit';
import type { Evaluation } from '../../src/core/records/evaluation';
import { t } from '../translate';

type Regression = Evaluation['regressions'][number];

/** One test that became worse: its question, the reference, and what both said, each with the judge's reason. */
export function regressionView({
  id,
  category,
  instruction,
  input,
  reference,
  base,
  tuned,
}: Regression): TemplateResult {
  return html`<details>
    <summary>
      <span class="question">${instruction}</span>
      <span class="muted">${[id, category].filter((part) => part !== '').join(' · ')}</span>
    </summary>
    ${input === '' ? nothing : part(t('Input'), input)} ${part(t('Reference'), reference)}
    <div class="answers">
      ${part(t('Base model, passed'), base.answer, base.reason)}
      ${part(t('Tuned model, failed'), tuned.answer, tuned.reason)}
    </div>
  </details>`;
}

function part(label: string, text: string, reason?: string): TemplateResult {
  return html`<div class="part">
    <h3>${label}</h3>
    <div class="said" .textContent=${text === '' ? '–' : text}></div>
    ${reason === undefined ? nothing : html`<p class="reason">${reason}</p>`}
  </div>`;
}
