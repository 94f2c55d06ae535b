import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { strictly } from '../decode';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** Decodes by what the page says of itself (`<meta charset>`, the XML declaration); undefined when it says nothing usable. */
export function htmlSource(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 2048));
  const label = /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)|<\?xml[^>]+encoding\s*=\s*["']([\w-]+)/iu.exec(head);
  const encoding = label?.[1] ?? label?.[2];
  if (encoding === undefined || bytes[0] === 0xff || bytes[0] === 0xfe) return undefined;
  // An unknown label, or bytes that are not what the page says: let the bytes speak.
  return strictly(bytes, encoding)?.replace(/^\ufeff/u, '');
}

/** The readable text of a page, blocks apart by a blank line; headings, lists, tables and code with Markdown marks. */
export function htmlToText(html: string): string {
  // XHTML closes empty elements in place; an HTML parser would read the rest of the page as the title.
  const source = html.replace(/<(title|script|style|textarea|iframe|noscript|xmp)\b([^<>]*)\/>/giu, '<$1$2></$1>');
  const writer = new TextWriter();
  walk(parse(source), writer);
  return writer.finish();
}

type Step = Node | (() => void);

/** With a stack of its own, so that a page nested a hundred thousand deep is read like any other. */
function walk(root: Node, writer: TextWriter): void {
  const stack: Step[] = [root];
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    if (typeof step === 'function') {
      step();
    } else if ('value' in step) {
      writer.text(step.value);
    } else if ('tagName' in step) {
      if (isHidden(step)) continue;
      const leave = writer.enter(step);
      if (leave) stack.push(leave);
      stack.push(...childrenOf(step).toReversed());
    } else if ('childNodes' in step) {
      stack.push(...step.childNodes.toReversed());
    }
  }
}

function childrenOf(element: Element): readonly Node[] {
  return element.tagName === 'head'
    ? element.childNodes.filter((node) => node.nodeName === 'title')
    : element.childNodes;
}

const unread = new Set(
  'script style noscript template svg math iframe object canvas audio video nav button select textarea dialog'.split(
    ' ',
  ),
);

function isHidden(element: Element): boolean {
  if (unread.has(element.tagName)) return true;
  return element.attrs.some(({ name, value }) => name === 'hidden' || (name === 'aria-hidden' && value === 'true'));
}

const blockTags = new Set(
  'address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form header hr html legend li main ol p pre section summary table tbody tfoot thead tr ul title h1 h2 h3 h4 h5 h6'.split(
    ' ',
  ),
);

/** Collects blocks of text; white space collapses as in a browser, except in `pre`. */
class TextWriter {
  private readonly done: string[] = [];
  private line = '';
  private pre = 0;
  private title = '';
  private headings = 0;
  private readonly lists: { ordered: boolean; count: number }[] = [];
  private row: string[] | undefined;
  private rows: string[] | undefined;

  text(value: string): void {
    if (this.pre > 0) this.line += value.replaceAll('\r\n', '\n');
    else this.line += value.replace(/[ \t\r\n\f]+/gu, ' ');
  }

  /** Opens an element; what it returns closes it. */
  enter({ tagName: tag, attrs }: Element): (() => void) | undefined {
    if (tag === 'br') this.line += this.row ? ' ' : '\n';
    if (tag === 'img') this.line += attrs.find(({ name }) => name === 'alt')?.value ?? '';
    if (tag === 'sup' || tag === 'sub') return this.enterRaised(tag);
    if (tag === 'td' || tag === 'th') return this.enterCell();
    if (!blockTags.has(tag)) return undefined;
    // A cell is one line: blocks in it are words apart.
    if (this.row && tag !== 'tr') {
      this.line += ' ';
      return undefined;
    }
    this.flush();
    if (/^h[1-6]$/u.test(tag)) return () => this.closeHeading(Number(tag.charAt(1)));
    switch (tag) {
      case 'title':
        return () => this.closeTitle();
      case 'ul':
      case 'ol':
        this.lists.push({ ordered: tag === 'ol', count: 0 });
        return () => {
          this.flush();
          this.lists.pop();
        };
      case 'li':
        return this.enterItem();
      case 'pre':
        this.pre += 1;
        return () => this.closePre();
      case 'table':
        return this.enterTable();
      case 'tr':
        this.row = [];
        return () => this.closeRow();
      default:
        return () => this.flush();
    }
  }

