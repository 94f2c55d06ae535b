import type { ViewerTab } from '../../src/protocol/viewer';

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
  | 'selectAll'
  | 'copy'
  | 'copyAs'
  | 'source'
  | 'line'
  | 'read'
  | 'back'
  | 'help'
  | ViewerTab;

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
  1: 'table',
  2: 'statistics',
  3: 'twins',
  4: 'pairs',
};

/** What makes sense while no row is in sight: a verdict for a row that nobody sees would be an accident. */
const ANYWHERE: ReadonlySet<Action> = new Set([
  'undo',
  'search',
  'back',
  'help',
  'table',
  'statistics',
  'twins',
  'pairs',
]);

/** What a key means under a tab; nothing while a text is typed or a dialog is open. */
export function actionOf(event: KeyboardEvent, tab: ViewerTab): Action | undefined {
  const action = meaningOf(event);
  return action !== undefined && (tab === 'table' || ANYWHERE.has(action)) ? action : undefined;
}

function meaningOf(event: KeyboardEvent): Action | undefined {
  const [target] = event.composedPath();
  if (event.altKey || !(target instanceof HTMLElement) || target.matches('input, select, textarea, dialog *'))
    return undefined;
  if (event.ctrlKey || event.metaKey) {
    if (event.key === 'f') return 'search';
    if (target.role !== 'grid') return undefined;
    return event.key === 'a' ? 'selectAll' : event.key === 'c' ? 'copy' : undefined;
  }
  if (event.key === 'Enter') return target.role === 'grid' ? 'read' : undefined;
  return Object.hasOwn(ACTIONS, event.key) ? ACTIONS[event.key] : undefined;
}
