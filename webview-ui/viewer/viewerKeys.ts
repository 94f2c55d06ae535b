export type Action =
  'approve' | 'reject' | 'edit' | 'undo' | 'note' | 'tag' | 'go' | 'source' | 'read' | 'back' | 'help';

const ACTIONS: Readonly<Record<string, Action>> = {
  a: 'approve',
  r: 'reject',
  e: 'edit',
  u: 'undo',
  n: 'note',
  '#': 'tag',
  g: 'go',
  s: 'source',
  Escape: 'back',
  '?': 'help',
};

/** What a key means anywhere in the panel; nothing while a text is typed. */
export function actionOf(event: KeyboardEvent): Action | undefined {
  const [target] = event.composedPath();
  if (event.ctrlKey || event.metaKey || event.altKey || !(target instanceof HTMLElement)) return undefined;
  if (target.matches('input, textarea, dialog *')) return undefined;
  if (event.key === 'Enter') return target.role === 'grid' ? 'read' : undefined;
  return Object.hasOwn(ACTIONS, event.key) ? ACTIONS[event.key] : undefined;
}
