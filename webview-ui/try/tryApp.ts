import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { z } from 'zod';
import { connect } from '../../src/protocol/channel';
import { longestPrompt, type Side, tryContract, type TryStart } from '../../src/protocol/tryModel';
import { firstId, loadState, saveState, vscodePort } from '../port';
import { t } from '../translate';

const host = connect(
  vscodePort,
  tryContract,
  (error) => {
    console.error(error);
  },
  firstId,
);

/** What the panel keeps while it is hidden and over a reload of the window. */
const kept = z.object({
  prompt: z.string(),
  system: z.string(),
  maxTokens: z.number(),
  sides: z.array(z.object({ server: z.string(), model: z.string(), url: z.string() })).length(2),
  answers: z.array(z.object({ text: z.string(), note: z.string(), problem: z.string() })).length(2),
});
type Answer = z.infer<typeof kept>['answers'][number];

const unasked: Answer = { text: '', note: '', problem: '' };

/** A prompt, and what two models say to it. */
@customElement('try-app')
export class TryApp extends LitElement {
  @state() private start: TryStart | undefined;
  @state() private prompt = '';
  @state() private system = '';
  @state() private maxTokens = 512;
  @state() private sides: readonly Side[] = [];
  @state() private answers: readonly Answer[] = [unasked, unasked];
  @state() private asking: AbortController | undefined;
  private asked = 0;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    host.on('growing', ({ ask, text, note }) => {
      if (Math.floor(ask / 2) === this.asked) this.answered(ask % 2, { ...unasked, text, note: note ?? '' });
    });
    host.call('ready', {}).then(
      (start) => this.begin(start),
      (error: unknown) => this.answered(0, { ...unasked, problem: sentence(error) }),
    );
  }

  private begin(start: TryStart): void {
    const before = kept.safeParse(loadState()).data;
    this.sides = before?.sides ?? start.sides;
    if (before) ({ prompt: this.prompt, system: this.system, maxTokens: this.maxTokens } = before);
    this.answers = before?.answers ?? this.answers;
    this.start = start;
    this.keep();
  }

  private keep(): void {
    const { start, prompt, system, maxTokens, sides, answers } = this;
    saveState({ folder: start?.folder ?? null, prompt, system, maxTokens, sides, answers });
  }

  protected override render(): TemplateResult {
    const { start } = this;
    if (!start) return html`<p role="status">${this.answers[0]?.problem || t('One moment…')}</p>`;
    return html`
      <h1>${start.title}</h1>
      <form @submit=${this.submit} @keydown=${this.pressed}>
        <label for="prompt">${t('Prompt')}</label>
        <textarea
          id="prompt"
          rows="4"
          required
          maxlength=${longestPrompt}
          .value=${this.prompt}
          @input=${this.typed((text) => (this.prompt = text))}
        ></textarea>
        <details ?open=${this.system !== ''}>
          <summary>${t('System message and limit')}</summary>
          <label for="system">${t('System message')}</label>
          <textarea
            id="system"
            rows="2"
            maxlength=${longestPrompt}
            .value=${this.system}
            @input=${this.typed((text) => (this.system = text))}
          ></textarea>
          <label for="tokens">${t('At most so many tokens')}</label>
          <input
            id="tokens"
            type="number"
            min="1"
            max="100000"
            .value=${String(this.maxTokens)}
            @input=${this.typed((text) => (this.maxTokens = Math.max(1, Math.floor(Number(text)) || 1)))}
          />
        </details>
        <div class="actions">
          ${
            this.asking
              ? html`<button type="button" class="primary" @click=${() => this.asking?.abort()}>${t('Stop')}</button>`
              : html`<button type="submit" class="primary">${t('Ask both')}</button>`
          }
          <span class="muted">${t('Ctrl+Enter asks. The answers are greedy: the same each time.')}</span>
        </div>
        <div class="sides">${this.sides.map((side, at) => this.side(start, side, at))}</div>
      </form>
    `;
  }

  private side(start: TryStart, side: Side, at: number): TemplateResult {
    const name = at === 0 ? t('Left') : t('Right');
    const { asks } = start.choices.find(({ id }) => id === side.server) ?? { asks: 'address' };
    const answer = this.answers[at] ?? unasked;
    const change = (part: Partial<Side>) =>
      (this.sides = this.sides.map((one, index) => (index === at ? { ...one, ...part } : one)));
    return html`<section aria-label=${name}>
      <h2>${name}</h2>
      <label for=${`server-${at}`}>${t('Who answers')}</label>
      <select id=${`server-${at}`} @change=${this.typed((server) => change({ server }))}>
        ${start.choices.map(
          ({ id, label }) => html`<option value=${id} ?selected=${id === side.server}>${label}</option>`,
        )}
      </select>
      ${asks === 'address' ? this.field(`url-${at}`, t('Address'), side.url, (url) => change({ url })) : nothing}
      ${asks === 'nothing' ? nothing : this.field(`model-${at}`, t('Model'), side.model, (model) => change({ model }))}
      ${
        answer.problem === ''
          ? html`<div
              class="answer"
              role="region"
              tabindex="0"
              aria-label=${t('{0} answer', name)}
              .textContent=${answer.text}
            ></div>`
          : html`<p class="problem" role="alert">${answer.problem}</p>`
      }
      <p class="muted" role="status">${answer.note}</p>
    </section>`;
  }

  private field(id: string, label: string, value: string, set: (text: string) => void): TemplateResult {
    return html`<label for=${id}>${label}</label>
      <input id=${id} required spellcheck="false" .value=${value} @input=${this.typed(set)} />`;
  }

  private typed(set: (text: string) => void): (event: Event) => void {
    return ({ target }) => {
      const field =
        target instanceof HTMLTextAreaElement ||
        target instanceof HTMLSelectElement ||
        target instanceof HTMLInputElement;
      if (field) set(target.value);
      this.keep();
    };
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.querySelector('form')?.requestSubmit();
  };

  private readonly submit = (event: Event): void => {
    event.preventDefault();
    if (this.asking) return;
    const asking = new AbortController();
    this.asking = asking;
    this.asked++;
    this.answers = [unasked, unasked];
    void Promise.all(this.sides.map((side, at) => this.ask(side, at, asking.signal))).then(() => {
      this.asking = undefined;
      this.keep();
    });
  };

  private async ask(side: Side, at: number, signal: AbortSignal): Promise<void> {
    const { prompt, system, maxTokens } = this;
    try {
      const params = { ask: 2 * this.asked + at, side, prompt, system, maxTokens };
      const { text, measured } = await host.call('ask', params, signal);
      this.answered(at, { text, note: measured, problem: '' });
    } catch (error) {
      const text = this.answers[at]?.text ?? '';
      this.answered(
        at,
        signal.aborted ? { text, note: t('stopped'), problem: '' } : { ...unasked, problem: sentence(error) },
      );
    }
  }

  private answered(at: number, answer: Answer): void {
    this.answers = this.answers.map((one, index) => (index === at ? answer : one));
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
