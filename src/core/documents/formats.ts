import path from 'node:path';

/** Formats whose text is made by a parser. The text is what offsets refer to, not the bytes of the file. */
export type RichFormat = 'html' | 'docx' | 'pdf' | 'epub';

const richByExtension: ReadonlyMap<string, RichFormat> = new Map([
  ['.html', 'html'],
  ['.htm', 'html'],
  ['.xhtml', 'html'],
  ['.docx', 'docx'],
  ['.pdf', 'pdf'],
  ['.epub', 'epub'],
]);

/** What a folder is searched for. Files without an extension (README, LICENSE) are looked into. */
const textExtensions: ReadonlySet<string> = new Set([
  ...['.txt', '.text', '.md', '.markdown', '.mdown', '.mdx', '.qmd', '.rmd'],
  ...['.rst', '.adoc', '.asciidoc', '.org', '.textile', '.wiki'],
]);

/** The format by the file's name, or undefined for plain text (Markdown is read as it stands). */
export function richFormat(name: string): RichFormat | undefined {
  return richByExtension.get(path.extname(name).toLowerCase());
}

/** Whether a file found in a folder looks like a document by its name; `undefined` when only its content can tell. */
export function looksLikeDocument(name: string): boolean | undefined {
  const extension = path.extname(name).toLowerCase();
  if (extension === '') return undefined;
  return textExtensions.has(extension) || richByExtension.has(extension);
}

const magics: readonly (readonly [bytes: readonly number[], what: string])[] = [
  [[0x25, 0x50, 0x44, 0x46, 0x2d], 'a PDF'],
  [[0x50, 0x4b, 0x03, 0x04], 'a ZIP archive or an Office document'],
  [[0x50, 0x4b, 0x05, 0x06], 'an empty ZIP archive'],
  [[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], 'an old Office document (.doc, .xls, .ppt)'],
  [[0x89, 0x50, 0x4e, 0x47], 'a PNG image'],
  [[0xff, 0xd8, 0xff], 'a JPEG image'],
  [[0x47, 0x49, 0x46, 0x38], 'a GIF image'],
  [[0x49, 0x49, 0x2a, 0x00], 'a TIFF image'],
  [[0x4d, 0x4d, 0x00, 0x2a], 'a TIFF image'],
  [[0x1f, 0x8b], 'a gzip archive'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'an xz archive'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'a Zstandard archive'],
  [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], 'a 7-Zip archive'],
  [[0x52, 0x61, 0x72, 0x21, 0x1a, 0x07], 'a RAR archive'],
  [[0x7f, 0x45, 0x4c, 0x46], 'a program (ELF)'],
  [[0x4d, 0x5a, 0x90, 0x00], 'a program (EXE or DLL)'],
  [[0xca, 0xfe, 0xba, 0xbe], 'a compiled program'],
  [[0xcf, 0xfa, 0xed, 0xfe], 'a program (Mach-O)'],
  [[0x00, 0x61, 0x73, 0x6d], 'a WebAssembly module'],
  [[0x4f, 0x67, 0x67, 0x53], 'an Ogg recording'],
  [[0x52, 0x49, 0x46, 0x46], 'a RIFF file (WAV, AVI, WebP)'],
  [[0x49, 0x44, 0x33, 0x03], 'an MP3 recording'],
  [[0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66], 'an SQLite database'],
  [[0x50, 0x41, 0x52, 0x31], 'a Parquet file'],
  [[0x47, 0x47, 0x55, 0x46], 'a GGUF model'],
];

/** What the first bytes say the file is ("a PDF"), or undefined when they are no known magic number. */
export function knownBinary(bytes: Uint8Array): string | undefined {
  return magics.find(([magic]) => magic.every((byte, i) => bytes[i] === byte))?.[1];
}
