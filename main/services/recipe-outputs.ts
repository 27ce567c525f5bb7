import { access, constants, lstat, stat } from 'node:fs/promises';
import { dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { Recipe } from '../contract/recipe.ts';
import { dataExtensions, resultExtensions } from '../contract/result-formats.ts';
import { placesOfSignal } from '../io/signal-writers.ts';
import { alreadyThere, explainWriteFailure } from '../io/write-errors.ts';
import { tablePlaces } from './export-tables.ts';
import { isPreparation, type PlannedStep } from './recipe-plan.ts';
import { kindOf } from './result-kind.ts';

const ofEverything = ['.eigs'];

/** The outputs of a recipe with their absolute paths; relative ones start from `out`, else from the working folder. */
export const outputPlaces = (recipe: Recipe, out: string | null): { of: string; path: string }[] =>
  recipe.outputs.map(({ of, file }) => ({ of, path: isAbsolute(file) ? file : resolve(out ?? process.cwd(), file) }));

/**
 * Every file and folder that a run will write.
 * @throws EigenscopeError `bad-recipe` for a format that does not hold the thing, a place that is used twice, and a
 * run that would write nothing.
 */
export function planOutputs(recipe: Recipe, steps: readonly PlannedStep[], out: string | null): string[] {
  const places = new Set(
    out === null ? [] : steps.filter(({ spec }) => !isPreparation(spec)).map(({ id }) => join(out, id)),
  );
  for (const [at, { of, path }] of outputPlaces(recipe, out).entries()) {
    const step = steps.find(({ id, spec }) => id === of && !isPreparation(spec));
    const known =
      of === '*'
        ? ofEverything
        : (step === undefined ? dataExtensions() : resultExtensions(kindOf(step.spec))).map((one) => `.${one}`);
    const extension = extname(path).toLowerCase();
    if (!known.includes(extension)) {
      const what = of === '*' ? 'all results' : step === undefined ? 'an input' : `a ${kindOf(step.spec)}`;
      throw new EigenscopeError(
        'bad-recipe',
        `outputs[${at}].file: ${what} (“${of}”) can be written as ${known.join(', ')}; got “${recipe.outputs[at]!.file}”.`,
      );
    }
    const isTables = extension === '.csv' && step !== undefined && kindOf(step.spec) !== 'model';
    for (const place of isTables ? tablePlaces(path) : placesOfSignal(path)) {
      if (places.has(place)) {
        throw new EigenscopeError('bad-recipe', `outputs[${at}].file: ${place} would be written twice.`);
      }
      places.add(place);
    }
  }
  if (places.size === 0) {
    throw new EigenscopeError(
      'bad-recipe',
      steps.length === 0
        ? 'steps: the recipe has no steps and no outputs, so there is nothing to do.'
        : 'outputs: the recipe has no outputs, so nothing would be written. Add outputs, or run it with --out DIR.',
    );
  }
  return [...places];
}

/** The first folder above a place that is there. */
async function folderAbove(place: string): Promise<{ path: string; isFolder: boolean }> {
  for (let path = dirname(place); ; path = dirname(path)) {
    const found = await stat(path).catch(() => null);
    if (found !== null || dirname(path) === path) return { path, isFolder: found?.isDirectory() ?? false };
  }
}

/**
 * Refuses places that can be seen not to be writable: before an hour of work, not after it.
 * @throws EigenscopeError `not-writable`
 */
export async function requireWritable(places: readonly string[]): Promise<void> {
  for (const place of places) {
    const { path, isFolder } = await folderAbove(place);
    if (!isFolder) {
      throw new EigenscopeError(
        'not-writable',
        `${place} cannot be written: ${path} is a file, not a folder. Choose another place.`,
        { path },
      );
    }
    await access(path, constants.W_OK).catch((thrown: unknown) => {
      throw explainWriteFailure(place, thrown);
    });
  }
}

/** @throws EigenscopeError `exists` for the first place that is taken. */
export async function requireFree(places: readonly string[]): Promise<void> {
  for (const place of places) {
    const taken = await lstat(place).then(
      () => true,
      () => false,
    );
    if (taken) throw alreadyThere(place);
  }
}
