import { isEnglishWord } from '../../../documents/grounding/lexicon';
import type { Tagger } from './tagger';

/** Tells names at the start of a sentence from ordinary words with a capital. */
export class ProperNames {
  /** Words that stand somewhere in small letters. */
  private readonly small: ReadonlySet<string>;
  /** Words with a capital that do not open a sentence. */
  private readonly inner: ReadonlySet<string>;

  constructor(
    text: string,
    private readonly tagger: Tagger,
  ) {
    this.small = new Set(text.match(/(?<!\p{L})\p{Ll}+(?!\p{L})/gu));
    this.inner = new Set([...text.matchAll(/[\p{Ll},] (\p{Lu}\p{Ll}*)(?!\p{L})/gu)].map(([, word = '']) => word));
  }

  isName(word: string, sentence: string): boolean {
    if (/^\p{Lu}\p{Ll}*$/u.exec(word) === null) return true;
    if (/^\p{Lu}\p{Ll}+s (?:are|were|have|do|can|may|must|should) /u.test(sentence)) return false;
    const lower = word.toLowerCase();
    if (honorific.test(word) && /^ \p{Lu}\p{Ll}/u.test(sentence.slice(word.length))) return true;
    if (this.isAlwaysCapital(word, lower)) return true;
    if (!this.tagger.knows(lower) && this.isFollowedByName(word, sentence)) return true;
    // "Sweden": the tagger was taught it, the dictionary of common words does not have it.
    if (this.tagger.knows(lower) && !isOrdinary(lower)) return true;
    if (this.tagger.knows(lower) && !this.isFollowedByName(word, sentence)) return false;
    if (isOrdinary(lower) && !this.isFollowedByName(word, sentence)) return false;
    if (this.small.has(lower)) return false;
    if (this.inner.has(word)) return true;
    return !/(?:ors|ers|tion|tions|ment|ments|ism|isms|ity|ology|ide|ides|ene|ine|ness|ing|ing|ble|ous|sis|ics|ed|ly|ants|ents)$/u.test(
      lower,
    );
  }

  /** "Rust" within sentences and never "rust". */
  private isAlwaysCapital(word: string, lower: string): boolean {
    return this.inner.has(word) && !this.small.has(lower);
  }

  private isFollowedByName(word: string, sentence: string): boolean {
    return (
      /^ \p{Lu}\p{Ll}/u.test(sentence.slice(word.length)) &&
      !/^(?:The|A|An|In|On|At|By|From|For|When|If|After|Before|Since|While|With|As|Although|Because|Under|Over|Between|Only|Most|Many|Some|No|Every|Each|Its|His|Her|Their|Our)$/u.test(
        word,
      )
    );
  }
}

const honorific =
  /^(?:Duke|Duchess|King|Queen|Prince|Princess|Emperor|Empress|Pope|Bishop|Saint|Count|Countess|Baron|Captain|General|Colonel|Major|Admiral|President|Mayor|Governor|Judge|Professor|Doctor|Lake|Mount|Cape|Fort|Port|Lord|Lady|Sir)$/u;

function isOrdinary(lower: string): boolean {
  return isEnglishWord(lower) || isEnglishWord(lower.replace(/s$/u, '')) || isEnglishWord(lower.replace(/es$/u, ''));
}
