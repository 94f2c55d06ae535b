/** Where a key leads in the table: to an end, or by a number of rows. Undefined for a key that leads nowhere. */
export function tableKey(event: KeyboardEvent, page: number): number | 'first' | 'last' | undefined {
  if (event.altKey) return undefined;
  const control = event.ctrlKey || event.metaKey;
  switch (event.key) {
    case 'j':
    case 'J':
      return control ? undefined : 1;
    case 'k':
    case 'K':
      return control ? undefined : -1;
    case 'ArrowDown':
      return control ? 'last' : 1;
    case 'ArrowUp':
      return control ? 'first' : -1;
    case 'PageDown':
      return control ? undefined : page;
    case 'PageUp':
      return control ? undefined : -page;
    case 'Home':
      return 'first';
    case 'End':
      return 'last';
    default:
      return undefined;
  }
}
