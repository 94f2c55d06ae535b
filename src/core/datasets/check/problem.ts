export type Severity = 'error' | 'warning' | 'info';

/** Every rule of `distillery check`, with what breaking it means: an error stops a trainer or spoils what it learns. */
export const rules = {
  bad_json: 'error',
  invalid_utf8: 'error',
  not_object: 'error',
  too_long: 'error',
  bom: 'warning',
  duplicate_key: 'warning',
  lone_surrogate: 'error',
  mixed_types: 'error',
  mixed_format: 'error',
  wrong_format: 'error',
  unknown_shape: 'error',
  missing_field: 'error',
  wrong_type: 'error',
  unknown_role: 'error',
  role_order: 'error',
  no_answer: 'error',
  unsupported_content: 'error',
  empty_answer: 'error',
  empty_question: 'error',
  unknown_key: 'warning',
  over_tokens: 'error',
  too_few_rows: 'error',
  file_too_large: 'error',
  no_rows: 'error',
  duplicate: 'warning',
  pair_split: 'error',
  leak: 'error',
  secret: 'error',
  personal_data: 'info',
  mojibake: 'warning',
  language_mix: 'info',
} as const satisfies Readonly<Record<string, Severity>>;

export type RuleCode = keyof typeof rules;

/** Something wrong, where it is. Lines and columns are 1-based; columns count UTF-16 code units, the end is exclusive. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  readonly code: RuleCode | `rule:${string}`;
  readonly severity: Severity;
  readonly message: string;
  /** Another place that belongs to it: the first of two duplicates, the held-out row. */
  readonly related?: { readonly file: string; readonly line: number };
}

export const BOM: Finding = {
  column: 1,
  endColumn: 2,
  code: 'bom',
  message: 'The file begins with a byte-order mark, on which some readers stumble. Save it as UTF-8 without one.',
};

/** A finding within one line. */
export interface Finding {
  readonly column: number;
  readonly endColumn: number;
  readonly code: RuleCode;
  readonly message: string;
  readonly severity?: Severity;
  /** What the rows before have, or the rules ask for: the type of the column, the format of the row. */
  readonly expected?: string;
}
