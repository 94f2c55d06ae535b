import { fieldOf, textOf } from './fields';

export type CopyFormat = 'json' | 'markdown' | 'csv' | 'tsv';

/** Rows as text for other programs. JSON is the rows whole, one a line; the tables hold the columns that are shown. */
export function copyRows(rows: readonly unknown[], columns: readonly string[], format: CopyFormat): string {
  if (format === 'json') return rows.map((row) => JSON.stringify(row)).join('\n');
  const table = [columns, ...rows.map((row) => columns.map((name) => textOf(fieldOf(row, name))))];
  switch (format) {
    case 'csv':
      return table.map((cells) => cells.map(csvCell).join(',')).join('\r\n');
    case 'tsv':
      return table.map((cells) => cells.map((cell) => cell.replace(/[\t\r\n]+/g, ' ')).join('\t')).join('\n');
    case 'markdown':
      return [table[0] ?? [], columns.map(() => '---'), ...table.slice(1)]
        .map((cells) => `| ${cells.map(markdownCell).join(' | ')} |`)
        .join('\n');
  }
}

/** RFC 4180. A cell that a spreadsheet would take for a formula gets an apostrophe before it. */
function csvCell(cell: string): string {
  const safe = /^[=+\-@\t\r]/.test(cell) && !/^[-+]?[\d.]+(?:e[-+]?\d+)?$/i.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function markdownCell(cell: string): string {
  return cell
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replace(/\r\n|[\r\n]/g, '<br>');
}
