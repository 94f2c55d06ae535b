import type { ViewerTab } from '../../src/protocol/viewer';
import * as actions from './actions';
import type { Action } from './viewerKeys';

/** Where the keyboard can be taken in the panel. */
export type Place = 'table' | 'search' | 'content' | 'columns' | 'keys';

/** The panel, as keys and buttons see it. */
export interface Workplace extends actions.Desk {
  readonly tab: ViewerTab;
  editing: boolean;
  showTab(tab: ViewerTab): void;
  /** Selects all rows that the table shows. */
  selectAll(): void;
  focusOn(place: Place): void;
}

/** Does what a key or a button asks for. */
export async function act(panel: Workplace, action: Action): Promise<void> {
  switch (action) {
    case 'approve':
    case 'reject':
      panel.focusOn('table');
      return actions.judge(panel, action === 'approve' ? 'approved' : 'rejected');
    case 'approveAll':
      return actions.judgeAll(panel, 'approved');
    case 'rejectAll':
      return actions.judgeAll(panel, 'rejected');
    case 'edit':
      panel.editing = panel.session.detail?.state === 'ok' && !panel.editing;
      return;
    case 'undo':
      return actions.undo(panel);
    case 'note':
      return actions.writeNote(panel);
    case 'tag':
      return actions.setTags(panel);
    case 'go':
      return actions.goToRow(panel);
    case 'like':
      return actions.showLike(panel);
    case 'selectAll':
      panel.selectAll();
      return;
    case 'copy':
      return actions.copyAs(panel, 'json');
    case 'copyAs':
      return actions.copyAs(panel);
    case 'source':
      return panel.session.reveal(0);
    case 'line':
      return panel.session.revealLine();
    case 'table':
    case 'statistics':
    case 'twins':
    case 'pairs':
      panel.showTab(action);
      return;
    case 'read':
      panel.focusOn('content');
      return;
    case 'search':
    case 'columns':
      panel.focusOn(action);
      return;
    case 'help':
      panel.focusOn('keys');
      return;
    case 'back':
      back(panel);
  }
}

/** To the table; there, out of the editor; there, to all rows. */
function back(panel: Workplace): void {
  if (panel.tab !== 'table') {
    panel.showTab('table');
    return;
  }
  if (!panel.editing && document.activeElement?.role === 'grid') panel.query('');
  panel.editing = false;
  panel.focusOn('table');
}
