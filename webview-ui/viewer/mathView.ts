import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { host } from './host';

const NAMESPACE = 'http://www.w3.org/1998/Math/MathML';
/** What a formula is made of. Links, events, styles and everything that loads is not among it. */
const ELEMENTS = new Set(
  (
    'math semantics mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr ' +
    'mtd mstyle mpadded mphantom menclose'
  ).split(' '),
);
const ATTRIBUTES = new Set(
  (
    'display mathvariant stretchy fence separator accent accentunder lspace rspace width height depth linethickness ' +
    'columnalign rowspacing columnspacing displaystyle scriptlevel minsize maxsize notation'
  ).split(' '),
);

/** A formula, once it is drawn; until then, and when it is none, what was written. */
@customElement('math-view')
export class MathView extends LitElement {
  @property({ type: String }) tex = '';
  @property({ type: Boolean }) display = false;
  @property({ type: String }) raw = '';
  @state() private formula: Node | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('tex') || changed.has('display')) this.draw(this.tex);
  }

  private draw(tex: string): void {
    this.formula = undefined;
    host.call('math', { tex, display: this.display }).then(
      ({ mathml }) => {
        if (tex === this.tex) this.formula = mathml === null ? undefined : parsed(mathml);
      },
      (error: unknown) => console.error(error),
    );
  }

  protected override render(): TemplateResult {
    return html`${this.formula ?? html`<code>${this.raw}</code>`}`;
  }
}

function parsed(mathml: string): Node | undefined {
  const math = new DOMParser().parseFromString(mathml, 'text/html').querySelector('math');
  return math ? allowed(math)[0] : undefined;
}

/** A copy of nothing but what is known to be harmless. */
function allowed(node: Node): Node[] {
  if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.textContent ?? '')];
  if (!(node instanceof Element) || !ELEMENTS.has(node.localName)) return [];
  const copy = document.createElementNS(NAMESPACE, node.localName);
  for (const { name, value } of node.attributes) if (ATTRIBUTES.has(name)) copy.setAttribute(name, value);
  copy.append(...[...node.childNodes].flatMap(allowed));
  return [copy];
}
