import { type DecodedText, decodeText } from '../decode';
import { DocumentError } from '../errors';
import { type RichFormat, knownBinary } from '../formats';

/** Raise it when a parser gives other text for the same bytes: offsets of older runs then point elsewhere. */
export const richParserVersion = 1;

const named: Record<RichFormat, string> = {
  html: 'an HTML page',
  docx: 'a Word document (.docx)',
  pdf: 'a PDF',
  epub: 'an EPUB book',
};

/**
 * The text of a rich document, with Markdown marks for headings, lists, tables and code. The parsers are loaded when they
 * are first needed. Throws DocumentError: `damaged`, `no_text`, and what decoding throws.
 */
export async function parseRich(bytes: Uint8Array, format: RichFormat, name: string): Promise<DecodedText> {
  const text = await parse(bytes, format, name);
  if (text.trim() !== '') return { text, encoding: format };
  const scanned = format === 'pdf' ? ' It may be a scan: run it through OCR first (ocrmypdf, for example).' : '';
  throw new DocumentError('no_text', name, `${name} is ${named[format]} without text.${scanned}`);
}

async function parse(bytes: Uint8Array, format: RichFormat, name: string): Promise<string> {
  try {
    switch (format) {
      case 'html': {
        const { htmlSource, htmlToText } = await import('./html');
        return htmlToText(htmlSource(bytes) ?? decodeText(bytes, name).text);
      }
      case 'docx':
        return await (await import('./docx')).docxToText(bytes);
      case 'pdf':
        return await (await import('./pdf')).pdfToText(bytes);
      case 'epub':
        return await (await import('./epub')).epubToText(bytes);
    }
  } catch (error) {
    if (error instanceof DocumentError) throw error;
    throw damaged(error, bytes, format, name);
  }
}

function damaged(error: unknown, bytes: Uint8Array, format: RichFormat, name: string): DocumentError {
  const reason = error instanceof Error ? error.message.replace(/\s+/gu, ' ').trim() : String(error);
  if (error instanceof Error && error.name === 'PasswordException') {
    const message = `${name} is protected by a password. Save a copy without one and distill that.`;
    return new DocumentError('damaged', name, message, { cause: error });
  }
  const actual = knownBinary(bytes) ?? 'something else';
  const message = `${name} cannot be read as ${named[format]} (${reason}). It may be damaged, or be ${actual} under a wrong name; open it in its own program and save it again.`;
  return new DocumentError('damaged', name, message, { cause: error });
}
