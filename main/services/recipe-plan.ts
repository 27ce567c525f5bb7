import { EigenscopeError } from '../../workers/model/errors.ts';
import type { ResultKind } from '../../workers/model/result.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { resolveStep } from '../../workers/specs/registry.ts';
import type { Recipe, RecipeStep } from '../contract/recipe.ts';
import { findProblems, namedInputs } from './prepare-run.ts';
import { kindOf } from './result-kind.ts';

const fail = (path: string, message: string): never => {
  throw new EigenscopeError('bad-recipe', `${path}: ${message}`, { path });
};

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
      if (!Object.hasOwn(recipe.inputs, id)) {
        fail(`${where}.parameters.${param}`, `names “${id}”; the inputs are ${Object.keys(recipe.inputs).join(', ')}.`);
      }
    }
    const parent = kinds.get(step.of);
    if (spec.family === 'derived' && parent !== 'decomposition') {
      const found = parent === undefined ? 'an input' : `a ${parent}`;
      fail(`${where}.of`, `“${step.do}” needs a decomposition; “${step.of}” is ${found}.`);
    }
    if (spec.family === 'decomposition' && parent !== undefined) {
      const inputs = Object.keys(recipe.inputs).join(', ');
      fail(`${where}.of`, `a decomposition needs an input (${inputs}); “${step.of}” is a step.`);
    }
    roots.set(step.id, roots.get(step.of)!);
    kinds.set(step.id, kindOf(spec));
    return { ...step, parameters, root: roots.get(step.of)!, spec, values };
  });
}
