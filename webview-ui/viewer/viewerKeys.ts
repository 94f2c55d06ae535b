export type Action =
  | 'approve'
  | 'reject'
  | 'approveAll'
  | 'rejectAll'
  | 'edit'
  | 'undo'
  | 'note'
  | 'tag'
  | 'go'
  | 'like'
  | 'search'
  | 'columns'
  | 'copy'
  | 'copyAs'
  | 'source'
  | 'line'
  | 'read'
  | 'back'
  | 'help';

const ACTIONS: Readonly<Record<string, Action>> = {
  a: 'approve',
  r: 'reject',
  A: 'approveAll',
  R: 'rejectAll',
  e: 'edit',
  u: 'undo',
  n: 'note',
  '#': 'tag',
  g: 'go',
  l: 'like',
  '/': 'search',
  c: 'columns',
  y: 'copyAs',
  s: 'source',
  t: 'line',
  Escape: 'back',
  '?': 'help',
};

/** What a key means anywhere in the panel; nothing while a text is typed or a dialog is open. */
export function actionOf(event: KeyboardEvent): Action | undefined {
  const [target] = event.composedPath();
  if (event.altKey || !(target instanceof HTMLElement) || target.matches('input, textarea, dialog *')) return undefined;
  if (event.ctrlKey || event.metaKey) {
    if (event.key === 'f') return 'search';
    return event.key === 'c' && target.role === 'grid' ? 'copy' : undefined;
  }
  if (event.key === 'Enter') return target.role === 'grid' ? 'read' : undefined;
  return Object.hasOwn(ACTIONS, event.key) ? ACTIONS[event.key] : undefined;
}
