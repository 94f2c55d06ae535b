import { html, type TemplateResult } from 'lit';
import { t } from './translate';

/** What `?` shows. One list, in the order in which a person meets the keys. */
function keys(): readonly (readonly [string, string])[] {
  return [
    ['j  k  ↓  ↑', t('next row, row before')],
    ['PgDn  PgUp  Home  End', t('a page further or back, first row, last row')],
    ['g', t('go to a row by its number')],
    ['a', t('approve, and go on')],
    ['r', t('reject, and go on')],
    ['e', t('edit; Ctrl+Enter saves and approves, Esc cancels')],
    ['u', t('undo the last verdict, edit or note')],
    ['n', t('write a note')],
    ['#', t('set tags')],
    ['s', t('show the evidence in its document')],
    ['Enter  Esc', t('into the detail pane, back to the table')],
    ['?', t('this list')],
  ];
}

export function keysHelp(): TemplateResult {
  return html`<dialog class="help" aria-label=${t('Keys')} @click=${closeOnBackdrop}>
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
