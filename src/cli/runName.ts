import path from 'node:path';

/** A run's name from its input: `handbook 2.pdf` → `handbook-2`. */
export function readableName(file: string, otherwise: string): string {
  const readable = path
    .parse(file)
    .name.normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return readable || otherwise;
}
