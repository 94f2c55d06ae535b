import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** A colour for what is drawn on a canvas, where no style reaches: `--vscode-charts-blue`; empty where the theme has none. */
export function themeColour(name: string): string {
  return getComputedStyle(document.body).getPropertyValue(name).trim();
}

/** Tells when the theme has changed, and what was drawn on a canvas is of the old one. */
export class ThemeWatch implements ReactiveController {
  private readonly watching: MutationObserver;

  constructor(host: ReactiveControllerHost, changed: () => void) {
    this.watching = new MutationObserver(changed);
    host.addController(this);
  }

  hostConnected(): void {
    this.watching.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  }

  hostDisconnected(): void {
    this.watching.disconnect();
  }
}
