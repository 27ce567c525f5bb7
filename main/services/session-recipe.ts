import { basename, extname, join, dirname, relative } from 'node:path';
import type { Axis } from '../../workers/model/axes.ts';
import { elementCount } from '../../workers/model/dtype.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import { defaultValues } from '../../workers/specs/validate.ts';
import { algorithmById, resolveStep } from '../../workers/specs/registry.ts';
import type { DataOrigin, MaskOrigin, PreparationStep, Session, SessionDataset } from '../contract/session.ts';
import { writeAtomically } from '../io/atomic-write.ts';
import { writeNpy } from '../io/npy-writer.ts';
import { runsOf } from './derivation.ts';
import { namedInputs } from './prepare-run.ts';
import { namedSignals, stepsOf } from './preparations.ts';

/** A mask that was drawn by hand: a recipe names it as a file. */
interface MaskFile {
  /** beside the recipe */
  file: string;
  mask: MaskOrigin;
}

/** What the recipe of a session needs to know that the session does not hold. */
export interface RecipeSources {
  /** axes of a signal as its file has them; null when the file is not there */
  axesOf(source: DataOrigin): Promise<readonly Axis[] | null>;
  /** a mask of the session as its file of values */
  maskOf(record: ResultRecord): Promise<MaskOrigin>;
}

type Json = Record<string, unknown>;

/** Ids of a recipe: what may be a folder's name, each once. */
function createNames(): (wanted: string) => string {
  const taken = new Set<string>();
  return (wanted) => {
    const plain =
      wanted
        .normalize('NFC')
        .replaceAll(/[^\p{L}\p{N}_.-]+/gu, '-')
        .replaceAll('..', '.')
        .replace(/^[^\p{L}\p{N}]+|[-.]+$/gu, '') || 'step';
    let name = plain;
    for (let n = 2; taken.has(name); n++) name = `${plain}-${n}`;
    taken.add(name);
    return name;
  };
}

/** Parameters that are not at their default. */
function changed(spec: { params: Parameters<typeof defaultValues>[0] }, values: Readonly<Json>): Json {
  const defaults = defaultValues(spec.params);
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(defaults[name])),
  );
}

/**
 * The recipe that makes the data and results of a session again, and the files of masks that go with it. Files are named
 * relative to the recipe where they lie beside or beneath it.
 */
