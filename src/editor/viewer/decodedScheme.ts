/** Shows a document as a run decoded it: what offsets into a PDF, a Word file or UTF-16 text refer to. */
export const decodedScheme = 'distillery-decoded';
