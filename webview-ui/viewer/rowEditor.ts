import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { isObject } from '../../src/core/datasets/view/fields';
import { readingOf, type Part } from '../../src/core/datasets/view/shape';
import type { Draft } from './host';
import { t } from '../translate';

export interface SavedEdit {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** The texts of a row that can be edited: its parts, else its texts on the first level. */
function editableParts(value: unknown): readonly Part[] {
  const { parts } = readingOf(value);
  if (parts.length > 0) return parts.filter((part) => isText(value, part));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, text]) =>
    typeof text === 'string' ? [{ role: 'text', name, text, path: [name] } satisfies Part] : [],
  );
}

function isText(value: unknown, { path, text }: Part): boolean {
  let at: unknown = value;
  for (const step of path) {
    if (Array.isArray(at) && typeof step === 'number') at = at[step];
    else if (isObject(at) && Object.hasOwn(at, step)) at = at[step];
  }
  return at === text;
}

/** Edits a row's texts in place. Control+Enter keeps them, Escape does not. */
@customElement('row-editor')
export class RowEditor extends LitElement {
  @property({ attribute: false }) value: unknown;
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
    const parts = editableParts(this.value);
    if (parts.length === 0) return html`<p class="hint">${t('This row has no text to edit.')}</p>`;
    return html`<form class="editor" @keydown=${this.onKey} @submit=${(event: Event) => this.save(event)}>
      ${parts.map(
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
    const edits = this.changed().map(({ path, text }): SavedEdit => ({ path, text }));
    this.dispatchEvent(new CustomEvent('save-edit', { detail: edits, bubbles: true }));
  }

  private changed(): Draft['edits'] {
    const parts = editableParts(this.value);
    return [...this.querySelectorAll('textarea')].flatMap((field) => {
      const part = parts[Number(field.dataset.nth)];
      return part && part.text !== field.value ? [{ path: [...part.path], before: part.text, text: field.value }] : [];
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
