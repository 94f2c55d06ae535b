import { Hover, MarkdownString, l10n } from 'vscode';
import type { CancellationToken, HoverProvider, Position, TextDocument } from 'vscode';
import { question, readExample, type Example } from '../../core/datasets/formats';
import { parseLine } from '../../core/datasets/rows';
import { loadTokenCounter, type CountTokens } from '../../core/datasets/tokens';
import { count } from '../text';
import type { LiveDiagnostics } from './diagnostics';

/** On a row: how many tokens it has, and which of them the model learns. */
export class RowHover implements HoverProvider {
  constructor(private readonly diagnostics: LiveDiagnostics) {}

  async provideHover(document: TextDocument, position: Position, token: CancellationToken): Promise<Hover | undefined> {
    if (!this.diagnostics.isChecked(document)) return undefined;
    const { text, range } = document.lineAt(position);
    const row = parseLine({ number: 1, offset: 0, bytes: 0, text, ending: '' });
    const found = 'value' in row ? readExample(row.value) : undefined;
    if (!found || 'problem' in found) return undefined;
    const counter = await loadTokenCounter();
    if (token.isCancellationRequested) return undefined;
    return new Hover(describe(found.example, counter), range);
  }
}

function describe(example: Example, tokens: CountTokens): MarkdownString {
  const answers = [...example.history.map(({ assistant }) => assistant), example.output];
  const learnt = sum(answers, tokens);
  const shown = sum([example.system, ...example.history.map(({ user }) => user), question(example)], tokens);
  const lines = [
    l10n.t('**{0} tokens**, {1} of them learnt', count(learnt + shown), count(learnt)),
    l10n.t('Question and context: {0}. The loss does not see them.', count(shown)),
    l10n.t('Answer: {0}. The loss sees every token of it.', count(learnt)),
  ];
  if (example.history.length > 0) lines.push(l10n.t('Turns: {0}, each answer is learnt.', count(answers.length)));
  if (example.rejected !== undefined) {
    lines.push(l10n.t('Rejected answer: {0}. The model learns to prefer the other.', count(tokens(example.rejected))));
  }
  lines.push(l10n.t('Counted with o200k; other models count a few percent differently.'));
  return new MarkdownString(lines.join('\n\n'));
}

function sum(texts: readonly string[], tokens: CountTokens): number {
  return texts.reduce((total, text) => total + tokens(text), 0);
}
