import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { setTimeout as delay } from 'node:timers/promises';
import type { Locator } from 'playwright-core';
import { openInViewer, ViewerPage, viewerSettings } from './viewer.page';
import { viewerWorkspace, writeRows, type ViewerWorkspace } from './viewer.workspace';
import { openVsCode } from './vscode';

/** What the viewer does beside judging one row after the other. */
describe('The tabs of the dataset viewer', () => {
  let workspace: ViewerWorkspace;
  beforeEach(async () => {
    workspace = await viewerWorkspace();
  });
  afterEach(() => workspace[Symbol.asyncDispose]());

  it('show pairs of any row before they are written, name what cannot be reversed, and write a new file', async () => {
    const rows = [
      { instruction: 'What holds 40 bar?', input: '', output: 'The pump.' },
      { instruction: 'Translate.', input: 'Guten Tag', output: 'Good day' },
      { instruction: '', input: '', output: 'An answer to nothing.' },
    ];
    await writeRows(path.join(workspace.folder, 'plain.jsonl'), rows);
    await writeRows(path.join(workspace.folder, 'good.jsonl'), rows.slice(0, 2));
    await using code = await openVsCode({ folder: workspace.folder });
    await (await code.explorer.contextMenu('plain.jsonl')).choose('Distillery', 'Preview Bidirectional Pairs');
    const broken = await ViewerPage.of(code.page, 'plain.jsonl');
    await broken.frame.getByText('1 row cannot be reversed.').waitFor();
    assert.equal(await broken.frame.getByRole('button', { name: 'Generate' }).isDisabled(), true);
    await broken.frame.getByRole('button', { name: 'Row 3', exact: true }).click();
    await broken.frame.getByText('Row 3, column 1: The instruction is empty.').waitFor();
    await code.screenshot('viewer-pairs-problem');

    await (await code.explorer.contextMenu('good.jsonl')).choose('Distillery', 'Preview Bidirectional Pairs');
    const { frame } = await ViewerPage.of(code.page, 'good.jsonl');
    const half = (name: string) => frame.locator('.half').filter({ has: frame.getByRole('heading', { name }) });
    await half('Forward').locator('.output').getByText('The pump.').waitFor();
    await half('Reverse').locator('.output').getByText('What holds 40 bar?').waitFor();
    await frame.getByRole('button', { name: 'Next Row (j)' }).click();
    await half('Reverse').locator('.input').getByText('Good day', { exact: true }).waitFor();
    await frame.getByRole('combobox', { name: 'The reverse shows' }).selectOption('context');
    await half('Reverse').locator('.input').getByText('### Context').waitFor();
    await frame.getByRole('textbox', { name: 'Label' }).fill('mine');
    await half('Reverse').getByText('"source": "mine_bidirectional"').waitFor();
    await frame.getByRole('button', { name: 'Generate' }).click();
    await (await ViewerPage.of(code.page, 'good.pairs.jsonl')).row(4).waitFor();
    const written = (await readFile(path.join(workspace.folder, 'good.pairs.jsonl'), 'utf8')).trim().split('\n');
    assert.equal(written.length, 4);
    assert.match(written[3] ?? '', /"input":"### Context\\nGuten Tag.*"source":"mine_bidirectional"/u);
    assert.equal((await readdir(workspace.folder)).includes('plain.pairs.jsonl'), false);
  });

  it('group near-duplicates, move their threshold, and keep one of each in the review', async () => {
    const long = 'The pump holds a pressure of forty bar when the intake filter is clean and the valve is fully open';
    const answers = [`${long} today.`, 'Nothing alike.', `${long} again.`, 'Other words.', `${long} today.`];
    await writeRows(
      path.join(workspace.folder, 'twins.jsonl'),
      answers.map((answer, at) => ({ question: `What of it, ${at % 2 === 0 ? 'pump' : 'valve'}?`, answer })),
    );
    await using code = await openVsCode({ folder: workspace.folder, settings: viewerSettings });
    const viewer = await openInViewer(code, 'twins.jsonl');
    const { frame } = viewer;
    await viewer.press('3');
    await frame.getByText('1 group · 2 rows to spare').waitFor();
    await frame.getByRole('heading', { name: 'Rows 1 and 3' }).waitFor();
    await frame.locator('.comparison').first().locator('del').getByText('today').waitFor();
    await frame.locator('.comparison').first().locator('ins').getByText('again').waitFor();
    await code.screenshot('viewer-twins-group');

    const slider = frame.getByRole('slider', { name: 'Alike from' });
    await slider.fill('100');
    await frame.getByText('1 group · 1 row to spare').waitFor();
    await slider.fill('80');
    await frame.getByText('1 group · 2 rows to spare').waitFor();
    const second = frame.locator('.half').filter({ has: frame.getByRole('heading', { name: 'Row 3' }) });
    await second.getByRole('button', { name: 'Keep Only This One' }).click();
    await viewer.says('2 / 5 reviewed');
    await frame.getByText('settled').waitFor();
    // A verdict belongs to a row in sight: `a` does nothing here, `u` does.
    await code.page.keyboard.press('a');
    await code.page.keyboard.press('u');
    await viewer.says('0 / 5 reviewed');
    await frame.getByRole('button', { name: 'Keep the First of Each…' }).click();
    await code.dialog.getByRole('button', { name: 'Reject 2 Rows' }).click();
    await viewer.says('2 / 5 reviewed');
    await second.getByRole('button', { name: 'Show in Table' }).click();
    await viewer.reads(3);
    await viewer.row(3).getByRole('img', { name: 'rejected' }).waitFor();
    await viewer.row(5).getByRole('img', { name: 'rejected' }).waitFor();
  });

  it('copy, select, jump, note and tag by keyboard, save plots, show Markdown without its traps, and bear 200 % zoom', async () => {
    const rows = [
      {
        question: 'Why, "so"?',
        answer:
          '**Bold** and <img src=x onerror="document.title=1"> [here](javascript:alert(1)) costs $5 or $\\frac{a}{b}$',
      },
      { question: 'a|b', answer: '1. one\n2. two' },
      ...Array.from({ length: 60 }, (_, at) => ({
        question: `Question ${at + 3}`,
        answer: 'Yes.',
        kind: at % 2 === 0 ? 'even' : 'odd',
      })),
    ];
    await writeRows(path.join(workspace.folder, 'texts.jsonl'), rows);
    await using code = await openVsCode({ folder: workspace.folder, settings: viewerSettings });
    const viewer = await openInViewer(code, 'texts.jsonl');
    const { frame } = viewer;
    await viewer.press('Home', 'Shift+ArrowDown');
    await viewer.reads(2);
    const clipboard = () => code.page.evaluate(() => navigator.clipboard.readText());
    await viewer.press('ControlOrMeta+c');
    await viewer.says('2 rows copied.');
    assert.equal(
      await clipboard(),
      rows
        .slice(0, 2)
        .map((row) => JSON.stringify(row))
        .join('\n'),
    );
    for (const [format, expected] of [
      ['csv', '"Why, ""so""?",'],
      ['markdown', '| a\\|b | 1. one<br>2. two |'],
      ['tsv', 'a|b\t1. one 2. two'],
    ] as const) {
      await viewer.press('y');
      await frame.getByLabel('Copy as json, markdown, csv or tsv').fill(format);
      await code.page.keyboard.press('Enter');
      await frame.getByLabel('Copy as json, markdown, csv or tsv').waitFor({ state: 'detached' });
      for (;;) if ((await clipboard()).includes(expected)) break;
    }

    await viewer.press('g');
    await frame.getByLabel('Go to row').fill('60');
    await code.page.keyboard.press('Enter');
    await viewer.reads(60);
    await viewer.press('n');
    await frame.getByLabel('Note on row 60').fill('Ask again.');
    await code.page.keyboard.press('Enter');
    await viewer.detail.getByText('Ask again.').waitFor();
    await viewer.press('#');
    await frame.getByLabel('Tags of row 60').fill('units, doubt');
    await code.page.keyboard.press('Enter');
    await viewer.detail.getByText('doubt').waitFor();
    await viewer.search('tag:units');
    await frame.getByText('1 found').waitFor();
    await viewer.press('Escape', 'Home');
    await viewer.reads(1);

    await viewer.press('2');
    const chart = (name: string) =>
      frame.locator('.chart').filter({ has: frame.getByRole('heading', { name, exact: false }) });
    const saved = async (button: Locator, name: string) => {
      await button.click();
      await code.quickPick.root.waitFor();
      await code.quickPick.accept();
      await code.quickPick.closed();
      return written(path.join(workspace.folder, name));
    };
    const picture = frame.getByRole('button', { name: 'Save as PNG…' });
    const drawn = pictureSize(await saved(chart('question').locator(picture), 'question.png'));
    assert.ok(drawn.width >= 360 && drawn.height >= 150, 'a plot is saved as it is drawn');
    const listed = pictureSize(await saved(chart('kind').locator(picture), 'kind.png'));
    assert.ok(listed.width >= 640 && listed.height >= 60, 'bars are saved as a picture');
    const plot = chart('question').locator('canvas');
    const pixels = () => plot.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const inLight = await pixels();
    await code.chooseTheme('Dark 2026');
    for (;;) if ((await pixels()) !== inLight) break;
    const csv = await saved(frame.getByRole('button', { name: 'Save as CSV…' }), 'statistics.csv');
    assert.match(csv.toString(), /^"field","measure","from","to","rows"\r\n.*^"kind","value","odd","","30"/msu);
    await frame.getByRole('button', { name: 'Table', exact: true }).click();
    await viewer.reads(1);

    await viewer.detail.getByRole('button', { name: 'Markdown' }).click();
    await viewer.detail.locator('strong').getByText('Bold').waitFor();
    await viewer.detail.getByText('<img src=x').waitFor();
    await viewer.detail.locator('math mfrac').waitFor();
    await viewer.detail.getByText('costs $5 or').waitFor();
    await code.screenshot('viewer-markdown');
    assert.equal(await viewer.detail.locator('img, a, script').count(), 0);
    await code.page.setViewportSize({ width: 640, height: 400 });
    await viewer.row(1).waitFor();
    await code.screenshot('viewer-zoom-200');
    const [wide, room] = await frame.evaluate(() => [document.body.scrollWidth, window.innerWidth] as const);
    assert.ok(wide <= room, `the panel is ${wide} pixels wide and has ${room}`);
    const table = await frame.locator('row-table').boundingBox();
    assert.ok(table && table.height >= 100, 'rows stay in sight');
  });
});

/** A file, once it has been written. */
async function written(file: string): Promise<Buffer> {
  for (;;) {
    const bytes = await readFile(file).catch(() => Buffer.alloc(0));
    if (bytes.length > 0) return bytes;
    await delay(30);
  }
}

/** What a PNG says of itself; its data must unpack to that many pixels. */
function pictureSize(png: Buffer): { width: number; height: number } {
  assert.equal(png.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  assert.equal(inflateSync(Buffer.concat(data)).length, height * (width * (png[25] === 6 ? 4 : 3) + 1));
  return { width, height };
}
