import chardet from 'chardet';
import iconv from 'iconv-lite';
import { DocumentError } from './errors';
import { knownBinary } from './formats';

export interface DecodedText {
  /** Without a byte-order mark; line endings as they stand in the file. */
  readonly text: string;
  /** `utf-8`, `utf-16le`, `utf-16be`, `windows-1252`, `shift_jis`, … */
  readonly encoding: string;
}

/**
 * Bytes → text. UTF-8 and UTF-16 with and without a byte-order mark, else the encoding that the bytes look like.
 * Throws DocumentError: `empty`, `binary`.
 */
export function decodeText(bytes: Uint8Array, name: string): DecodedText {
  const decoded = byMark(bytes) ?? byContent(bytes, name);
  if (decoded.text.trim() === '') {
    const size = bytes.length === 0 ? 'is empty (0 bytes)' : 'holds only white space';
    throw new DocumentError('empty', name, `${name} ${size}. Choose a document with text in it.`);
  }
  return decoded;
}

const marks: readonly (readonly [mark: readonly number[], encoding: string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe, 0x00, 0x00], 'utf-32le'],
  [[0x00, 0x00, 0xfe, 0xff], 'utf-32be'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

function byMark(bytes: Uint8Array): DecodedText | undefined {
  const hit = marks.find(([mark]) => mark.every((byte, i) => bytes[i] === byte));
  if (!hit) return undefined;
  const [mark, encoding] = hit;
  return { text: decodeAs(bytes.subarray(mark.length), encoding), encoding };
}

function byContent(bytes: Uint8Array, name: string): DecodedText {
  const known = knownBinary(bytes);
  if (known !== undefined) throw binary(name, `its first bytes say that it is ${known}`);
  const wide = withoutMarkUtf16(bytes);
  if (wide) return wide;
  const nul = bytes.indexOf(0);
  if (nul >= 0) throw binary(name, `there is a NUL byte at position ${nul}`);
  const utf8 = strictly(bytes, 'utf-8');
  const decoded = utf8 === undefined ? detected(bytes) : { text: utf8, encoding: 'utf-8' };
  const controls = controlShare(decoded.text);
  if (controls > 0.02) throw binary(name, `${Math.round(controls * 100)} % of it are control characters`);
  return decoded;
}

function binary(name: string, why: string): DocumentError {
  const advice = 'Choose a text, Markdown, HTML, PDF, DOCX or EPUB file, with the extension that belongs to it.';
  return new DocumentError('binary', name, `${name} is not text: ${why}. ${advice}`);
}

/**
 * UTF-16 without a mark shows itself by NUL bytes (the upper halves of ASCII: blanks, line ends, digits) that all stand on
 * one parity, and by decoding without lone surrogates or control characters.
 */
function withoutMarkUtf16(bytes: Uint8Array): DecodedText | undefined {
  if (bytes.length < 2 || bytes.length % 2 !== 0) return undefined;
  const first = bytes.indexOf(0);
  if (first < 0) return undefined;
  const parity = first % 2;
  for (let i = parity === 0 ? 1 : 0; i < bytes.length; i += 2) if (bytes[i] === 0) return undefined;
  const encoding = parity === 1 ? 'utf-16le' : 'utf-16be';
  const text = strictly(bytes, encoding);
  return text !== undefined && controlShare(text) === 0 ? { text, encoding } : undefined;
}

function detected(bytes: Uint8Array): DecodedText {
  if (isDamagedUtf8(bytes)) return { text: decodeAs(bytes, 'utf-8'), encoding: 'utf-8' };
  const sample = sampleAroundNonAscii(bytes);
  for (const { name, confidence } of chardet.analyse(sample)) {
    if (confidence < 25) break;
    const encoding = webName(name);
    if (encoding === 'utf-8' || encoding.startsWith('utf-')) continue;
    const text = strictly(bytes, encoding);
    if (text !== undefined) return { text, encoding };
  }
  return { text: decodeAs(bytes, 'windows-1252'), encoding: 'windows-1252' };
}

/** The web's name for an encoding: ISO-8859-1 is read as windows-1252, its superset, by every browser and editor. */
function webName(name: string): string {
  try {
    return new TextDecoder(name).encoding;
  } catch (error) {
    if (error instanceof RangeError) return name.toLowerCase();
    throw error;
  }
}

/** UTF-8 with a few broken bytes (a cut transfer, an old paste) is still UTF-8: whole sequences far outnumber the broken. */
function isDamagedUtf8(bytes: Uint8Array): boolean {
  let whole = 0;
  let broken = 0;
  for (let i = 0; i < bytes.length;) {
    const length = sequenceLength(bytes, i);
    if (length > 1) whole += 1;
    if (length === 0) broken += 1;
    i += Math.max(1, length);
  }
  return whole >= 10 * broken;
}

/** Bytes in the UTF-8 sequence at `i`, 0 when it is broken. */
function sequenceLength(bytes: Uint8Array, i: number): number {
  const lead = bytes[i] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (lead >= 0xf5) return 0;
  for (let k = 1; k < length; k += 1) if (((bytes[i + k] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

const sampleSize = 64 * 1024;

/** ASCII says nothing about an encoding: the sample keeps the stretches around other bytes. */
function sampleAroundNonAscii(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= sampleSize) return bytes;
  const sample = new Uint8Array(sampleSize);
  let length = 0;
  for (let i = 0; i < bytes.length && length < sampleSize;) {
    if ((bytes[i] ?? 0) < 0x80) {
      i += 1;
      continue;
    }
    // A multi-byte encoding must not be entered in the middle of a character: start after the last line end or blank.
    const part = bytes.subarray(lineStart(bytes, i), i + 256).subarray(0, sampleSize - length);
    sample.set(part, length);
    length += part.length;
    i += 256;
  }
  return sample.subarray(0, length);
}

function lineStart(bytes: Uint8Array, i: number): number {
  const limit = Math.max(0, i - 256);
  let at = i;
  while (at > limit && bytes[at - 1] !== 0x0a && bytes[at - 1] !== 0x0d) at -= 1;
  return at;
}

/** Undefined when a byte has no meaning in the encoding, or nobody knows the encoding. */
export function strictly(bytes: Uint8Array, encoding: string): string | undefined {
  if (webName(encoding) === 'windows-1252') return decodeAs(bytes, 'windows-1252');
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function decodeAs(bytes: Uint8Array, encoding: string): string {
  // Node's own decoder reads windows-1252 as Latin-1 in some versions, and loses €, dashes and curly quotes.
  if (encoding === 'windows-1252' || encoding.startsWith('utf-32')) {
    return iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), encoding, { stripBOM: true });
  }
  return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
}

/** Share of characters that no text has: C0 controls but backspace (man pages), tab, line ends, form feed and escape. */
function controlShare(text: string): number {
  const length = Math.min(text.length, sampleSize);
  let controls = 0;
  for (let i = 0; i < length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0x7f || (code < 0x20 && code !== 0x1b && (code < 0x08 || code > 0x0d))) controls += 1;
  }
  return controls / Math.max(1, length);
}
