import { EigenscopeError } from '../../workers/model/errors.ts';
import type { ResultKind } from '../../workers/model/result.ts';
import type { AlgorithmSpec, Origin } from '../../workers/specs/algorithm.ts';
import { originsOf, resolveStep } from '../../workers/specs/registry.ts';
import type { Recipe, RecipeStep } from '../contract/recipe.ts';
import { findProblems, namedInputs } from './prepare-run.ts';
import { kindOf } from './result-kind.ts';

const fail = (path: string, message: string): never => {
  throw new EigenscopeError('bad-recipe', `${path}: ${message}`, { path });
};

const originInWords = (origin: Origin): string => (origin === 'data' ? 'an input' : `a ${origin}`);

export interface PlannedStep extends RecipeStep {
  /** the input that the step's data come from */
  root: string;
  spec: AlgorithmSpec;
  values: Record<string, unknown>;
}

/**
 * Checks every step against its description before anything is read.
 * @throws EigenscopeError `bad-recipe`, `unknown-operation`, `unknown-algorithm`: the message begins with the place in
 * the recipe.
 */
export function planSteps(recipe: Recipe): PlannedStep[] {
  const roots = new Map(Object.keys(recipe.inputs).map((id) => [id, id]));
  const kinds = new Map<string, ResultKind>();
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
    const { spec, parameters } = resolved;
    const { values, problems } = findProblems(spec, parameters, null);
    const first = problems[0];
    if (first !== undefined) {
      const path = first.param === null ? where : `${where}.parameters.${first.param}`;
      fail(path, first.message);
    }
    for (const [param, id] of namedInputs(spec, values)) {
      const isMask = spec.params[param]?.kind === 'input' && spec.params[param].role !== 'array';
      if (!(Object.hasOwn(recipe.inputs, id) || (!isMask && kinds.has(id)))) {
        const known = [...Object.keys(recipe.inputs), ...(isMask ? [] : kinds.keys())].join(', ');
        fail(`${where}.parameters.${param}`, `names “${id}”; the inputs are ${known}.`);
      }
    }
    const origin = kinds.get(step.of) ?? 'data';
    const allowed = originsOf(spec);
    if (!allowed.includes(origin)) {
      fail(
        `${where}.of`,
        `“${spec.id}” needs ${allowed.map(originInWords).join(' or ')}; “${step.of}” is ${originInWords(origin)}.`,
      );
    }
    roots.set(step.id, roots.get(step.of)!);
    kinds.set(step.id, kindOf(spec));
    return { ...step, parameters, root: roots.get(step.of)!, spec, values };
  });
}
