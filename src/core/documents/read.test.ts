import assert from 'node:assert/strict';
import { mkdtemp, mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import iconv from 'iconv-lite';
import type { DocumentErrorCode } from './errors';
import { DocumentError } from './errors';
import { listDocuments } from './listDocuments';
import { decodeDocument, readDocument } from './read';

const german = 'Die Größe der Pumpe beträgt fünf Meter; der Schlüssel hängt über der Tür.\r\n'.repeat(6);
const utf8 = (text: string) => new TextEncoder().encode(text);
const refuses = (bytes: Uint8Array, name: string, code: DocumentErrorCode, says: RegExp) =>
  assert.rejects(decodeDocument(bytes, name), (error) => {
    assert.ok(error instanceof DocumentError);
    assert.equal(error.code, code);
    assert.match(error.message, says);
    return true;
  });

describe('decoding', () => {
  const cases: readonly (readonly [string, Uint8Array, string, string])[] = [
    ['UTF-8', utf8(german), german, 'utf-8'],
    ['UTF-8 with a mark', utf8(`\ufeff${german}`), german, 'utf-8'],
    ['UTF-16 LE with a mark', iconv.encode(`\ufeff${german}`, 'utf-16le'), german, 'utf-16le'],
    ['UTF-16 BE with a mark', iconv.encode(`\ufeff${german}`, 'utf-16be'), german, 'utf-16be'],
    ['UTF-16 LE without', iconv.encode(german, 'utf-16le'), german, 'utf-16le'],
    ['UTF-16 BE without', iconv.encode(german, 'utf-16be'), german, 'utf-16be'],
    [
      'Chinese in UTF-16 LE without',
      iconv.encode('水泵停止运转。\n灯灭了。\n', 'utf-16le'),
      '水泵停止运转。\n灯灭了。\n',
      'utf-16le',
    ],
    ['UTF-32', iconv.encode(`\ufeff${german}`, 'utf-32le'), german, 'utf-32le'],
    ['Latin-1', iconv.encode(german, 'latin1'), german, 'windows-1252'],
    [
      'windows-1252 with its own signs',
      iconv.encode('Le café coûte 5 € — c’est « cher » à Noël.', 'windows-1252'),
      'Le café coûte 5 € — c’est « cher » à Noël.',
      'windows-1252',
    ],
    [
      'Shift_JIS',
      iconv.encode('ポンプは止まりました。ランプが消えました。'.repeat(4), 'shift_jis'),
      'ポンプは止まりました。ランプが消えました。'.repeat(4),
      'shift_jis',
    ],
    [
      'windows-1251',
      iconv.encode('Насос остановился, и лампа погасла. '.repeat(6), 'windows-1251'),
      'Насос остановился, и лампа погасла. '.repeat(6),
      'windows-1251',
    ],
    ['lone CR and mixed line ends', utf8('one\rtwo\r\nthree\n'), 'one\rtwo\r\nthree\n', 'utf-8'],
    ['three characters', utf8('abc'), 'abc', 'utf-8'],
  ];
  for (const [what, bytes, text, encoding] of cases) {
    it(`reads ${what}`, async () => {
      const document = await decodeDocument(bytes, 'a.txt');
      assert.equal(document.text, text);
      assert.equal(document.encoding, encoding);
      assert.equal(document.bytes, bytes.length);
      assert.match(document.sha256, /^[0-9a-f]{64}$/u);
    });
  }

  it('reads UTF-8 with a broken byte as UTF-8, not as mojibake', async () => {
    const bytes = utf8(german);
    bytes[bytes.indexOf(0xc3) + 1] = 0x41;
    const { text, encoding } = await decodeDocument(bytes, 'a.txt');
    assert.equal(encoding, 'utf-8');
    assert.match(text, /Gr\ufffdA/u);
    assert.match(text, /Schlüssel/u);
  });

  it('says of an empty document, and of blanks, that there is nothing', async () => {
    await refuses(new Uint8Array(), 'empty.txt', 'empty', /empty\.txt is empty \(0 bytes\)/u);
    await refuses(new Uint8Array(), 'empty.pdf', 'empty', /empty\.pdf is empty/u);
    await refuses(utf8(' \r\n\t'), 'blank.md', 'empty', /only white space/u);
  });

  it('refuses what is no text and says what it is', async () => {
    await refuses(Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), 'a.txt', 'binary', /a PNG image/u);
    await refuses(utf8('%PDF-1.7 …'), 'a.txt', 'binary', /a PDF/u);
    await refuses(utf8('text with a \0 and \0\0 in it'), 'a.txt', 'binary', /NUL byte at position 12/u);
    await refuses(utf8('\u0001\u0002\u0003abc'.repeat(9)), 'a.txt', 'binary', /control characters/u);
  });
});

