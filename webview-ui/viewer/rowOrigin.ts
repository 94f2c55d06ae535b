import { html, nothing, type TemplateResult } from 'lit';
import { markedPassage } from '../../src/core/datasets/view/markedPassage';
import { withoutDisguise } from '../../src/core/datasets/view/preview';
import type { Provenance } from '../../src/protocol/rows';
import { t } from '../translate';

/** Where a row comes from and what its run's validator said of it. */
export function rowOrigin(from: Provenance, reveal: (evidence: number) => void): TemplateResult {
  const at = withoutDisguise(from.lineStart === null ? from.file : `${from.file}:${from.lineStart}`);
  const link = (nth: number) =>
    html`<button class="link" title=${t('Reveal Source (s)')} @click=${() => reveal(nth)}>
      <span class="codicon codicon-go-to-file" aria-hidden="true"></span> ${at}
    </button>`;
  return html`<section class="origin">
    <h3>${t('Evidence')}</h3>
    ${
      from.evidence.length === 0
        ? html`<p>${link(0)}</p>`
        : from.evidence.map(
            ({ text }, nth) =>
              html`<blockquote dir="auto">${withoutDisguise(text)}</blockquote>
                <p>${link(nth)}</p>`,
          )
    }
    ${from.validation ? validatorSays(from.validation) : nothing}
    ${from.teacher === null ? nothing : html`<p class="hint">${t('Teacher: {0}', withoutDisguise(from.teacher))}</p>`}
    ${from.chunk ? passage(from.chunk, from.evidence) : nothing}
  </section>`;
}

/** Whether the person reads passages: one who has folded one away wants no other either. */
let isOpen = true;

/** The passage that the row was made of, with its evidence marked. */
function passage(chunk: NonNullable<Provenance['chunk']>, evidence: Provenance['evidence']): TemplateResult {
  const fold = ({ target }: Event) => {
    if (target instanceof HTMLDetailsElement) isOpen = target.open;
  };
  // Its spaces and line ends are shown: nothing may stand between the paragraph and its text.
  const stretches = markedPassage(chunk, evidence).map(({ text, isQuoted }) =>
    isQuoted ? html`<mark>${withoutDisguise(text)}</mark>` : withoutDisguise(text),
  );
  return html`<details class="passage" ?open=${isOpen} @toggle=${fold}>
    <summary>${t('Passage')}</summary>
    <p dir="auto">${stretches}</p>
  </details>`;
}

function validatorSays({ status, reason, verdict }: NonNullable<Provenance['validation']>): TemplateResult {
  const checks = ['grounded', 'no_hallucination', 'complete'].filter((name) => typeof verdict?.[name] === 'boolean');
  const confidence = verdict?.confidence;
  const errors: unknown[] = Array.isArray(verdict?.errors) ? verdict.errors : [];
  return html`<h3>${t('Validator')}</h3>
    <p class="verdict">
      <strong>${t(status)}</strong>${reason ? ` · ${withoutDisguise(reason)}` : ''}
      ${checks.map((name) => checkMark(name, verdict?.[name] === true))}
      ${typeof confidence === 'number' ? html`<span>${confidence.toFixed(2)}</span>` : nothing}
    </p>
    ${errors.map((error) => html`<p class="note">${withoutDisguise(String(error))}</p>`)}`;
}

function checkMark(name: string, good: boolean): TemplateResult {
  return html`<span class="check ${good ? 'good' : 'poor'}"
    >${t(name.replace(/_/gu, ' '))}
    <span class="codicon codicon-${good ? 'check' : 'close'}" role="img" aria-label=${good ? t('yes') : t('no')}></span
  ></span>`;
}
