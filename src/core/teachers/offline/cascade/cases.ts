import type { Formatted, GoldenVerdict } from '../../../records/cascade';
import { TeacherError } from '../../errors';
import type { CascadeFormatTask, CascadeGoldenTask, CascadeRawTask } from '../tasks';
import { financial } from './financial';
import { legal } from './legal';
import { type Lore, sentence } from './lore';
import { medical } from './medical';
import { scientific } from './scientific';

/** The domains whose cases the offline teacher can tell: those that ship with Distillery, as they ship. */
export const lore: Readonly<Record<string, Lore>> = { medical, legal, scientific, financial };

/** A grammar is less sure of its cases than it writes; harder ones less still. */
const confidences = { easy: 0.85, medium: 0.75, hard: 0.6 } as const;

const parts = ['Scenario', 'Reading A', 'Reading B', 'Reading C', 'Weighing', 'Decision', 'Certainty'] as const;
type Part = (typeof parts)[number];

/**
 * A case at a point of a domain's axes: scenario, three readings, what each piece of evidence is worth, and a decision.
 * @throws TeacherError `forbidden` for a domain, or a value of its two deciding axes, that it knows nothing of.
 */
export function tellCase({ domain, values, difficulty }: CascadeRawTask): string {
  const known = lore[domain];
  const evidence = values['conflicting_evidence'] ?? '';
  const conflict = known?.conflicts[evidence];
  if (!known || !conflict || !((values['decision_constraint'] ?? '') in known.constraints)) throw unknownCase(domain);
  const { a, b, c, weigh, lean, because, test, told: inWords = evidence } = conflict;
  const other = lean === 'a' ? 'b' : 'a';
  // An easy case lacks nothing that matters.
  const fitted = known.fit(difficulty === 'easy' ? { ...values, missing_information: '' } : values);
  const missing = fitted['missing_information'] ?? '';
  const constraint = known.constraints[fitted['decision_constraint'] ?? ''] ?? '';
  const instead = known.otherwise(fitted);
  const told: Record<Part, string> = {
    Scenario: known.tell(fitted, sentence(inWords)).filter(Boolean).join(' '),
    'Reading A': a,
    'Reading B': b,
    'Reading C': c,
    Weighing: [
      known.setAside(fitted),
      weigh,
      `On balance reading ${lean.toUpperCase()} is the safer guide than reading ${other.toUpperCase()}: ${because}.`,
      `Neither piece of evidence excludes reading C, so that it stays open. What separates the three: ${test}.`,
    ]
      .filter(Boolean)
      .join(' '),
    Decision: `Act on premise_${lean} for now, because ${because}. ${[known.step(fitted), constraint, 'The next thing to look at, to tell the readings apart'].filter(Boolean).join(' ')}: ${test}.`,
    Certainty: `${sentence(`this is ${{ easy: 'fairly certain', medium: 'more likely than not', hard: 'uncertain' }[difficulty]}`)}${missing && ` Because ${missing}, it remains provisional.`} If the check speaks for premise_${other}, ${instead || 'the decision is turned'}; if for neither, premise_c is followed.`,
  };
  return parts.map((part) => `${part}: ${told[part]}`).join('\n\n');
}

/** A trace of `tellCase` as one row. */
export function formatCase({ trace, difficulty }: CascadeFormatTask): Formatted {
  const told = (part: Part): string => {
    const found = new RegExp(`^${part}: (.+)$`, 'm').exec(trace)?.[1];
    if (found === undefined) throw new TeacherError('refused_request', 'This is no case of the offline teacher.');
    return found;
  };
  return {
    instruction: told('Scenario'),
    reasoning_chain: [
      `There are three readings. First: ${told('Reading A')} Second: ${told('Reading B')} Third: ${told('Reading C')}`,
      told('Weighing'),
      told('Certainty'),
    ].join('\n'),
    trinary_logic: {
      premise_a: told('Reading A'),
      premise_b: told('Reading B'),
      premise_c: told('Reading C'),
      resolution: told('Decision'),
    },
    confidence: confidences[difficulty],
    citations: [],
    difficulty,
  };
}

/**
 * What can be seen of a row's soundness without understanding it: three different premises, a resolution that follows one
 * of them and gives a reason, a question that is asked and not answered. It says so.
 */
export function checkCase({ instruction, reasoning_chain, trinary_logic }: CascadeGoldenTask): GoldenVerdict {
  const { premise_a, premise_b, premise_c, resolution } = trinary_logic;
  const premises = [premise_a, premise_b, premise_c].map((premise) => premise.trim().toLowerCase());
  const premises_exhaustive =
    new Set(premises).size === 3 && premises.every((premise) => premise.split(/\s+/).length > 3);
  const resolution_valid = /\bpremise_[abc]\b/.test(resolution) && /\b(?:because|since|as)\b/.test(resolution);
  const asks = instruction.trim().endsWith('?') && !instruction.includes(resolution);
  const logically_sound = asks && premises.every((premise) => reasoning_chain.toLowerCase().includes(premise));
  const approved = premises_exhaustive && resolution_valid && logically_sound;
  return {
    logically_sound,
    premises_exhaustive,
    resolution_valid,
    corrections: null,
    approved,
    explanation: approved
      ? 'The form holds: three different premises, all weighed, and a reasoned choice between them. The subject was not judged.'
      : 'The form does not hold: premises that differ and are weighed, a reasoned choice, or an open question is missing.',
  };
}

function unknownCase(domain: string): TeacherError {
  // The same for every sample of such a run: it pauses at the first.
  return new TeacherError(
    'forbidden',
    `The offline teacher has no cases for the domain “${domain}”: it knows ${Object.keys(lore).join(', ')}, as they ship. Choose a teacher with a model behind it, for example --teacher deepseek/deepseek-flash.`,
  );
}
