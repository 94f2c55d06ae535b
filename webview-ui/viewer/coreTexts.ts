import { template } from '../translate';

/** What the core says of rows and queries: it knows one language, a person perhaps another. */
const templates = [
  // Why a line is no JSON.
  template('the line is empty'),
  template('the engine cannot read it'),
  template('the row is not finished'),
  template('the line ends before its object does'),
  template('the line ends before its list does'),
  template('something follows the end of the row'),
  template('a colon is missing after the key'),
  template('a comma is missing'),
  template('a comma stands before }'),
  template('a key must be a string in double quotes'),
  template('a string has no closing quote'),
  template('a control character stands in a string without an escape'),
  template('this is not a number that JSON knows'),
  template('NaN is not JSON; use null'),
  template('Infinity is not JSON; use null'),
  template('undefined is not JSON; use null'),
  template('None is Python; JSON says null'),
  template('True is Python; JSON says true'),
  template('False is Python; JSON says false'),
  template('a text needs double quotes'),
  template('JSON needs double quotes, not single ones'),
  template('a byte order mark stands before the row'),
  template('a value is missing'),
  template('a value is missing before {0}'),
  template('{0} is missing before {1}'),
  template('{0} is not an escape that JSON knows'),
  template('the line is no JSON value'),
  template('the bytes are not UTF-8 here; save the file as UTF-8'),
  // Why a row cannot be reversed.
  template('Not JSON. Column {0}: {1}.'),
  template('Column {0}: bytes that are not UTF-8. Save the file as UTF-8.'),
  template('The line has {0} bytes, more than one string can hold.'),
  template('A row is an object with named fields, but here is {0}.'),
  template('This row is too large to be shown; it is written all the same.'),
  template('The row is already half of a bidirectional pair.'),
  template('The row is a conversation of several turns; only one question and answer can be reversed.'),
  template('The instruction is empty.'),
  template('The output is empty.'),
  template('No training format has these fields: {0}.'),
  template('history must be a list of [question, answer] pairs.'),
  template('A turn of the history must be a pair of texts.'),
  template('{0} must be a list of turns.'),
  template('A system turn can only be the first.'),
  template('Two user turns follow each other.'),
  template('An assistant turn without a user turn before it.'),
  template('The conversation ends with the user: there is no answer to learn.'),
  template('The conversation has no answer to learn.'),
  template('A turn must be an object with {0} and {1}.'),
  template('The turn has no {0}.'),
  template('The role {0} is not one of {1}.'),
  template('Content in parts (images, tools) is not text and cannot be converted.'),
  template('The field {0} is missing.'),
  template('The field {0} must be text, but is {1}.'),
  template('{0} must be text, but is {1}.'),
  // What is wrong with a query.
  template('“{0}” cannot be understood.'),
  template('is:{0} is not known. Known are {1}.'),
];

/** A sentence of the core in the person's language. */
export function coreText(english: string): string {
  for (const match of templates) {
    const translated = match(english, coreText);
    if (translated !== undefined) return translated;
  }
  return english;
}
