import { dirname, join } from 'node:path';
import {
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  Location,
  Disposable,
  Range,
  RelativePattern,
  Uri,
  l10n,
  languages,
  workspace,
} from 'vscode';
import type { DiagnosticCollection, LogOutputChannel, TextDocument, TextDocumentChangeEvent } from 'vscode';
import { LineChecks, type PlacedFinding } from '../../core/datasets/check/line-checks';
import { rulesFile } from '../../core/datasets/check/rules-file';
import { BOM, rules, type Severity } from '../../core/datasets/check/problem';
import { limitsOf, type Limits } from './limits';

/** What problems of ours are called in the Problems panel. */
export const source = 'Distillery';

/** The code of what is said of a text that is not checked while it is open. */
export const tooLong = 'long_text';

/** A longer text is a matter for Check Dataset, which reads from disk. */
const LONGEST_TEXT = 8 << 20;
/** Problems shown for one document; an editor with more of them is of no use to anybody. */
const MOST_SHOWN = 1000;

/**
 * Diagnostics on every open text of JSON lines that looks like training data. An edit on one line checks one line.
 */
export class LiveDiagnostics implements Disposable {
  private readonly collection: DiagnosticCollection = languages.createDiagnosticCollection('distillery');
  private readonly documents = new Map<TextDocument, Checked>();
  /** Of the folders in which the texts lie. */
  private readonly watchers = new Map<TextDocument, Disposable>();
  private readonly listeners: Disposable[];

  constructor(private readonly log: LogOutputChannel) {
    this.listeners = [
      workspace.onDidOpenTextDocument((document) => this.open(document)),
      workspace.onDidChangeTextDocument((event) => this.edit(event)),
      workspace.onDidCloseTextDocument((document) => this.close(document)),
      workspace.onDidSaveTextDocument(({ uri }) => {
        for (const document of this.documents.keys()) this.limitsChanged(document, uri);
      }),
    ];
    for (const document of workspace.textDocuments) this.open(document);
  }

  findingsOf(document: TextDocument): readonly PlacedFinding[] {
    return this.documents.get(document)?.placed ?? [];
  }

  /** Whether the document is checked, that is: rows to train on. */
  isChecked(document: TextDocument): boolean {
    return this.documents.get(document)?.checks.looksLikeTraining() ?? false;
  }

  dispose(): void {
    for (const listener of [...this.listeners, ...this.watchers.values()]) listener.dispose();
    this.collection.dispose();
    this.documents.clear();
  }

