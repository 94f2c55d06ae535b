/**
 * A formula as MathML, which the browser draws by itself; undefined when it is not TeX. Nothing is loaded or linked by
 * it, and a formula that defines itself anew for ever is given up.
 */
export async function mathml(tex: string, display: boolean): Promise<string | undefined> {
  const { default: katex } = await import('katex');
  try {
    return katex.renderToString(tex, { displayMode: display, output: 'mathml', trust: false, maxExpand: 500 });
  } catch (error) {
    if (error instanceof katex.ParseError) return undefined;
    throw error;
  }
}