describe('rich documents', () => {
  const page =
    '<html><head><meta charset="utf-8"><title>T</title></head><body><nav>Home</nav><h1>Pump</h1><p>It  runs<br>at 10<sup>3</sup> rpm.</p><ul><li>one<li>two</ul><table><tr><th>a<th>b<tr><td>1<td>2</table><script>x()</script></body></html>';
  const pageText = '# Pump\n\nIt runs\nat 10³ rpm.\n\n- one\n- two\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n';

  it('HTML: headings, lists and tables; no scripts, no menus; the same text every time', async () => {
    const first = await decodeDocument(utf8(page), 'a.html');
    assert.equal(first.text, pageText);
    assert.equal(first.encoding, 'html');
    assert.deepEqual(await decodeDocument(utf8(page), 'a.html'), first);
  });

  it('HTML in the encoding that it names', async () => {
    const bytes = iconv.encode('<meta charset="koi8-r"><p>Насос остановился.</p>', 'koi8-r');
    assert.equal((await decodeDocument(bytes, 'a.htm')).text, 'Насос остановился.\n');
  });

  it('HTML nested a hundred thousand deep', async () => {
    assert.equal((await decodeDocument(utf8(`${'<b>'.repeat(20_000)}deep`), 'a.html')).text, 'deep\n');
  });

  it('EPUB: the chapters of the spine, in its order', async () => {
    const chapter = (title: string) =>
      strToU8(
        `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><h2>${title}</h2><p>Text of ${title}.</p></body></html>`,
      );
    const book = zipSync({
      'META-INF/container.xml': strToU8(
        '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
      ),
      'OPS/book.opf': strToU8(
        '<package><manifest><item id="b" href="two.xhtml"/><item id="a" href="text/one%20.xhtml"/></manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
      ),
      'OPS/two.xhtml': chapter('Two'),
      'OPS/text/one .xhtml': chapter('One'),
    });
    assert.equal((await decodeDocument(book, 'a.epub')).text, '## One\n\nText of One.\n\n## Two\n\nText of Two.\n');
  });

  it('DOCX: headings by style', async () => {
    const paragraph = (text: string, style = '') =>
      `<w:p>${style === '' ? '' : `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`}<w:r><w:t>${text}</w:t></w:r></w:p>`;
    const docx = zipSync({
      '[Content_Types].xml': strToU8(
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
      ),
      '_rels/.rels': strToU8(
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
      ),
      'word/document.xml': strToU8(
        `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${paragraph('Pump', 'Heading1')}${paragraph('It runs.')}</w:body></w:document>`,
      ),
      'word/styles.xml': strToU8(
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style></w:styles>',
      ),
    });
    assert.deepEqual(await decodeDocument(docx, 'a.docx').then(({ text, encoding }) => [text, encoding]), [
      '# Pump\n\nIt runs.\n',
      'docx',
    ]);
  });

  it('PDF: lines, headings by their size', async () => {
    const { text } = await decodeDocument(
      pdf('BT /F 20 Tf 50 700 Td (Pump) Tj /F 10 Tf 0 -40 Td (It runs at 5 bar.) Tj 0 -12 Td (It stops at 6.) Tj ET'),
      'a.pdf',
    );
    assert.equal(text, '# Pump\n\nIt runs at 5 bar.\nIt stops at 6.\n');
  });

  it('say what is wrong with them', async () => {
    await refuses(pdf(''), 'scan.pdf', 'no_text', /may be a scan/u);
    await refuses(utf8('plain'), 'a.pdf', 'damaged', /a\.pdf cannot be read as a PDF/u);
    await refuses(utf8('plain'), 'a.docx', 'damaged', /a Word document/u);
    await refuses(utf8('plain'), 'a.epub', 'damaged', /an EPUB book/u);
    await refuses(utf8('<script>only()</script>'), 'a.html', 'no_text', /without text/u);
  });
});

