import { Disposable, languages } from 'vscode';
import type { DocumentSelector, LogOutputChannel } from 'vscode';
import { LiveDiagnostics } from './diagnostics';
import { RowHover } from './hover';
import { QuickFixes } from './quickFixes';
import { registerWithoutBom } from './withoutBom';

const rows: DocumentSelector = [{ language: 'jsonl' }, { pattern: '**/*.{jsonl,ndjson}' }];

/** Training data as a language: problems as one types, their fixes, and what the loss will see. */
export function startLanguage(log: LogOutputChannel): Disposable {
  const diagnostics = new LiveDiagnostics(log);
  return Disposable.from(
    diagnostics,
    registerWithoutBom(),
    languages.registerCodeActionsProvider(rows, new QuickFixes(diagnostics), {
      providedCodeActionKinds: QuickFixes.kinds,
    }),
    languages.registerHoverProvider(rows, new RowHover(diagnostics)),
  );
}
