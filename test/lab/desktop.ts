import path from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { labCache } from './cache';

/** How long the update service may take to answer before the lab turns to the server from npm. */
const patience = 5_000;

/**
 * The executable of a desktop build of VS Code, downloaded once into the user's cache; undefined where none can be had
 * or shown, and the server takes its place. `DISTILLERY_TEST_VSCODE=desktop|server` decides instead.
 */
export async function desktopVsCode(): Promise<string | undefined> {
  const wanted = process.env['DISTILLERY_TEST_VSCODE'];
  if (wanted === 'server') return undefined;
  if (wanted === 'desktop') return download();
  if (!hasDisplay() || !(await reachable())) return undefined;
  return download();
}

function download(): Promise<string> {
  return downloadAndUnzipVSCode({ version: 'stable', cachePath: path.join(labCache(), 'desktop'), timeout: 30_000 });
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;
}

async function reachable(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(patience);
    const reply = await fetch('https://update.code.visualstudio.com/api/releases/stable', { signal });
    return reply.ok;
  } catch (error) {
    console.log(
      `No desktop build of VS Code can be downloaded (${error instanceof Error ? error.message : 'no answer'}).`,
    );
    return false;
  }
}
