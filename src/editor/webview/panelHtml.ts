import { randomBytes } from 'node:crypto';
import { env, l10n, Uri, type Webview } from 'vscode';

/** Where webpack puts what a panel may load; nothing else of the machine can be read by it. */
export function webviewRoot(extension: Uri): Uri {
  return Uri.joinPath(extension, 'dist', 'webview');
}

/**
 * The page of a panel: scripts by nonce, styles and fonts of ours, no remote host, no inline style, no `eval`. It brings
 * the translations of its texts along, by their English; none for English.
 */
export function panelHtml(webview: Webview, extension: Uri, panel: string, title: string): string {
  const nonce = randomBytes(16).toString('base64');
  const at = (...path: string[]) => webview.asWebviewUri(Uri.joinPath(webviewRoot(extension), ...path)).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} blob:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${l10n.bundle ? env.language : 'en'}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="l10n" content="${escapeHtml(JSON.stringify(l10n.bundle ?? {}))}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" id="vscode-codicon-stylesheet" href="${at('codicons', 'codicon.css')}">
  <title>${escapeHtml(title)}</title>
</head>
<body>
  <script type="module" nonce="${nonce}" src="${at(`${panel}.js`)}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/gu, (char) => `&#${char.charCodeAt(0)};`);
}
