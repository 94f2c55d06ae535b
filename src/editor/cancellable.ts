import { ProgressLocation, window, type Progress } from 'vscode';

/** Work behind a notification with a Cancel button. */
export async function withCancel<T>(
  title: string,
  work: (signal: AbortSignal, progress: Progress<{ increment: number }>) => Promise<T>,
): Promise<T> {
  return await window.withProgress(
    { location: ProgressLocation.Notification, cancellable: true, title },
    (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      return work(stop.signal, progress);
    },
  );
}

/** The same; undefined when the person cancelled, or when the work failed: the failure's own sentence is shown then. */
export async function cancellable<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  let stopped: AbortSignal | undefined;
  try {
    return await withCancel(title, (signal) => work((stopped = signal)));
  } catch (error) {
    if (!stopped?.aborted) void window.showErrorMessage(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