  private open(document: TextDocument): void {
    if (document.languageId !== 'jsonl' && !/\.(jsonl|ndjson)$/iu.test(document.uri.path)) return;
    if (document.getText().length > LONGEST_TEXT) {
      this.sayTooLong(document);
      return;
    }
    this.check(document);
    this.limit(document);
    if (document.uri.scheme !== 'file') return;
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.joinPath(document.uri, '..'), '*'));
    const changed = (file: Uri) => this.limitsChanged(document, file);
    const listeners = [watcher.onDidChange(changed), watcher.onDidCreate(changed), watcher.onDidDelete(changed)];
    this.watchers.set(document, Disposable.from(watcher, ...listeners));
  }

  /** Reads what the text is held to, and checks it anew. */
  private limit(document: TextDocument): void {
    // Whatever is wrong with the rules or the test file is no reason to leave the text itself unchecked.
    limitsOf(document.uri).then(
      (limits) => {
        if (this.documents.has(document)) this.check(document, limits);
      },
      (error: unknown) => this.log.warn(error instanceof Error ? error.message : String(error)),
    );
  }

  /** The rules or the test file beside a text are others now. */
  private limitsChanged(document: TextDocument, file: Uri): void {
    const rules = join(dirname(document.uri.fsPath), rulesFile);
    if (file.fsPath === rules || file.fsPath === this.documents.get(document)?.tests) this.limit(document);
  }

  private sayTooLong(document: TextDocument): void {
    const first = new LineChecks();
    first.replace(
      0,
      0,
      Array.from({ length: 20 }, (_, line) => lineText(document, line)),
    );
    if (!first.looksLikeTraining()) return;
    const message = l10n.t(
      'This text is longer than {0} MB and is not checked while it is open. Check Dataset checks the file from disk.',
      LONGEST_TEXT >> 20,
    );
    const diagnostic = new Diagnostic(new Range(0, 0, 0, 1), message, DiagnosticSeverity.Information);
    diagnostic.source = source;
    diagnostic.code = tooLong;
    this.collection.set(document.uri, [diagnostic]);
  }

  private check(document: TextDocument, limits?: Limits): void {
    const checks = new LineChecks(limits);
    checks.replace(0, 0, document.getText().split(/\r?\n/u));
    const checked: Checked = { checks, tests: limits?.tests, placed: [] };
    this.documents.set(document, checked);
    this.publish(document, checked);
  }

  private edit({ document, contentChanges }: TextDocumentChangeEvent): void {
    const checked = this.documents.get(document);
    if (!checked) return;
    // Not the text: it was saved, or read in another encoding.
    if (contentChanges.length === 0) {
      this.show(document, checked);
      return;
    }
    const places = contentChanges.map(({ range, text }) => ({ range, added: text.split('\n').length - 1 }));
    // All ranges are of the text before the event: from the last to the first, no place moves another.
    const before = places.toSorted((a, b) => b.range.start.compareTo(a.range.start));
    let shift = before.reduce((sum, { range, added }) => sum + added - (range.end.line - range.start.line), 0);
    for (const { range, added } of before) {
      const removed = range.end.line - range.start.line;
      shift -= added - removed;
      const first = range.start.line;
      const fresh = Array.from({ length: added + 1 }, (_, index) => lineText(document, first + shift + index));
      checked.checks.replace(first, removed + 1, fresh);
    }
    this.publish(document, checked);
  }

  private close(document: TextDocument): void {
    this.documents.delete(document);
    this.watchers.get(document)?.dispose();
    this.watchers.delete(document);
    this.collection.delete(document.uri);
  }

  private publish(document: TextDocument, checked: Checked): void {
    this.show(document, checked);
    checked.checks.scanSlowly().then(
      () => {
        if (this.documents.get(document) === checked) this.show(document, checked);
      },
      (error: unknown) => this.log.error(error instanceof Error ? error : String(error)),
    );
  }

  private show(document: TextDocument, checked: Checked): void {
    const first = document.encoding === 'utf8bom' ? [{ line: 0, finding: BOM }] : [];
    checked.placed = checked.checks.looksLikeTraining() ? [...first, ...checked.checks.findings()] : [];
    this.collection.set(
      document.uri,
      checked.placed.slice(0, MOST_SHOWN).map((placed) => diagnosticOf(document, placed)),
    );
  }
}

interface Checked {
  readonly checks: LineChecks;
  readonly tests: string | undefined;
  placed: readonly PlacedFinding[];
}

function lineText(document: TextDocument, line: number): string {
  return line < document.lineCount ? document.lineAt(line).text : '';
}

function diagnosticOf(document: TextDocument, { line, finding, related }: PlacedFinding): Diagnostic {
  const range = new Range(line, finding.column - 1, line, finding.endColumn - 1);
  const diagnostic = new Diagnostic(range, finding.message, severityOf(finding.severity ?? rules[finding.code]));
  diagnostic.source = source;
  diagnostic.code = finding.code;
  if (related !== undefined) {
    const place = new Location(document.uri, document.lineAt(related).range);
    diagnostic.relatedInformation = [new DiagnosticRelatedInformation(place, finding.message)];
  }
  return diagnostic;
}

export function severityOf(severity: Severity): DiagnosticSeverity {
  switch (severity) {
    case 'error':
      return DiagnosticSeverity.Error;
    case 'warning':
      return DiagnosticSeverity.Warning;
    case 'info':
      return DiagnosticSeverity.Information;
  }
}
