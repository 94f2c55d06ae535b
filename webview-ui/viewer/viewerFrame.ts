import { html, nothing, type TemplateResult } from 'lit';
import type { ViewerSnapshot } from '../../src/protocol/viewer';
import type { PanelState } from './host';
import type { ViewerSession } from './session';
import { amount, bytes, count, t } from '../translate';
import './prompt';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';

/** What stands above the rows: the file, how much of it is known, the search, what can be done with the whole. */
export function viewerHeading(
  { name, path, dataset, problem }: ViewerSnapshot,
  search: TemplateResult,
  tab: Tab,
  act: { apply: () => void; show: (tab: Tab) => void },
): TemplateResult {
  const share = dataset.size === 0 ? 1 : dataset.indexed / dataset.size;
  return html`<header class="title">
    <h1 title=${path}>${name}</h1>
    <span class="facts">
      ${dataset.complete ? amount(dataset.lines, '1 row', '{0} rows') : amount(dataset.lines, '1 row so far', '{0} rows so far')}
      · ${bytes(dataset.size)} ${dataset.complete ? nothing : html` · ${t('{0} % read', Math.floor(share * 100))}`}
    </span>
    ${dataset.missing ? html`<span class="trouble">${t('The file was deleted.')}</span>` : nothing}
    ${dataset.lost === null ? nothing : html`<span class="trouble">${lossOf(dataset.lost)}</span>`}
    ${problem === null ? nothing : html`<span class="trouble" role="alert">${problem}</span>`}
    <div class="tabs" role="group" aria-label=${t('What is shown')}>
      ${tabButton('table', t('Table'), tab, act.show)}${tabButton('statistics', t('Statistics'), tab, act.show)}
      ${tabButton('twins', t('Twins'), tab, act.show)}${tabButton('pairs', t('Pairs'), tab, act.show)}
    </div>
    ${search}
    <button class="link apply" @click=${act.apply}>${t('Apply Review…')}</button>
    ${
      dataset.complete || problem !== null
        ? nothing
        : html`<vscode-progress-bar
            class="progress"
            .value=${share * 100}
            label=${t('Reading the file')}
          ></vscode-progress-bar>`
    }
  </header>`;
}

/** What stands below: how far the review is, what was done last or went wrong, the keys. */
export function viewerFoot(
  { dataset, review, problem }: ViewerSnapshot,
  { notice, trouble, pace }: ViewerSession,
  help: () => void,
): TemplateResult {
  const rate = pace.perMinute();
  return html`<footer>
    <span class="progress-text">
      ${t('{0} / {1} reviewed', count(review.reviewed), count(dataset.lines))}
      ${rate === undefined ? nothing : html` · ${t('{0} a minute', rate)}`}
      ${
        review.displaced === 0
          ? nothing
          : html` ·
            ${amount(
              review.displaced,
              '1 verdict is about a row that has moved or changed',
              '{0} verdicts are about rows that have moved or changed',
            )}`
      }
    </span>
    <line-prompt></line-prompt>
    <span class="notice" role="status">${trouble ? nothing : notice}</span>
    ${
      // The heading says what is wrong with the file.
      trouble && trouble !== problem ? html`<span class="trouble" role="alert">${trouble}</span>` : nothing
    }
    <button class="link keys" @click=${help}>${t('a approve · r reject · e edit · u undo · ? keys')}</button>
  </footer>`;
}

/** Why not all rows of a packed file are there. */
function lossOf(lost: NonNullable<ViewerSnapshot['dataset']['lost']>): string {
  switch (lost) {
    case 'cut_short':
      return t('The packed file is cut short, or is still being written: these are the rows up to there.');
    case 'damaged':
      return t('The packed file is damaged: these are the rows before the damage.');
    case 'no_room':
      return t('The disk is almost full: only these rows were unpacked. Make room, and open the tab again.');
  }
}

export type Tab = PanelState['tab'];

function tabButton(tab: Tab, label: string, shown: Tab, show: (tab: Tab) => void): TemplateResult {
  const pressed = tab === shown ? 'true' : 'false';
  return html`<button class="toggle" aria-pressed=${pressed} @click=${() => show(tab)}>${label}</button>`;
}
