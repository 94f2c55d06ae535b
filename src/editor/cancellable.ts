import { ProgressLocation, window } from 'vscode';

/**
 * Work behind a notification with a Cancel button. Undefined when the person pressed it, or when the work failed: the
 * failure's own sentence is shown then.
 */
export async function cancellable<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const stop = new AbortController();
  try {
    return await window.withProgress(
      { location: ProgressLocation.Notification, cancellable: true, title },
      (_progress, token) => {
        token.onCancellationRequested(() => stop.abort());
        return work(stop.signal);
      },
    );
  } catch (error) {
    if (!stop.signal.aborted) void window.showErrorMessage(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
