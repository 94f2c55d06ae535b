import path from 'node:path';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { unzipSync } from 'fflate';
import { decodeText } from '../decode';
import { htmlSource, htmlToText } from './html';

type Element = DefaultTreeAdapterTypes.Element;

/** A book's text is a few megabytes; more than this is an archive made to fill the memory. */
const mostBytes = 256_000_000;

/** The chapters in reading order (the package's spine). */
export function epubToText(bytes: Uint8Array): Promise<string> {
  let total = 0;
  const files = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      if (!/\.(?:x?html?|xml|opf)$/iu.test(name)) return false;
      total += originalSize;
      if (total > mostBytes) throw new Error(`it unpacks to more than ${mostBytes / 1e6} MB of text`);
      return true;
    },
  });
  const chapters = spine(files).map((name) => chapter(files, name));
  return Promise.resolve(chapters.filter((text) => text !== '').join('\n'));
}

function chapter(files: Record<string, Uint8Array>, name: string): string {
  const bytes = files[name];
  if (!bytes) throw new Error(`its chapter ${name} is missing`);
  return htmlToText(htmlSource(bytes) ?? decodeText(bytes, name).text);
}

function spine(files: Record<string, Uint8Array>): string[] {
  if (files['META-INF/encryption.xml'] && files['META-INF/rights.xml']) throw new Error('it is encrypted (DRM)');
  const container = elements(xml(files, 'META-INF/container.xml'), 'rootfile')[0];
  const packagePath = container && attribute(container, 'full-path');
  if (packagePath === undefined) throw new Error('its container names no package');
  const opf = xml(files, packagePath);
  const hrefs = new Map(elements(opf, 'item').map((item) => [attribute(item, 'id'), attribute(item, 'href')]));
  return elements(opf, 'itemref')
    .filter((item) => attribute(item, 'linear') !== 'no')
    .flatMap((item) => hrefs.get(attribute(item, 'idref')) ?? [])
    .map((href) => path.posix.join(path.posix.dirname(packagePath), decodeURIComponent(href.replace(/#.*$/u, ''))));
}

function xml(files: Record<string, Uint8Array>, name: string): string {
  const bytes = files[name];
  if (!bytes) throw new Error(`${name} is missing`);
  return htmlSource(bytes) ?? new TextDecoder().decode(bytes);
}

/** The elements called `name`, with or without a namespace prefix, in document order. */
function elements(source: string, name: string): Element[] {
  const found: Element[] = [];
  const stack: DefaultTreeAdapterTypes.Node[] = [parse(source)];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if ('tagName' in node && node.tagName.replace(/^.*:/u, '') === name) found.push(node);
    if ('childNodes' in node) stack.push(...node.childNodes.toReversed());
  }
  return found;
}

function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((attr) => attr.name === name)?.value;
}
