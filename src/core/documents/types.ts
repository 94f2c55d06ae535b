/** A document after decoding. Offsets everywhere are UTF-16 code units into `text`. */
export interface SourceDocument {
  /** As the person named it; relative with forward slashes where possible. */
  readonly file: string;
  /** Hex sha256 of the original bytes. */
  readonly sha256: string;
  readonly bytes: number;
  readonly text: string;
  /** `utf-8`, `utf-16le`, `windows-1252`, … or the parser for rich formats: `pdf`, `docx`, `html`, `epub`. */
  readonly encoding: string;
}

/** A passage of a document. `text` is always `document.text.slice(start, end)`. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** 1-based, inclusive. */
  readonly lineStart: number;
  readonly lineEnd: number;
  /** Heading path, outermost first. */
  readonly section: readonly string[];
}
