// `npm run try [-- FILE…]`: distills a document on this machine, without a key, and shows some of the rows.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { bin, node, project, setUp } from './steps.mjs';

const shown = 5;

async function main() {
  await setUp();
  if (stale()) {
    console.log('Building the command line.');
    const code = await node([bin('webpack', 'bin/webpack.js'), '--mode', 'production', '--config-name', 'node']);
    if (code !== 0) throw new Error('The build failed; see above.');
  }
  const documents = chosenDocuments();
  const out = freshFolder(path.parse(documents[0]).name);
  const relative = path.relative(process.cwd(), out);
  console.log(`distillery distill ${documents.join(' ')} --teacher offline --out ${relative}\n`);
  const code = await node(['dist/cli.js', 'distill', ...documents, '--teacher', 'offline', '--out', out]);
  if (code !== 0) process.exit(code);
  show(out);
}

/** Files of the command line, from where the person stands; npm runs scripts in the project's folder. */
function chosenDocuments() {
  const from = process.env.INIT_CWD ?? process.cwd();
  const named = process.argv.slice(2).map((file) => path.resolve(from, file));
  return named.length > 0 ? named : [path.join('examples', 'handbook.md')];
}

/** `distillery/try-handbook`, or the next free number: nothing of an earlier try is touched. */
function freshFolder(name) {
  for (let n = 1; ; n++) {
    const folder = path.join(project, 'distillery', n === 1 ? `try-${name}` : `try-${name}-${n}`);
    if (!existsSync(folder)) return folder;
  }
}

/** Whether the bundle is missing or older than a source. */
function stale() {
  const bundle = path.join(project, 'dist', 'cli.js');
  if (!existsSync(bundle)) return true;
  const built = statSync(bundle).mtimeMs;
  const sources = readdirSync(path.join(project, 'src'), { recursive: true }).map((file) => path.join('src', file));
  return [...sources, 'package-lock.json', 'webpack.config.js'].some(
    (file) => statSync(path.join(project, file)).mtimeMs > built,
  );
}

/** Prints some golden rows, spread over the document, each with the lines that prove it. */
function show(out) {
  const rows = read(out, 'golden_dataset.jsonl');
  const pairs = new Map(
    read(out, 'generated_qa_pairs.jsonl').map((pair) => [key(pair.source.chunk_id, pair.question), pair]),
  );
  const chunks = new Map(read(out, 'chunks.jsonl').map((chunk) => [chunk.chunk_id, chunk]));
  const step = Math.max(1, rows.length / shown);
  for (let n = 0; n < Math.min(shown, rows.length); n++) {
    const row = rows[Math.floor(n * step)];
    console.log(`\nQ  ${row.instruction}\nA  ${row.output}`);
    const evidence = pairs.get(key(row.source, row.instruction))?.evidence ?? [];
    for (const quote of evidence) console.log(`   “${oneLine(quote.quote)}”  ${place(chunks.get(row.source), quote)}`);
  }
  const folder = path.relative(process.cwd(), out);
  console.log(`\n${rows.length} rows in ${path.join(folder, 'golden_dataset.jsonl')}`);
}

function key(chunk, question) {
  return `${chunk}\n${question}`;
}

/** `handbook.md:118`: offsets are of the document, and so is the chunk's first line. */
function place(chunk, evidence) {
  const before = chunk.text.slice(0, evidence.start - chunk.source.start);
  const line = chunk.source.line_start + (before.match(/\r\n|\r|\n/g)?.length ?? 0);
  return `${path.basename(chunk.source.file)}:${line}`;
}

function oneLine(text) {
  const flat = text.replace(/\s+/g, ' ');
  return flat.length > 160 ? `${flat.slice(0, 159)}…` : flat;
}

function read(folder, file) {
  const lines = readFileSync(path.join(folder, file), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
