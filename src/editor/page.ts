import { EventEmitter, Uri, commands, workspace } from 'vscode';
import type { Disposable } from 'vscode';

const scheme = 'distillery-page';

/** By their addresses: a page can be read as long as its tab may be open, and that is as long as the window. */
const pages = new Map<string, string>();
const changed = new EventEmitter<Uri>();
let provider: Disposable | undefined;

/** Shows a page of Markdown as it reads, not to be saved; a page of the same title that is open is brought up to date. */
export async function showPage(title: string, content: string): Promise<void> {
  provider ??= workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: (uri) => pages.get(uri.toString()) ?? '',
    onDidChange: changed.event,
  });
  const page = Uri.from({ scheme, path: `/${title}.md` });
  pages.set(page.toString(), content);
  changed.fire(page);
  await commands.executeCommand('markdown.showPreview', page);
}
