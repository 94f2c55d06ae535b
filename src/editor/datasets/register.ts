import { Disposable, workspace } from 'vscode';
import type { ExtensionContext, LogOutputChannel, TextDocument } from 'vscode';
import { QualityTests } from './qualityTests';

/** Training data as a language, and quality gates as tests. The checks are loaded with the first text of rows. */
export function registerDatasets(context: ExtensionContext, log: LogOutputChannel): Disposable {
  let language: Promise<Disposable> | undefined;
  const start = (document: TextDocument) => {
    if (!isRows(document)) return;
    language ??= import('./language').then(({ startLanguage }) => startLanguage(log));
    language.catch((error: unknown) => log.error(error instanceof Error ? error : String(error)));
  };
  const opening = workspace.onDidOpenTextDocument(start);
  workspace.textDocuments.forEach(start);
  const quality = new QualityTests(async () => datasetCli(context));
  const whole = new Disposable(() => {
    opening.dispose();
    quality.dispose();
    void language?.then((started) => {
      started.dispose();
    });
  });
  return whole;
}

/** The dataset commands in a process of their own. */
export async function datasetCli(context: ExtensionContext) {
  const [{ DatasetCli }, { Cli }] = await Promise.all([import('./datasetCli'), import('../process/cli')]);
  return new DatasetCli(new Cli(context.asAbsolutePath('dist/cli.js')));
}

function isRows(document: TextDocument): boolean {
  return document.languageId === 'jsonl' || /\.(jsonl|ndjson)$/iu.test(document.uri.path);
}
