import { EigenscopeError } from '../../workers/model/errors.ts';
import type { ResultKind } from '../../workers/model/result.ts';
import type { AlgorithmSpec, Origin } from '../../workers/specs/algorithm.ts';
import { originsOf, resolveStep } from '../../workers/specs/registry.ts';
import type { Recipe, RecipeStep } from '../contract/recipe.ts';
import { partLateValues, type LateValues } from './late-values.ts';
import { findProblems, namedInputs } from './prepare-run.ts';
import { kindOf } from './result-kind.ts';

const fail = (path: string, message: string): never => {
  throw new EigenscopeError('bad-recipe', `${path}: ${message}`, { path });
};

const originInWords = (origin: Origin): string => (origin === 'data' ? 'an input' : `a ${origin}`);

/** Whether a step makes data of data instead of a result. */
export const isPreparation = (spec: AlgorithmSpec): boolean => spec.family === 'preprocess';

export interface PlannedStep extends RecipeStep {
  /** the input, or the step that prepared it, that the step's data come from */
  root: string;
  spec: AlgorithmSpec;
  values: Record<string, unknown>;
  /** parameters that an earlier step finds; `values` holds something else in their place until then */
  late: LateValues;
}

/**
 * Checks every step against its description before anything is read.
 * @throws EigenscopeError `bad-recipe`, `unknown-operation`, `unknown-algorithm`: the message begins with the place in
 * the recipe.
 */
export function planSteps(recipe: Recipe): PlannedStep[] {
  const roots = new Map(Object.keys(recipe.inputs).map((id) => [id, id]));
  const kinds = new Map<string, ResultKind>();
  /** steps that make data */
  const prepared = new Set<string>();
  return recipe.steps.map((step, i) => {
    const where = `steps[${i}]`;
    let resolved: ReturnType<typeof resolveStep>;
    try {
      resolved = resolveStep(step.do, step.algorithm, step.parameters);
    } catch (error) {
      if (!(error instanceof EigenscopeError)) throw error;
      throw new EigenscopeError(
        error.code,
        `${where}.${error.code === 'unknown-operation' ? 'do' : 'algorithm'}: ${error.message}`,
      );
    }
    const { spec } = resolved;
    const { parameters, late } = partLateValues(spec, resolved.parameters);
    const { values, problems } = findProblems(spec, parameters, null);
    const first = problems[0];
    if (first !== undefined) {
      const path = first.param === null ? where : `${where}.parameters.${first.param}`;
      fail(path, first.message);
    }
    const isData = (id: string): boolean => Object.hasOwn(recipe.inputs, id) || prepared.has(id);
    for (const [param, id] of namedInputs(spec, values)) {
      const isMask = spec.params[param]?.kind === 'input' && spec.params[param].role !== 'array';
      const takes = (kind: ResultKind): boolean => (isMask || isPreparation(spec) ? kind === 'mask' : true);
      const kind = kinds.get(id);
      if (!isData(id) && !(kind !== undefined && takes(kind))) {
        const made = [...kinds].flatMap(([other, of]) => (takes(of) ? [other] : []));
        const known = [...Object.keys(recipe.inputs), ...prepared, ...made].join(', ');
        fail(`${where}.parameters.${param}`, `names “${id}”; the inputs are ${known}.`);
      }
    }
    for (const [param, { kind }] of Object.entries(spec.params)) {
      const ids = values[param];
      if (kind !== 'inputs' || !Array.isArray(ids)) continue;
      const strange = (ids as string[]).find((id) => !isData(id));
      if (strange !== undefined) {
        const known = [...Object.keys(recipe.inputs), ...prepared].join(', ');
        fail(`${where}.parameters.${param}`, `names “${strange}”; the inputs are ${known}.`);
      }
    }
    for (const [param, id] of Object.entries(late)) {
      if (kinds.get(id) === 'estimate') continue;
      const known = [...kinds].flatMap(([other, kind]) => (kind === 'estimate' ? [other] : [])).join(', ');
      fail(
        `${where}.parameters.${param}`,
        `takes its number from “${id}”, which is no estimate made before; ${known === '' ? 'there is none' : `there are ${known}`}.`,
      );
    }
    const origin = kinds.get(step.of) ?? 'data';
    const allowed = originsOf(spec);
    if (!allowed.includes(origin)) {
      const inputs = Object.keys(recipe.inputs).join(', ');
      const needed = allowed.map((one) => (one === 'data' ? `an input (${inputs})` : originInWords(one))).join(' or ');
      fail(`${where}.of`, `“${step.do}” needs ${needed}; “${step.of}” is ${originInWords(origin)}.`);
    }
    const root = roots.get(step.of)!;
    if (isPreparation(spec)) {
      prepared.add(step.id);
      roots.set(step.id, step.id);
    } else {
      roots.set(step.id, root);
      kinds.set(step.id, kindOf(spec));
    }
    return { ...step, parameters, root, spec, values, late };
  });
}
