import { stringify } from 'yaml';
import type { RowFormat } from './example';

/** What a dataset card says (Hugging Face: `README.md` with a YAML head). */
export interface DatasetCard {
  readonly title: string;
  readonly format: RowFormat;
  readonly splits: readonly { readonly name: string; readonly file: string; readonly rows: number }[];
  /** An SPDX id as the Hub knows it. Without one the card says that nobody has chosen yet. */
  readonly license?: string;
  /** ISO 639-1 codes. */
  readonly languages?: readonly string[];
  /** Where the rows come from: documents, run, teachers, one line each. */
  readonly provenance: readonly string[];
  /** How it was made, in sentences. */
  readonly method: readonly string[];
}

/** The text of `README.md`. */
export function datasetCard(card: DatasetCard): string {
  const rows = card.splits.reduce((sum, split) => sum + split.rows, 0);
  const head = {
    license: card.license ?? 'unknown',
    ...(card.languages && card.languages.length > 0 ? { language: [...card.languages] } : {}),
    task_categories: ['text-generation'],
    tags: ['distillery', 'synthetic'],
    size_categories: [sizeCategory(rows)],
    configs: [
      {
        config_name: 'default',
        data_files: card.splits.map((split) => ({ split: split.name, path: split.file })),
      },
    ],
  };
  return [
    `---\n${stringify(head)}---\n`,
    `# ${card.title}\n`,
    `${count(rows, 'row')} in the format \`${card.format}\`, made with Distillery.\n`,
    '| split | file | rows |\n|---|---|---|',
    ...card.splits.map((split) => `| ${split.name} | \`${split.file}\` | ${split.rows.toLocaleString('en')} |`),
    '\n## Where it comes from\n',
    list(card.provenance, 'Not recorded.'),
    '\n## How it was made\n',
    list(card.method, 'Converted from existing rows; nothing was generated.'),
    '\n## Licence\n',
    card.license === undefined
      ? 'No licence was chosen yet: set `license` above before you share this dataset.\n'
      : `\`${card.license}\`\n`,
  ].join('\n');
}

function list(lines: readonly string[], otherwise: string): string {
  return lines.length === 0 ? otherwise : lines.map((line) => `- ${line}`).join('\n');
}

function count(rows: number, noun: string): string {
  return `${rows.toLocaleString('en')} ${noun}${rows === 1 ? '' : 's'}`;
}

/** The Hub's own classes. */
function sizeCategory(rows: number): string {
  const classes: [number, string][] = [
    [1e3, 'n<1K'],
    [1e4, '1K<n<10K'],
    [1e5, '10K<n<100K'],
    [1e6, '100K<n<1M'],
    [1e7, '1M<n<10M'],
  ];
  return classes.find(([limit]) => rows < limit)?.[1] ?? '10M<n<100M';
}
