import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const core = path.join(import.meta.dirname, '..', '..', 'src', 'core', 'datasets');
/** Where sentences of the core stand that the viewer shows, and what tells them from other texts there. */
const sources: Readonly<Record<string, RegExp>> = {
  'view/jsonProblem.ts': /^(?!.* or [\]}]|, or end$|value or|key or).*[a-z] /u,
  'view/rowText.ts': /^the .* /u,
  'view/pairPreview.ts': /^[A-Z].* .*\.$/u,
  'view/query.ts': /^(?:“|is:).* .*\.$/u,
  'rows.ts': /^[A-Z].* .*\.$/u,
  'formats/read.ts': /^(?:[A-Z“]|\u0000|history ).* .*\.$/u,
};

/** The texts of a source, with a mark for what is put into them. */
function textsIn(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const texts: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) texts.push(node.text);
    if (ts.isTemplateExpression(node))
      texts.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('\u0000'));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

describe('What the core says in the viewer', () => {
  let coreText: (english: string) => string;
  before(async () => {
    const content = (texts: Record<string, string>) => ({ content: JSON.stringify(texts) });
    const bundle: unknown = JSON.parse(
      readFileSync(path.join(import.meta.dirname, '..', '..', 'l10n', 'bundle.l10n.json'), 'utf8'),
    );
    assert.ok(typeof bundle === 'object' && bundle !== null);
    const marked = Object.fromEntries(Object.keys(bundle).map((english) => [english, `<${english}>`]));
    Object.assign(globalThis, {
      document: { querySelector: () => content(marked), documentElement: { lang: 'en' } },
    });
    ({ coreText } = await import('./coreTexts'));
  });
  after(() => {
    Reflect.deleteProperty(globalThis, 'document');
  });

  for (const [file, isSentence] of Object.entries(sources)) {
    it(`is in the person's language: ${file}`, () => {
      const sentences = textsIn(path.join(core, file)).filter((text) => isSentence.test(text));
      assert.ok(sentences.length > 0);
      const untold = sentences.filter((text) => !coreText(text.replaceAll('\u0000', 'x')).startsWith('<'));
      assert.deepEqual(untold, []);
    });
  }

  it('keeps what varies in it, also when that is a whole text', () => {
    assert.equal(coreText('“a b” cannot be understood.'), '<“a b” cannot be understood.>');
    assert.equal(coreText('} is missing before ]'), '<} is missing before ]>');
    assert.equal(coreText('Not JSON. Column 5: a comma is missing.'), '<Not JSON. Column 5: <a comma is missing>.>');
    assert.equal(coreText('Something new.'), 'Something new.');
  });
});
