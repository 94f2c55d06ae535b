import { html, type TemplateResult } from 'lit';
import { withoutDisguise } from '../../src/core/datasets/view/preview';
import { wordDiff } from '../../src/core/datasets/view/wordDiff';

/** A text with what was removed from and added to another one marked, for eyes and for screen readers. */
export function diffView(before: string, after: string, show: 'both' | 'removed' | 'added' = 'both'): TemplateResult {
  const parts = wordDiff(withoutDisguise(before), withoutDisguise(after));
  if (!parts) return html`${withoutDisguise(show === 'removed' ? before : after)}`;
  const hidden = show === 'removed' ? 'added' : show === 'added' ? 'removed' : undefined;
  return html`${parts
    .filter(({ kind }) => kind !== hidden)
    .map(({ kind, text }) =>
      kind === 'same' ? text : kind === 'removed' ? html`<del>${text}</del>` : html`<ins>${text}</ins>`,
    )}`;
}
