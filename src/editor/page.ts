import { Disposable, EventEmitter, Uri, window, workspace } from 'vscode';

const scheme = 'distillery-page';

/** Opens a page of Markdown to read, not to be saved; a page of the same title that is open is brought up to date. */
export async function showPage(title: string, content: string): Promise<void> {
  const page = Uri.from({ scheme, path: `/${title}.md` });
  const changed = new EventEmitter<Uri>();
  const provider = { provideTextDocumentContent: () => content, onDidChange: changed.event };
  const registration = Disposable.from(changed, workspace.registerTextDocumentContentProvider(scheme, provider));
  try {
    const document = await workspace.openTextDocument(page);
    if (document.getText() !== content) changed.fire(page);
    await window.showTextDocument(document, { preview: true, preserveFocus: true });
  } finally {
    registration.dispose();
  }
}
