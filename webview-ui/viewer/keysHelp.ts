import { html, type TemplateResult } from 'lit';
import { t } from '../translate';

/** What `?` shows. One list, in the order in which a person meets the keys. */
function keys(): readonly (readonly [string, string])[] {
  return [
    ['j  k  ↓  ↑', t('next row, row before; with Shift, select')],
    ['Ctrl+A', t('select all rows that are shown')],
    ['PgDn  PgUp  Home  End', t('a page further or back, first row, last row')],
    ['a  r', t('approve, reject, and go on')],
    ['e', t('edit; Ctrl+Enter saves and approves, Esc cancels')],
    ['u', t('undo the last verdict, edit or note')],
    ['n  #', t('write a note, set tags')],
    ['s  t', t('show the evidence in its document, the row in the text editor')],
    ['/', t('search and filter; Esc shows all rows again')],
    ['l', t('show the rows like this one')],
    ['A  R', t('approve or reject all rows that are shown')],
    ['g', t('go to a row by its number')],
    ['c', t('columns and sorting')],
    ['Ctrl+C  y', t('copy as JSON, copy as…')],
    ['Enter  Esc', t('into the detail pane, back to the table')],
    ['1  2  3  4', t('table, statistics, twins, pairs')],
    ['?', t('this list')],
  ];
}

export function keysHelp(): TemplateResult {
  return html`<dialog class="help keys" aria-label=${t('Keys')} @click=${closeOnBackdrop}>
    <h2>${t('Keys')}</h2>
    <dl>
      ${keys().map(
        ([key, what]) =>
          html`<dt>${key}</dt>
            <dd>${what}</dd>`,
      )}
    </dl>
    <form method="dialog"><button class="primary">${t('Close')}</button></form>
  </dialog>`;
}

function closeOnBackdrop(event: MouseEvent): void {
  if (event.target instanceof HTMLDialogElement) event.target.close();
}
