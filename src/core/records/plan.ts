import { z } from 'zod';

/** `plan.json`: how an amount is to be spent. What was planned is what is run, whatever prices do meanwhile. */

export const planGoal = z.enum(['depth', 'breadth', 'iterative']);
export type PlanGoal = z.infer<typeof planGoal>;
/** The longest plan: prices and needs change sooner. */
export const mostMonths = 36;

export const planItem = z.object({
  /** `cascade-medical`; the run's folder is named after the plan, the month and this. */
  name: z.string(),
  pipeline: z.enum(['cascade', 'ensemble', 'improve']),
  /** What the run may spend in a month. */
  usd: z.number(),
  /** What is expected to come out of it in a month. */
  rows: z.number().int(),
  usd_per_row: z.number(),
  /** From this person's own runs, or from prices and typical lengths. */
  basis: z.enum(['measured', 'prices']),
  /** False where it waits for a file that only the person has. */
  starts: z.boolean(),
  /** `distillery <arguments…>`, as in the first month. */
  command: z.array(z.string()),
  why: z.string(),
});
export type PlanItem = z.infer<typeof planItem>;

export const budgetPlan = z.object({
  version: z.literal(1),
  goal: planGoal,
  usd: z.number(),
  months: z.number().int(),
  /** The first one, `YYYY-MM`, UTC. */
  first_month: z.string(),
  monthly_usd: z.number(),
  /** Of each month: kept for what the results show to be needed. */
  reserve_usd: z.number(),
  items: z.array(planItem),
});
export type BudgetPlan = z.infer<typeof budgetPlan>;
