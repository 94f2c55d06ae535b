import { getDocumentProxy } from 'unpdf';
import { type PageLine, pageLines } from './pdfLines';

/** Pages in order, running heads and page numbers left out, headings by their size. Line breaks within paragraphs are kept. */
export async function pdfToText(bytes: Uint8Array): Promise<string> {
  // The parser takes the buffer over: it gets a copy.
  const pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
  try {
    const pages: PageLine[][] = [];
    for (let number = 1; number <= pdf.numPages; number += 1) {
      const page = await pdf.getPage(number);
      const { items } = await page.getTextContent();
      pages.push(pageLines(items.flatMap((item) => ('str' in item ? [item] : []))));
      page.cleanup();
    }
    return layOut(withoutRunningLines(pages));
  } finally {
    await pdf.destroy();
  }
}

/** Lines that most pages have at their top or bottom, numbers aside, are not the document's text. */
function withoutRunningLines(pages: readonly PageLine[][]): PageLine[][] {
  if (pages.length < 3) return pages.map((lines) => [...lines]);
  const shape = (line: PageLine | undefined) => line?.text.replace(/\d+/gu, '#').trim() ?? '';
  const seen = new Map<string, number>();
  for (const lines of pages) {
    for (const edge of new Set([shape(lines[0]), shape(lines.at(-1))])) seen.set(edge, (seen.get(edge) ?? 0) + 1);
  }
  const runs = (line: PageLine | undefined) => (seen.get(shape(line)) ?? 0) >= Math.max(3, pages.length / 3);
  return pages.map((lines) => {
    const from = runs(lines[0]) ? 1 : 0;
    const to = lines.length > from && runs(lines.at(-1)) ? lines.length - 1 : lines.length;
    return lines.slice(from, to);
  });
}

function layOut(pages: readonly PageLine[][]): string {
  const body = bodyHeight(pages.flat());
  const sizes = [...new Set(pages.flat().map(({ height }) => height))].filter((height) => isLarge(height, body));
  const levels = sizes.toSorted((a, b) => b - a);
  let text = '';
  let previous: PageLine | undefined;
  for (const lines of pages) {
    for (const line of lines) {
      const heading = isLarge(line.height, body) && line.text.length <= 120 && /\p{L}/u.test(line.text);
      const level = Math.min(6, levels.indexOf(line.height) + 1);
      const joins = heading && previous?.height === line.height && !line.gapBefore && text.endsWith('\n\n');
      if (joins) text = `${text.trimEnd()} ${line.text}\n\n`;
      else if (heading)
        text += `${text === '' || text.endsWith('\n\n') ? '' : '\n'}${'#'.repeat(level)} ${line.text}\n\n`;
      else text += `${line.gapBefore && text !== '' && !text.endsWith('\n\n') ? '\n' : ''}${line.text}\n`;
      previous = line;
    }
  }
  return text;
}

function isLarge(height: number, body: number): boolean {
  return height >= body * 1.15;
}

/** The height that most characters have. */
function bodyHeight(lines: readonly PageLine[]): number {
  const weight = new Map<number, number>();
  for (const { height, text } of lines) weight.set(height, (weight.get(height) ?? 0) + text.length);
  return [...weight].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}
