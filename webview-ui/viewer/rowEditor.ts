import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { editableTexts, editOf } from '../../src/core/datasets/view/editableTexts';
import type { Edit } from '../../src/core/datasets/view/reviewState';
import type { Part } from '../../src/core/datasets/view/shape';
import type { RowDetail } from '../../src/protocol/rows';
import type { Draft } from './host';
import { t } from '../translate';

/** Edits a row's texts in place. Control+Enter keeps them, Escape does not. */
@customElement('row-editor')
export class RowEditor extends LitElement {
  @property({ attribute: false }) value: unknown;
  @property({ attribute: false }) cuts: RowDetail['cuts'] = [];
  /** Changes of before a reload: where the row still has the text that they were made to. */
  @property({ attribute: false }) draft: Draft['edits'] = [];

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    const fields = this.querySelectorAll('textarea');
    for (const field of fields) fit(field);
    const answer = this.querySelector<HTMLTextAreaElement>('textarea.assistant') ?? fields[0];
    answer?.focus();
  }

  protected override render(): TemplateResult {
    const { texts, cut } = editableTexts(this.value, this.cuts);
    const hint = cut > 0 ? t('A text that is shown only in part cannot be edited here.') : '';
    if (texts.length === 0) return html`<p class="hint">${hint || t('This row has no text to edit.')}</p>`;
    return html`${hint ? html`<p class="hint">${hint}</p>` : nothing}
      <form class="editor" @keydown=${this.onKey} @submit=${(event: Event) => this.save(event)}>
        ${texts.map(
          ({ name, role, ...part }, nth) =>
            html`<label
              ><span>${name}</span>
              <textarea
                class=${role}
                data-nth=${nth}
                dir="auto"
                .value=${this.begun(part) ?? part.text}
                @input=${(event: Event) => {
                  if (event.target instanceof HTMLTextAreaElement) fit(event.target);
                  this.dispatchEvent(new CustomEvent('draft', { detail: this.changed(), bubbles: true }));
                }}
              ></textarea>
            </label>`,
        )}
        <p>
          <button class="primary" type="submit">${t('Save and Approve')}</button>
          <button class="secondary" type="button" @click=${() => this.cancel()}>${t('Cancel')}</button>
          <span class="hint">${t('Ctrl+Enter saves · Esc cancels')}</span>
        </p>
      </form>`;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.save(event);
    else if (event.key === 'Escape') this.cancel();
    else return;
    event.stopPropagation();
  };

  private cancel(): void {
    this.dispatchEvent(new CustomEvent('cancel-edit', { bubbles: true }));
  }

  private save(event: Event): void {
    event.preventDefault();
    const edits = this.changed().map(({ path, text }): Edit => ({ path, text }));
    this.dispatchEvent(new CustomEvent('save-edit', { detail: edits, bubbles: true }));
  }

  private changed(): Draft['edits'] {
    const { texts } = editableTexts(this.value, this.cuts);
    return [...this.querySelectorAll('textarea')].flatMap((field) => {
      const part = texts[Number(field.dataset.nth)];
      const edit = part && editOf(part, field.value);
      return edit ? [{ path: [...edit.path], before: part.text, text: edit.text }] : [];
    });
  }

  private begun({ path, text }: Pick<Part, 'path' | 'text'>): string | undefined {
    const place = JSON.stringify(path);
    return this.draft.find((edit) => edit.before === text && JSON.stringify(edit.path) === place)?.text;
  }
}

/** As high as its text, so that nothing of it is hidden while it is edited. */
function fit(field: HTMLTextAreaElement): void {
  field.style.height = 'auto';
  field.style.height = `${Math.min(480, field.scrollHeight + 4)}px`;
}