  finish(): string {
    this.flush();
    // The page's title is its first heading only where it has no heading of its own.
    if (this.title !== '' && this.headings === 0) this.done.unshift(`# ${this.title}`);
    return this.done.length === 0 ? '' : `${this.done.join('\n\n').replace(/\n{3,}/gu, '\n\n')}\n`;
  }

  private flush(): void {
    const text = this.pre > 0 ? this.line : tidy(this.line);
    this.line = '';
    if (text.trim() !== '') this.done.push(text);
  }

  private closeTitle(): void {
    this.title = tidy(this.line).replaceAll('\n', ' ');
    this.line = '';
  }

  private closeHeading(level: number): void {
    const title = tidy(this.line).replaceAll('\n', ' ');
    this.line = '';
    if (title === '') return;
    this.headings += 1;
    this.done.push(`${'#'.repeat(level)} ${title}`);
  }

  private enterItem(): () => void {
    const list = this.lists.at(-1);
    if (list) list.count += 1;
    const mark = list?.ordered === true ? `${list.count}.` : '-';
    const before = this.done.length;
    return () => {
      this.flush();
      const indent = '  '.repeat(Math.max(0, this.lists.length - 1));
      const own = this.done.splice(before);
      const [head = '', ...rest] = own;
      if (own.length === 0) return;
      const item = [`${indent}${mark} ${head.trimStart()}`, ...rest].join('\n');
      // Items of one list stand on neighbouring lines.
      const previous = this.done.at(-1);
      const follows = list !== undefined && list.count > 1 && previous !== undefined;
      if (follows) this.done[this.done.length - 1] = `${previous}\n${item}`;
      else this.done.push(item);
    };
  }

  private closePre(): void {
    this.pre -= 1;
    const code = this.line.replace(/^\n|\s+$/gu, '');
    this.line = '';
    if (code.trim() !== '') this.done.push(code.includes('```') ? code : `\`\`\`\n${code}\n\`\`\``);
  }

  private enterTable(): () => void {
    const outer = { row: this.row, rows: this.rows };
    this.row = undefined;
    this.rows = [];
    return () => {
      this.flush();
      const rows = this.rows ?? [];
      ({ row: this.row, rows: this.rows } = outer);
      if (rows.length > 0) this.done.push(rows.join('\n'));
    };
  }

  private enterCell(): () => void {
    const before = this.line;
    this.line = '';
    return () => {
      const cell = tidy(this.line).replaceAll('\n', ' ').replaceAll('|', '\\|');
      this.line = before;
      if (this.row) this.row.push(cell);
      else if (cell !== '') this.done.push(cell);
    };
  }

  private closeRow(): void {
    const cells = this.row ?? [];
    this.row = undefined;
    this.line = '';
    if (cells.every((cell) => cell === '')) return;
    const line = `| ${cells.join(' | ')} |`;
    if (!this.rows) {
      this.done.push(line);
      return;
    }
    this.rows.push(line);
    if (this.rows.length === 1) this.rows.push(`|${' --- |'.repeat(cells.length)}`);
  }

  /** 10<sup>3</sup> is not 103. */
  private enterRaised(tag: 'sup' | 'sub'): () => void {
    const before = this.line;
    this.line = '';
    return () => {
      this.line = before + raised(this.line, tag);
    };
  }
}

function tidy(text: string): string {
  return text
    .replace(/ *\n */gu, '\n')
    .replace(/ {2,}/gu, ' ')
    .replace(/\n{2,}/gu, '\n')
    .trim();
}

const raisedDigits = { sup: '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻', sub: '₀₁₂₃₄₅₆₇₈₉₊₋' };

function raised(text: string, tag: 'sup' | 'sub'): string {
  const plain = text.trim().replaceAll('−', '-');
  if (!/^[0-9+-]+$/u.test(plain)) return text;
  return plain.replace(/./gu, (sign) => raisedDigits[tag].charAt('0123456789+-'.indexOf(sign)));
}
