import path from 'node:path';
import { l10n, workspace } from 'vscode';
import type { QuickPickItem, Uri } from 'vscode';
import { builtInDomains } from '../../core/records/cascade';
import type { BuiltInDomain } from '../../core/records/cascade';

/** A domain as `--domain` takes it: a name, or the path of a file. */
export interface DomainChoice extends QuickPickItem {
  readonly domain: string;
}

/** Files larger than this are no domains. */
const largestBytes = 1_000_000;

/** The built-in domains, then the YAML files of the workspace that have axes. */
export async function domainChoices(): Promise<DomainChoice[]> {
  return [...builtInDomains.map((domain) => ({ ...describeBuiltIn(domain), domain })), ...(await ownDomains())];
}

function describeBuiltIn(domain: BuiltInDomain): QuickPickItem {
  switch (domain) {
    case 'medical':
      return { label: l10n.t('Medical'), description: l10n.t('clinical decision making') };
    case 'legal':
      return { label: l10n.t('Legal'), description: l10n.t('cases that could go either way') };
    case 'scientific':
      return { label: l10n.t('Scientific'), description: l10n.t('experiments and what they show') };
    case 'financial':
      return { label: l10n.t('Financial'), description: l10n.t('decisions under uncertainty') };
  }
}

async function ownDomains(): Promise<DomainChoice[]> {
  const files = await workspace.findFiles('**/*.{yaml,yml}', '**/{node_modules,distillery,.git}/**', 200);
  const found = await Promise.all(files.filter(({ scheme }) => scheme === 'file').map(asDomain));
  return found.filter((choice) => choice !== undefined).sort((a, b) => a.label.localeCompare(b.label));
}

async function asDomain(uri: Uri): Promise<DomainChoice | undefined> {
  const { size } = await workspace.fs.stat(uri);
  if (size > largestBytes) return undefined;
  const text = Buffer.from(await workspace.fs.readFile(uri)).toString('utf8');
  if (!/^axes:/mu.test(text) || !/^rubric:/mu.test(text)) return undefined;
  return {
    label: path.basename(uri.fsPath),
    description: workspace.asRelativePath(uri),
    domain: uri.fsPath,
  };
}
