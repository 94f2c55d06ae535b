import assert from 'node:assert/strict';
import { mathml } from './mathml';

describe('A formula', () => {
  it('is MathML, as a line of its own or within one', async () => {
    assert.match((await mathml(String.raw`\frac{a}{b} \le \sqrt{2}`, false)) ?? '', /<mfrac>.*<msqrt>/u);
    assert.match((await mathml('x', true)) ?? '', /<math [^>]*display="block"/u);
  });

  it('leads nowhere and is given up when it has no end', async () => {
    assert.doesNotMatch((await mathml(String.raw`\text{<img src=x>}`, false)) ?? '', /<img/u);
    assert.equal(
      await mathml(String.raw`\href{javascript:alert(1)}{x}`, false).then((text) => text?.includes('href=')),
      false,
    );
    assert.equal(await mathml(String.raw`\def\a{\a\a}\a`, false), undefined);
    assert.equal(await mathml(String.raw`\frac{`, false), undefined);
  });
});
