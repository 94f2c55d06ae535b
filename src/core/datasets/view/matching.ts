import { estimatedTokens, fieldOf, isObject, textOf } from './fields';
import { VALIDATOR, type Condition, type FieldCondition, type Query, type RowCondition } from './query';
import type { Row } from './rowText';
import type { RowReview } from './reviewState';
import { isDisputed, validatorValue, type ValidatorVerdict } from './validatorVerdicts';

/** A row as conditions see it. Its content is only parsed when a condition asks for it. */
export interface Candidate {
  row(): Row;
  /** Whether the table reads only its beginning. */
  isLarge(): boolean;
  review(): RowReview | undefined;
  validator(): ValidatorVerdict | undefined;
  /** The row came before in the file. */
  readonly isRepeat: boolean;
}

/** Whether all conditions hold. */
export function matches(query: Query, candidate: Candidate): boolean {
  return query.conditions.every((condition) => holds(condition, candidate));
}

/** Whether a condition holds, turned round where it is negated. */
export function holds(condition: Condition, candidate: Candidate): boolean {
  return fulfils(condition, candidate) !== condition.negated;
}

/** Whether a condition can be answered without the row's content. */
export function isAboutReview(condition: Condition): boolean {
  return (
    condition.kind === 'tag' ||
    (condition.kind === 'is' && !['bad', 'blank', 'large', 'duplicate'].includes(condition.state))
  );
}

function fulfils(condition: Condition, candidate: Candidate): boolean {
  switch (condition.kind) {
    case 'is':
      return isState(condition.state, candidate);
    case 'tag':
      return candidate.review()?.tags.includes(condition.tag) ?? false;
    case 'text':
      return containsText(candidate.row(), condition.text.toLowerCase());
    case 'has':
    case 'field':
    case 'number':
      return isFulfilledBy(condition, valueIn(candidate, condition.field));
  }
}

/** Whether a field's value is as a condition wants it; undefined: the row has no such field. */
export function isFulfilledBy(condition: FieldCondition, value: unknown): boolean {
  switch (condition.kind) {
    case 'has':
      return value !== undefined && value !== null && value !== '';
    case 'field': {
      if (value === undefined) return false;
      const text = textOf(value);
      return condition.exact ? text === condition.text : text.toLowerCase().includes(condition.text.toLowerCase());
    }
    case 'number':
      if (typeof value !== 'number') return false;
      if (condition.open === 'least') return value > condition.least && value <= condition.most;
      if (condition.open === 'most') return value >= condition.least && value < condition.most;
      return value >= condition.least && value <= condition.most;
  }
}

function isState(state: RowCondition, candidate: Candidate): boolean {
  switch (state) {
    case 'bad':
    case 'blank':
      return candidate.row().state === state;
    case 'large':
      return candidate.isLarge();
    case 'duplicate':
      return candidate.isRepeat && candidate.row().state === 'ok';
    case 'approved':
    case 'rejected':
      return candidate.review()?.verdict === state;
    case 'reviewed':
      return (candidate.review()?.verdict ?? null) !== null;
    case 'unreviewed':
      return (candidate.review()?.verdict ?? null) === null;
    case 'edited':
      return (candidate.review()?.edits.length ?? 0) > 0;
    case 'noted':
      return (candidate.review()?.note ?? '') !== '';
    case 'disputed':
      return (candidate.review()?.verdict ?? null) !== null && isDisputed(candidate.review(), candidate.validator());
  }
}

const TOKENS = 'tokens.';

/** `tokens.answer` is the estimated length of `answer`, as the statistics count it, unless the row has such a field. */
function valueIn(candidate: Candidate, field: string): unknown {
  const row = candidate.row();
  if (row.state !== 'ok' && row.state !== 'large') return undefined;
  const value = fieldOf(row.value, field);
  if (value === undefined && field.startsWith(VALIDATOR)) return validatorValue(candidate.validator(), field);
  if (value !== undefined || !field.startsWith(TOKENS)) return value;
  const measured = fieldOf(row.value, field.slice(TOKENS.length));
  return measured === undefined || measured === null ? undefined : estimatedTokens(textOf(measured));
}

/** Whether a text stands among the values of a row (keys do not count), or in the line of a bad one. */
function containsText(row: Row, text: string): boolean {
  if (row.state === 'blank') return false;
  if (row.state === 'bad') return row.text.toLowerCase().includes(text);
  const open: unknown[] = [row.value];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (Array.isArray(value)) open.push(...value.filter((item: unknown) => item !== undefined));
    else if (isObject(value)) open.push(...Object.values(value));
    else if (textOf(value).toLowerCase().includes(text)) return true;
  }
  return false;
}
