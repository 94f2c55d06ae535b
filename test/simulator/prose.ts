import { chance, pick } from './chance';

const OPENERS = ['First', 'In practice', 'By contrast', 'Taken together', 'More precisely', 'For this reason', 'Still'];
const VERBS = ['supports', 'limits', 'explains', 'contradicts', 'follows from', 'depends on', 'changes', 'precedes'];
const LINKS = ['because', 'although', 'while', 'so that', 'unless', 'even when'];
const THINGS = (
  'the measured interval,a second hypothesis,the early evidence,an untested premise,the stated limit,' +
  'the competing account,a later observation,the initial estimate,the available record,an independent check,' +
  'the remaining doubt,a narrower reading,the decision rule,the base rate,an alternative cause'
).split(',');

/** Sentences that look like somebody thinking about `topic`; the same for the same key. */
export function prose(key: string, topic: string, sentences: number): string {
  const words = [...new Set(topic.match(/\p{L}{5,}/gu) ?? ['matter'])];
  return Array.from({ length: sentences }, (_, at) => {
    const choose = (items: readonly string[], part: string) => pick(items, key, at, part) ?? '';
    const opener = chance(key, at, 'opens') < 0.5 ? `${choose(OPENERS, 'opener')}, ` : '';
    const clause = `${choose(THINGS, 'a')} ${choose(VERBS, 'b')} the ${choose(words, 'c')}`;
    const reason = `${choose(LINKS, 'd')} ${choose(THINGS, 'e')} ${choose(VERBS, 'f')} the ${choose(words, 'g')}`;
    const sentence = `${opener}${clause} ${reason}.`;
    return sentence.charAt(0).toUpperCase() + sentence.slice(1);
  }).join(' ');
}
