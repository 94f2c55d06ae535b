import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';

/** Rows of plausible length (about 1.5 kB for a gigabyte of 700,000), the same at every run. Kept when it is there. */
export async function generate(file: string, rows: number, bytesPerRow: number): Promise<void> {
  const wanted = rows * bytesPerRow * 0.9;
  const there = await stat(file).catch(() => undefined);
  if (there && there.size > wanted) return;
  const out = createWriteStream(file, { highWaterMark: 4 << 20 });
  const words =
    'pump membrane pressure filter salinity valve litre hour handbook rotor gauge water feed bar hose'.split(' ');
  const filler = Array.from({ length: 4000 }, (_, at) => words[(at * 7 + (at >> 3)) % words.length]).join(' ');
  for (let row = 0; row < rows; row += 500) {
    let batch = '';
    for (let at = row; at < Math.min(rows, row + 500); at++) {
      const length = Math.max(10, bytesPerRow - 190 + ((at * 37) % 120) - 60);
      const from = (at * 13) % 9000;
      batch += `${JSON.stringify({
        qa_id: `chunk_${String(at >> 2).padStart(6, '0')}_qa_${at & 3}`,
        question: `What does passage ${at} say about the ${words[at % words.length]}?`,
        answer: filler.slice(from, from + length),
        difficulty: ['easy', 'medium', 'hard'][at % 3],
        confidence: (at % 1000) / 1000,
        ...(at === Math.floor(rows * 0.98) && { note: 'needle-in-the-haystack' }),
      })}\n`;
    }
    if (!out.write(batch)) await once(out, 'drain');
  }
  out.end();
  await finished(out);
}
