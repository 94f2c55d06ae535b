import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

interface Question {
  readonly label: string;
  readonly value: string;
  readonly answer: (text: string | undefined) => void;
}

/** One line asked for in the panel's foot: a row number, a note, tags. Enter answers, Escape does not. */
@customElement('line-prompt')
export class LinePrompt extends LitElement {
  @state() private question: Question | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Resolves with what was typed, or undefined. A second question ends the first. */
  ask(label: string, value = ''): Promise<string | undefined> {
    this.question?.answer(undefined);
    return new Promise((resolve) => {
      this.question = {
        label,
        value,
        answer: (text) => {
          this.question = undefined;
          resolve(text);
        },
      };
    });
  }

  protected override updated(): void {
    this.querySelector('input')?.select();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { question } = this;
    if (!question) return nothing;
    const key = (event: KeyboardEvent) => {
      event.stopPropagation();
      if (!(event.target instanceof HTMLInputElement)) return;
      if (event.key === 'Enter') question.answer(event.target.value);
      else if (event.key === 'Escape') question.answer(undefined);
    };
    return html`<label>${question.label} <input type="text" .value=${question.value} @keydown=${key} /></label>`;
  }
}
