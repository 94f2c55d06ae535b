import { html, type TemplateResult } from 'lit';
import { t } from '../translate';

const STEP = 0.04;
const [SMALLEST, LARGEST] = [0.15, 0.85];

/** The movable line between table and detail pane, by pointer and by arrow keys. */
export function splitter(share: number, moved: (share: number) => void): TemplateResult {
  const move = (next: number) => moved(Math.max(SMALLEST, Math.min(LARGEST, next)));
  const drag = (event: PointerEvent) => {
    const line = event.currentTarget;
    if (!(line instanceof HTMLElement) || !line.parentElement) return;
    const frame = line.parentElement.getBoundingClientRect();
    const stacked = line.clientWidth > line.clientHeight;
    line.setPointerCapture(event.pointerId);
    const follow = ({ clientX, clientY }: PointerEvent) =>
      move(stacked ? (frame.bottom - clientY) / frame.height : (frame.right - clientX) / frame.width);
    line.addEventListener('pointermove', follow);
    line.addEventListener('lostpointercapture', () => line.removeEventListener('pointermove', follow), { once: true });
  };
  const key = (event: KeyboardEvent) => {
    const larger = event.key === 'ArrowLeft' || event.key === 'ArrowUp';
    if (!larger && event.key !== 'ArrowRight' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    event.stopPropagation();
    move(share + (larger ? STEP : -STEP));
  };
  return html`<div
    class="splitter"
    role="separator"
    tabindex="0"
    aria-label=${t('Width of the detail pane')}
    aria-valuemin=${SMALLEST * 100}
    aria-valuemax=${LARGEST * 100}
    aria-valuenow=${Math.round(share * 100)}
    @pointerdown=${drag}
    @keydown=${key}
  ></div>`;
}