export async function recipeOfSession(
  session: Session,
  path: string,
  sources: RecipeSources,
): Promise<{ recipe: Json; masks: MaskFile[]; notes: string[] }> {
  const nameFor = createNames();
  const inputs: Json = {};
  const steps: Json[] = [];
  const masks: MaskFile[] = [];
  const notes: string[] = [];
  /** what has been put into the recipe, by what it is */
  const known = new Map<string, string>();
  /** ids of the session → ids of the recipe */
  const ids = new Map<string, string>();

  const fileName = (file: string): string => {
    const near = relative(dirname(path), file);
    return near.startsWith('..') ? file : near;
  };

  /** Results have the first choice of names: data that were made with one may be named like it. */
  const resultNames = new Map<string, string>();
  for (const { id, name, operation } of session.results) {
    if (operation !== 'navigation_mask') resultNames.set(id, nameFor(name));
  }

  const addStep = (id: string, step: Json): string => {
    steps.push({ id, ...step });
    return id;
  };

  const maskInput = (mask: MaskOrigin): string => {
    const key = `mask ${JSON.stringify([mask.shape, mask.runs])}`;
    const there = known.get(key);
    if (there !== undefined) return there;
    const id = nameFor(mask.name);
    const file = `${basename(path, extname(path))}-${id}.npy`;
    masks.push({ file, mask });
    inputs[id] = { file };
    known.set(key, id);
    return id;
  };

  /** The axes that a person set, as steps. */
  const addAxes = (of: string, before: readonly Axis[], after: readonly Axis[]): string => {
    let at = of;
    for (const [axis, told] of after.entries()) {
      const was = before[axis];
      if (was === undefined) continue;
      const parameters = Object.fromEntries(
        (['name', 'units', 'scale', 'offset'] as const).flatMap((key) =>
          told[key] === was[key] || told[key] === null ? [] : [[key, told[key]]],
        ),
      );
      if (Object.keys(parameters).length === 0) continue;
      at = addStep(nameFor(`${of}-axis${axis}`), { do: 'set_axis', of: at, parameters: { axis, ...parameters } });
    }
    return at;
  };

  const originId = async (origin: DataOrigin | MaskOrigin, wanted: string): Promise<string> => {
    if ('runs' in origin) return maskInput(origin);
    const { file, signal, hints, axes } = origin;
    const fileKey = JSON.stringify([file, signal, hints]);
    let at = known.get(fileKey);
    if (at === undefined) {
      at = nameFor(basename(file, extname(file)));
      inputs[at] = { file: fileName(file), ...(signal === 0 ? {} : { signal }), ...hints };
      known.set(fileKey, at);
    }
    let key = `${fileKey} ${JSON.stringify(axes)}`;
    const calibrated = known.get(key);
    if (calibrated !== undefined) at = calibrated;
    else {
      const own = axes === null ? null : await sources.axesOf(origin);
      if (own !== null && axes !== null) at = addAxes(at, own, axes);
      known.set(key, at);
    }
    for (const [i, step] of origin.steps.entries()) {
      key = `${key} ${JSON.stringify([step.operation, step.values, step.axes ?? null])}`;
      const there = known.get(key);
      at = there ?? (await preparationId(at, step, i === origin.steps.length - 1 ? wanted : step.operation));
      known.set(key, at);
    }
    return at;
  };

  const preparationId = async (of: string, step: PreparationStep, wanted: string): Promise<string> => {
    const spec = algorithmById(step.operation)!;
    const parameters = changed(spec, step.values);
    for (const [param, named] of namedSignals(spec, step.values)) {
      const found: string[] = [];
      for (const [i] of named.entries()) found.push(await originId(step.inputs[param]![i]!, param));
      parameters[param] = spec.params[param]!.kind === 'inputs' ? found : found[0];
    }
    const id = addStep(nameFor(wanted), { do: step.operation, of, parameters });
    if (step.axes === undefined) return id;
    // calibrated by hand afterwards: every axis is told anew
    const unknown = step.axes.map((axis) => ({ ...axis, name: '', units: null, scale: NaN, offset: NaN }));
    return addAxes(id, unknown, step.axes);
  };

  const datasetId = async (dataset: SessionDataset): Promise<string> => {
    const { file, fileBytes, fileModified, signal, hints, axes, derivation } = dataset;
    const source = { file, fileBytes, fileModified, signal, hints };
    if (derivation === undefined) return originId({ ...source, axes, steps: [] }, dataset.name);
    return originId({ ...source, axes: derivation.axes, steps: stepsOf(dataset) }, dataset.name);
  };

  for (const dataset of session.datasets) ids.set(dataset.id, await datasetId(dataset));

  // what a result was made of or with is part of it, also from the bin
  const byId = new Map([...session.bin.map(({ record }) => record), ...session.results].map((one) => [one.id, one]));
  const leftOut = (record: ResultRecord, why: string): void => {
    notes.push(`“${record.name}” was made ${why}; it is left out.`);
  };
  /** results that are looked at: one that names itself in the end ends there */
  const begun = new Set<string>();
  const addResult = async (record: ResultRecord): Promise<void> => {
    if (begun.has(record.id)) return;
    begun.add(record.id);
    if (record.operation === 'navigation_mask') {
      ids.set(record.id, maskInput(await sources.maskOf(record)));
      return;
    }
    const parent = record.parent === null ? null : byId.get(record.parent);
    if (parent === undefined) {
      return leftOut(record, 'of a result that is no longer there');
    }
    if (parent !== null) await addResult(parent);
    const of = ids.get(record.parent ?? record.dataset);
    if (of === undefined) {
      const what = record.parent === null ? 'data that are no longer in the session' : 'a result that is left out';
      return leftOut(record, `of ${what}`);
    }
    const { spec } = resolveStep(record.operation, record.algorithm);
    const parameters = changed(spec, record.parameters);
    for (const [param, named] of namedInputs(spec, record.parameters)) {
      const made = byId.get(named);
      if (made !== undefined) await addResult(made);
      const id = ids.get(named);
      // without it, it would be another result
      if (id === undefined) return leftOut(record, `with a ${param} that is no longer in the session`);
      parameters[param] = id;
    }
    const algorithm = record.algorithm === null ? {} : { algorithm: record.algorithm };
    const name = resultNames.get(record.id) ?? nameFor(record.name);
    ids.set(record.id, addStep(name, { do: record.operation, of, ...algorithm, parameters }));
  };
  for (const record of session.results) await addResult(record);

  // what draws nothing at random has a seed that means nothing
  const random = session.results.filter((record) => {
    if (record.operation === 'navigation_mask') return false;
    return resolveStep(record.operation, record.algorithm).spec.usesSeed(record.parameters as never);
  });
  const seeds = [...new Set(random.map(({ seed }) => seed))];
  if (seeds.length > 1) {
    notes.push(`The results were made with the seeds ${seeds.join(', ')}; a recipe has one, ${seeds[0]} is taken.`);
  }
  const recipe = {
    eigenscope: 1,
    seed: seeds[0] ?? 0,
    inputs,
    steps,
    outputs: steps.length === 0 ? [] : [{ of: '*', file: `${basename(path, extname(path))}.eigs` }],
  };
  return { recipe, masks, notes };
}

/**
 * Writes the recipe of a session and the masks that it names beside it.
 * @returns what was written, and what could not be part of it
 * @throws EigenscopeError `exists`, `not-writable`, `disk-full`
 */
export async function writeSessionRecipe(
  session: Session,
  path: string,
  sources: RecipeSources,
  overwrite: boolean,
): Promise<{ written: string[]; notes: string[] }> {
  const { recipe, masks, notes } = await recipeOfSession(session, path, sources);
  const written: string[] = [];
  for (const { file, mask } of masks) {
    const place = join(dirname(path), file);
    const data = new Uint8Array(elementCount(mask.shape));
    for (let i = 0; i < mask.runs.length; i += 2) data.fill(1, mask.runs[i], mask.runs[i + 1]);
    await writeNpy(place, 'bool', mask.shape, data, { overwrite });
    written.push(place);
  }
  await writeAtomically(path, { overwrite }, async (handle) => {
    await handle.writeFile(`${JSON.stringify(recipe, null, 2)}\n`);
  });
  return { written: [path, ...written], notes };
}

/** A mask of values as the session keeps it. */
export const maskOrigin = (name: string, shape: readonly number[], data: ArrayLike<number>): MaskOrigin => ({
  name,
  shape,
  runs: runsOf(data),
});
