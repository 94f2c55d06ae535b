import type { Webview } from 'vscode';
import type { Port } from '../../protocol/channel';

/** A webview as a channel's port. A hidden webview loses messages; it asks for a snapshot when it is shown again. */
export function webviewPort(webview: Webview): Port {
  return {
    post: (message) => void webview.postMessage(message),
    listen: (receive) => {
      const listening = webview.onDidReceiveMessage(receive);
      return () => {
        listening.dispose();
      };
    },
  };
}
