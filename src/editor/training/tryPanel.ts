import path from 'node:path';
import { l10n, Uri, ViewColumn, window, workspace } from 'vscode';
import type { WebviewPanel } from 'vscode';
import { z } from 'zod';
import { PROVIDERS } from '../../core/teachers/providers';
import { serve } from '../../protocol/channel';
import type { Params, Server } from '../../protocol/channel';
import { tryContract } from '../../protocol/tryModel';
import type { ServerChoice, Side, TryContract, TryStart } from '../../protocol/tryModel';
import { Setting, tryPanel } from '../contributions';
import type { Keys } from '../keys/keys';
import { type Cli, type Handover, nothingToHandOver } from '../process/cli';
import { handoverFor } from '../process/handover';
import { resultOf } from '../process/result';
import { readSetting } from '../registration';
import { count, dollars, duration } from '../text';
import { panelHtml, webviewRoot } from '../webview/panelHtml';
import { webviewPort } from '../webview/webviewPort';
import type { JobServers } from './jobServers';
import type { TrainingJob } from './trainingJob';

const panelState = z.object({ folder: z.string().nullable() });
const grown = z.object({ text: z.string() });
const answer = z.object({
  text: z.string(),
  cut: z.boolean(),
  tokens: z.object({ output: z.number() }).nullable(),
  first_token_ms: z.number().nullable(),
  total_ms: z.number(),
  spend_usd: z.number(),
});

/** `Try Model…`: two models are asked the same, side by side; a job's own ones are served from here. */
export class TryPanels {
  constructor(
    private readonly cli: Cli,
    private readonly keys: Keys,
    private readonly servers: JobServers,
    private readonly extension: Uri,
  ) {}

  show(job: TrainingJob | undefined): void {
    const title = job ? l10n.t('Try {0}', path.basename(job.folder)) : l10n.t('Try Model');
    this.#fill(window.createWebviewPanel(tryPanel, title, ViewColumn.Active), job?.folder ?? null);
  }

  /** A panel that the window had before it was opened again. */
  restore(panel: WebviewPanel, state: unknown): void {
    this.#fill(panel, panelState.safeParse(state).data?.folder ?? null);
  }

  #fill(panel: WebviewPanel, folder: string | null): void {
    panel.webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(this.extension)] };
    panel.iconPath = Uri.joinPath(this.extension, 'media', 'distillery.svg');
    const server: Server<TryContract> = serve(webviewPort(panel.webview), tryContract, {
      ready: () => start(folder, panel.title),
      ask: (asked, signal) =>
        this.#ask(folder, asked, signal, (text, note) => server.emit('growing', { ask: asked.ask, text, note })),
    });
    panel.onDidDispose(() => server.close());
    panel.webview.html = panelHtml(panel.webview, this.extension, 'try', panel.title);
  }

  async #ask(
    folder: string | null,
    { side, prompt, system, maxTokens }: Params<TryContract, 'ask'>,
    signal: AbortSignal,
    tell: (text: string, note: string | null) => void,
  ): Promise<{ text: string; measured: string }> {
    const root = folder === null ? workspace.workspaceFolders?.[0]?.uri.fsPath : path.dirname(folder);
    const cwd = root ?? process.cwd();
    const who = await this.#whom(folder, side, cwd, tell);
    const limits = ['--max-tokens', String(maxTokens), ...(system === '' ? [] : [`--system=${system}`])];
    const args = ['ask', ...who.flags, ...limits, '--json', '--stream', '--quiet', `--prompt=${prompt}`];
    const result = await this.cli.run({ args, cwd, handover: who.handover }, signal, (line) => {
      const so = readGrown(line);
      if (so !== undefined) tell(so, null);
    });
    const { text, ...rest } = resultOf(result, answer);
    return { text, measured: describeAnswer(rest) };
  }

  /** Who is asked, as flags, with that provider's key and no other; an address of the person's own gets none. */
  async #whom(
    folder: string | null,
    { server, model, url }: Side,
    cwd: string,
    tell: (text: string, note: string) => void,
  ): Promise<{ flags: string[]; handover: Handover }> {
    if (folder !== null && (server === 'tuned' || server === 'base')) {
      tell('', l10n.t('The model is being loaded'));
      const here = await this.servers.get(folder, server);
      return { flags: ['--url', here.url, '--model', here.model ?? ''], handover: nothingToHandOver };
    }
    if (server === 'address') return { flags: ['--url', url, '--model', model], handover: nothingToHandOver };
    const all = await handoverFor(this.keys, cwd);
    const own = this.keys.owners.find(({ name }) => name === server)?.keyName;
    const keys = Object.fromEntries(Object.entries(all.keys).filter(([name]) => name === own));
    return { flags: ['--teacher', `${server}/${model}`], handover: { ...all, keys } };
  }
}

function start(folder: string | null, title: string): TryStart {
  const providers = PROVIDERS.filter(({ speaks }) => speaks === 'openai').map(({ name, label }) => ({ name, label }));
  const declared = Object.keys(readSetting(Setting.Providers)).map((name) => ({ name, label: name }));
  const ofJob: ServerChoice[] =
    folder === null
      ? []
      : [
          { id: 'base', label: l10n.t('The base model, served here'), asks: 'nothing' },
          { id: 'tuned', label: l10n.t('The tuned model, served here'), asks: 'nothing' },
        ];
  const choices: ServerChoice[] = [
    ...ofJob,
    { id: 'address', label: l10n.t('A server at an address'), asks: 'address' },
    ...[...declared, ...providers].map(({ name, label }): ServerChoice => ({ id: name, label, asks: 'model' })),
  ];
  const side = (server: string): Side => ({ server, model: '', url: 'http://127.0.0.1:8000/v1' });
  const sides: TryStart['sides'] = folder === null ? [side('address'), side('address')] : [side('base'), side('tuned')];
  return { folder, title, choices, sides };
}

function describeAnswer({
  cut,
  tokens,
  first_token_ms,
  total_ms,
  spend_usd,
}: Omit<z.infer<typeof answer>, 'text'>): string {
  const parts = [
    ...(tokens ? [l10n.t('{0} tokens', count(tokens.output))] : []),
    ...(first_token_ms === null ? [] : [l10n.t('the first after {0}', shortTime(first_token_ms))]),
    l10n.t('{0} in all', shortTime(total_ms)),
    ...(spend_usd > 0 ? [dollars(spend_usd)] : []),
    ...(cut ? [l10n.t('cut at the limit')] : []),
  ];
  return parts.join(' · ');
}

function shortTime(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : duration(ms);
}

function readGrown(line: string): string | undefined {
  try {
    return grown.strict().safeParse(JSON.parse(line)).data?.text;
  } catch {
    // No line of ours.
    return undefined;
  }
}
