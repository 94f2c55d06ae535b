/** The host's environment as a plain Node needs it: without the debugger of the extension host. */
export function childEnvironment(host: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const foreign = /^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/u;
  const kept = Object.entries(host).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1' };
}
