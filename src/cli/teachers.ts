import type { BatchTeacher } from '../core/teachers/batch';
import { createBatchTeacher, createTeacher, type TeacherContext } from '../core/teachers/create';
import { defaultTeacher, defaultTeachers, type Role } from '../core/teachers/defaults';
import { knownPrices, type PriceOverrides, stalePriceWarning } from '../core/teachers/prices';
import { oldModelNotice, parseTeacher, type TeacherSpec } from '../core/teachers/spec';
import { type Teacher, teacherName } from '../core/teachers/teacher';
import type { Environment } from './environment';
import { UsageError } from './exit';

export interface Cast {
  /** Teachers by role. */
  readonly teachers: Readonly<Record<string, readonly Teacher[]>>;
  /** The Batch APIs of those that have one. */
  readonly batchTeachers: readonly BatchTeacher[];
  /** Prices set by the person. */
  readonly prices: PriceOverrides;
  /** What the person should know: an old name, a role that another teacher took, no key at all. */
  readonly notices: readonly string[];
}

/**
 * Who answers in which role. `--teacher ROLE=P/M` names one for a role, `--teacher P/M` for all roles; roles that nobody
 * named get their default. Repeating a role is for roles that take `several`.
 */
export async function castTeachers(
  flags: readonly string[],
  roles: readonly Role[],
  environment: Environment,
  options: { readonly timeoutMs: number; readonly several?: boolean },
): Promise<Cast> {
  const named = namedByRole(flags, roles, options.several ?? false);
  const notices = new Set<string>();
  const context: TeacherContext = { ...environment, timeoutMs: options.timeoutMs, learnt: new Map() };
  const created = new Map<string, Teacher>();
  const batchTeachers = new Map<string, BatchTeacher>();

  async function teacherOf(spec: TeacherSpec): Promise<Teacher> {
    const name = teacherName(spec);
    const known = created.get(name);
    if (known) return known;
    const old = oldModelNotice(spec);
    if (old) notices.add(old.sentence);
    const teacher = await createTeacher(spec, context);
    created.set(name, teacher);
    const batched = await createBatchTeacher(spec, context);
    if (batched) batchTeachers.set(name, batched);
    return teacher;
  }

  const teachers: Record<string, readonly Teacher[]> = {};
  for (const role of roles) {
    const specs = named.get(role) ?? [];
    if (specs.length === 0 && options.several) specs.push(...defaultTeachers(role, environment.keys));
    else if (specs.length === 0) {
      const { spec, notice } = defaultTeacher(role, environment.keys);
      if (notice !== undefined) notices.add(notice);
      specs.push(spec);
    }
    teachers[role] = await Promise.all(specs.map(teacherOf));
  }
  const stale = stalePriceWarning(await knownPrices(created.values(), environment.prices));
  if (stale !== undefined) notices.add(stale);
  return { teachers, batchTeachers: [...batchTeachers.values()], prices: environment.prices, notices: [...notices] };
}

function namedByRole(flags: readonly string[], roles: readonly Role[], several: boolean): Map<Role, TeacherSpec[]> {
  const forAll: TeacherSpec[] = [];
  const named = new Map<Role, TeacherSpec[]>();
  for (const flag of flags) {
    const [, role, text = ''] = /^(?:([a-z]+)=)?(.*)$/s.exec(flag) ?? [];
    const spec = parseTeacher(text);
    if (role === undefined) {
      forAll.push(spec);
      continue;
    }
    const known = roles.find((candidate) => candidate === role);
    if (!known) throw new UsageError(`There is no role “${role}” here. Roles: ${roles.join(', ')}.`);
    named.set(known, [...(named.get(known) ?? []), spec]);
  }
  for (const role of roles) if (!named.has(role) && forAll.length > 0) named.set(role, [...forAll]);
  for (const [role, specs] of named) {
    if (specs.length > 1 && !several) {
      throw new UsageError(
        `The role “${role}” takes one teacher, but ${specs.map(teacherName).join(' and ')} were given.`,
      );
    }
  }
  return named;
}
