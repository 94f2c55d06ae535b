import { noChange } from 'lit';
import { Directive, directive, PartType, type ElementPart, type PartInfo } from 'lit/directive.js';

/**
 * Sets style properties through the object model: `<div ${inlineStyle({ height: '4px' })}>`. Lit's own `styleMap` writes
 * a `style` attribute the first time, which the content security policy refuses.
 */
class InlineStyle extends Directive {
  private before: Readonly<Record<string, string>> = {};

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('inlineStyle stands on an element, not in an attribute.');
  }

  render(_styles: Readonly<Record<string, string>>): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [styles]: [Readonly<Record<string, string>>]): typeof noChange {
    const { element } = part;
    if (!(element instanceof HTMLElement)) return noChange;
    for (const [name, value] of Object.entries(styles)) {
      if (this.before[name] !== value) element.style.setProperty(name, value);
    }
    this.before = styles;
    return noChange;
  }
}

export const inlineStyle = directive(InlineStyle);
