import { finalNumber, sameNumber } from '../answers/numbers';
import type { HardFailure } from '../prompts/improve';

/** What a free check has against an answer. */
export interface Fault {
  readonly code: 'mentions_its_making' | 'wrong_number' | 'same_as_before';
  /** For the teacher, who is asked once more, and for the person. */
  readonly message: string;
}

/** Words that only somebody who saw more than the instruction would write. */
const giveaways: readonly RegExp[] = [
  /\b(?:the|this|that|your|a) (?:student|learner|pupil|model|assistant|user)(?:['’]s)\b/i,
  /\b(?:the|this|that) (?:student|learner|pupil)\b/i,
  /\b(?:previous|prior|earlier|original|initial|incorrect|wrong|failed|flawed|weak|provided|given|model) (?:answer|output|response|solution|attempt|reply|completion)s?\b/i,
  /\b(?:reference|gold|expected|correct|model) (?:answer|solution|output|response)s? (?:is given|says?|states?|gives?|shows?|provided|confirms?|was)\b/i,
  /\breference (?:answer|solution|output|response)s?\b/i,
  /\b(?:according to|as (?:stated )?in|per|matches|with) the reference\b/i,
  /\bthe (?:mistake|error|misunderstanding)s? (?:(?:here |above )?(?:was|were|is|lies|made|came|arose)\b|in (?:the|that|this|your) )/i,
  /\b(?:improved|corrected|revised|better|rewritten) (?:answer|version|response|solution)\b/i,
];
const preface =
  /^\s*(?:sure|certainly|of course|okay)?[,!.]?\s*(?:here(?:'|’)?s|here is|below is)\s+(?:the|an?|my|your)\s+(?:\w+\s+)?(?:answer|response|solution|version)\b/i;

/** The first fault of an answer, or undefined. Costs nothing. English only: in other languages the giveaways are not seen. */
export function faultOf(answer: string, failure: HardFailure, checkNumber: boolean): Fault | undefined {
  const found = giveawayIn(answer, failure);
  if (found !== undefined) {
    const message = `It says “${found}”. Its reader knows only the instruction: leave that out and answer directly.`;
    return { code: 'mentions_its_making', message };
  }
  if (failure.previous.trim() !== '' && squeezed(answer) === squeezed(failure.previous))
    return { code: 'same_as_before', message: 'It is the answer that failed, word for word. Write a better one.' };
  return checkNumber ? numberFault(answer, failure.reference) : undefined;
}

/** Whether there is a number to compare with. */
export function hasFinalNumber(reference: string): boolean {
  return finalNumber(reference) !== undefined;
}

/** What the instruction itself speaks of may be spoken of: a question about a student is answered about the student. */
function giveawayIn(answer: string, { instruction }: HardFailure): string | undefined {
  const spokenOf = squeezed(instruction);
  for (const pattern of [preface, ...giveaways]) {
    const [phrase] = pattern.exec(answer) ?? [];
    if (phrase === undefined) continue;
    const noun = /\b(student|learner|pupil|user|assistant|model|mistake|error|misunderstanding|reference)/i.exec(
      phrase,
    )?.[1];
    const theirs = noun === undefined ? spokenOf.includes(squeezed(phrase)) : spokenOf.includes(noun.toLowerCase());
    if (!theirs) return phrase.trim();
  }
  return undefined;
}

function numberFault(answer: string, reference: string): Fault | undefined {
  const wanted = finalNumber(reference);
  if (wanted === undefined) return undefined;
  const given = finalNumber(answer);
  if (given !== undefined && sameNumber(given, wanted)) return undefined;
  const message = `It comes to ${given ?? 'no number'}, where ${wanted} is right. Work it out again and end with the result.`;
  return { code: 'wrong_number', message };
}

function squeezed(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}