/** A one-page PDF whose page is drawn by `content`. */
function pdf(content: string): Uint8Array {
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>',
    `<</Length ${content.length}>>stream\n${content}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((body, i) => {
    const at = file.length;
    file += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const xref = file.length;
  return utf8(
    `${file}xref\n0 6\n0000000000 65535 f \n${offsets.join('')}trailer<</Size 6/Root 1 0 R>>\nstartxref\n${xref}\n%%EOF`,
  );
}

describe('reading', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'documents-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const fails = (file: string, code: DocumentErrorCode, says: RegExp, maxBytes?: number) =>
    assert.rejects(readDocument(file, maxBytes === undefined ? {} : { maxBytes }), (error) => {
      assert.ok(error instanceof DocumentError);
      assert.equal(error.code, code);
      assert.match(error.message, says);
      return true;
    });

  it('says what stands in the way', async () => {
    await fails(path.join(folder, 'none.txt'), 'not_found', /does not exist/u);
    await fails(folder, 'is_directory', /is a folder/u);
    await writeFile(path.join(folder, 'big.txt'), '');
    await truncate(path.join(folder, 'big.txt'), 5_000_000);
    await fails(path.join(folder, 'big.txt'), 'too_large', /too large \(5 MB; the limit is 1 MB\)/u, 1_000_000);
  });

  it('stops when it is told to', async () => {
    await writeFile(path.join(folder, 'a.txt'), 'text');
    await assert.rejects(readDocument(path.join(folder, 'a.txt'), { signal: AbortSignal.abort() }), {
      name: 'AbortError',
    });
  });

  it('finds the documents of a folder, sorted, and says what it left out and why', async () => {
    const at = (name: string) => path.join(folder, ...name.split('/'));
    for (const name of ['b/deep', 'node_modules/x', '.git', 'run']) await mkdir(at(name), { recursive: true });
    const files = {
      'b.md': '# B',
      'a.txt': 'A',
      'b/deep/c.HTML': '<p>C',
      README: 'text',
      tool: '\x7fELF\0\0',
      'x.json': '{}',
      'empty.txt': '',
      'node_modules/x/README.md': 'x',
      '.git/a.txt': 'x',
      'fake.txt': '%PDF-1.4',
      'run/run.json': '{}',
      'run/journal.jsonl': '',
      'run/README.md': '# card',
    };
    for (const [name, content] of Object.entries(files)) await writeFile(at(name), content);
    await symlink(at('nowhere'), at('lost.md'));
    const { documents, skipped } = await listDocuments([at('b.md'), folder, at('none.txt')]);
    assert.deepEqual(documents, ['b.md', 'README', 'a.txt', 'b/deep/c.HTML', 'none.txt'].map(at));
    assert.deepEqual(
      Object.fromEntries(skipped.map(({ path: file, reason }) => [path.relative(folder, file), reason])),
      {
        '.git': 'hidden',
        'empty.txt': 'empty',
        'fake.txt': 'binary: a PDF',
        'lost.md': 'a link to nothing',
        node_modules: 'node_modules',
        run: 'a Distillery run folder',
        tool: 'binary: a program (ELF)',
        'x.json': 'not a document (.json)',
      },
    );
  });
});
