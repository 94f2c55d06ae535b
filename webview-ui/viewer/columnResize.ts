import { html, type TemplateResult } from 'lit';
import { NARROWEST, WIDEST } from './columnLayout';

/** The edge of a heading: dragging it tells the table's `resize` listeners `{name, width}`. */
export function resizer(table: HTMLElement, name: string): TemplateResult {
  const start = (event: PointerEvent) => {
    const edge = event.currentTarget;
    if (!(edge instanceof HTMLElement) || !edge.parentElement) return;
    event.preventDefault();
    const before = edge.parentElement.getBoundingClientRect().width;
    const from = event.clientX;
    edge.setPointerCapture(event.pointerId);
    const move = ({ clientX }: PointerEvent) => {
      const width = Math.round(Math.max(NARROWEST, Math.min(WIDEST, before + clientX - from)));
      table.dispatchEvent(new CustomEvent('resize-column', { detail: { name, width } }));
    };
    edge.addEventListener('pointermove', move);
    edge.addEventListener('lostpointercapture', () => edge.removeEventListener('pointermove', move), { once: true });
  };
  return html`<span class="resizer" aria-hidden="true" @pointerdown=${start} @click=${stay}></span>`;
}

/** A drag that ends on the heading is no click on it. */
function stay(event: Event): void {
  event.stopPropagation();
}
