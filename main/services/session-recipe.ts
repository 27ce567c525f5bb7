import { createHash } from 'node:crypto';
import { basename, extname, join, dirname, relative } from 'node:path';
import type { Axis } from '../../workers/model/axes.ts';
import { elementCount, type DType } from '../../workers/model/dtype.ts';
import type { GivenArray, ResultArray, ResultRecord } from '../../workers/model/result.ts';
import { navigationAxes, signalAxes } from '../../workers/model/signal.ts';
import { defaultValues } from '../../workers/specs/validate.ts';
import { algorithmById, resolveStep } from '../../workers/specs/registry.ts';
import type {
  DataOrigin,
  MaskOrigin,
  NamedOrigin,
  PreparationStep,
  Session,
  SessionDataset,
  ValuesOrigin,
} from '../contract/session.ts';
import { writeAtomically } from '../io/atomic-write.ts';
import { writeNpy } from '../io/npy-writer.ts';
import { isSameStamp, stampOf } from './file-stamp.ts';
import { givenName } from './given-arrays.ts';
import { namedInputs } from './prepare-run.ts';
import { namedSignals, stepsOf } from './preparations.ts';

/** Values that the session holds, a mask drawn by hand or an array that was given: a recipe names them as a file. */
interface ValuesFile {
  /** beside the recipe */
  file: string;
  dtype: DType;
  shape: readonly number[];
  /** elements, or their bytes */
  data: Float64Array | Uint8Array;
}

/** What the recipe of a session needs to know that the session does not hold. */
export interface RecipeSources {
  /** axes of a signal as its file has them; null when the file is not there */
  axesOf(source: DataOrigin): Promise<readonly Axis[] | null>;
  /** an array of a result by its name */
  arrayOf(record: ResultRecord, name: string): Promise<ResultArray>;
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

/** A mask as one byte per pixel. */
function bytesOfRuns({ shape, runs }: MaskOrigin): Uint8Array {
  const data = new Uint8Array(elementCount(shape));
  for (let i = 0; i < runs.length; i += 2) data.fill(1, runs[i], runs[i + 1]);
  return data;
}

/** Parameters that are not at their default. */
function changed(spec: { params: Parameters<typeof defaultValues>[0] }, values: Readonly<Json>): Json {
  const defaults = defaultValues(spec.params);
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(defaults[name])),
  );
}

/**
 * The recipe that makes the data and results of a session again, and the files of masks and arrays that go with it:
 * what the session holds is taken from there, also where its file is there still. Other files are named relative to the recipe where they lie beside or beneath it.
 */
export async function recipeOfSession(
  session: Session,
  path: string,
  sources: RecipeSources,
): Promise<{ recipe: Json; files: ValuesFile[]; notes: string[] }> {
  const nameFor = createNames();
  const inputs: Json = {};
  const steps: Json[] = [];
  const files: ValuesFile[] = [];
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

  /** Each array once, whoever was made with it. */
  const valuesInput = (name: string, { dtype, shape, data }: Omit<ValuesFile, 'file'>, hints: Json = {}): string => {
    const hash = createHash('sha256').update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    const key = `values ${dtype} ${shape.join(' ')} ${JSON.stringify(hints)} ${hash.digest('hex')}`;
    const there = known.get(key);
    if (there !== undefined) return there;
    const id = nameFor(name);
    const file = `${basename(path, extname(path))}-${id}.npy`;
    files.push({ file, dtype, shape, data });
    inputs[id] = { file, ...hints };
    known.set(key, id);
    return id;
  };

  const maskInput = (mask: MaskOrigin): string =>
    valuesInput(mask.name, { dtype: 'bool', shape: mask.shape, data: bytesOfRuns(mask) });

  const heldInput = ({ name, dtype, axes, values }: ValuesOrigin): string => {
    const sizes = (those: readonly Axis[]): number[] => those.map(({ size }) => size);
    const data = Uint8Array.from(Buffer.from(values, 'base64'));
    const hints = { navigationShape: sizes(navigationAxes(axes)), signalShape: sizes(signalAxes(axes)) };
    return valuesInput(name, { dtype, shape: sizes(axes), data }, hints);
  };

  const givenInput = async (record: ResultRecord, param: string, { name }: GivenArray): Promise<string> => {
    const array = await sources.arrayOf(record, givenName(param));
    if (array.dtype === 'int32') throw new TypeError(`${name} was kept as int32.`);
    return valuesInput(name, array);
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

  const originId = async (origin: NamedOrigin, wanted: string): Promise<string> => {
    if ('runs' in origin) return maskInput(origin);
    if ('values' in origin) return heldInput(origin);
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

  /** Data of the session by their id there; null: they are no longer in it. */
  const dataInput = async (id: string): Promise<string | null> => {
    const there = ids.get(id);
    if (there !== undefined) return there;
    const dataset = session.datasets.find((one) => one.id === id);
    if (dataset === undefined) return null;
    const made = await datasetId(dataset);
    ids.set(id, made);
    return made;
  };

  // what only stands for arrays that the session holds is no data of the recipe
  const given = new Set([
    ...session.results.flatMap(({ given: held, parameters }) =>
      Object.keys(held ?? {}).map((param) => parameters[param]),
    ),
    ...session.datasets
      .flatMap((dataset) => stepsOf(dataset))
      .flatMap(({ inputs: named, values }) =>
        Object.entries(named).flatMap(([param, [origin]]) =>
          origin !== undefined && 'values' in origin ? [values[param]] : [],
        ),
      ),
  ]);
  for (const { dataset } of session.results) given.delete(dataset);
  for (const { id } of session.datasets) if (!given.has(id)) await dataInput(id);

  // what a result was made of or with is part of it, also from the bin
  const byId = new Map([...session.bin.map(({ record }) => record), ...session.results].map((one) => [one.id, one]));
  const leftOut = (record: ResultRecord, why: string): void => {
    notes.push(`“${record.name}” was made ${why}; it is left out.`);
  };
  /** results that are looked at: one that names itself in the end ends there */
  const begun = new Set<string>();
  /** What the session does not hold, and what has become of it. */
  const noteFile = async (record: ResultRecord, id: string): Promise<void> => {
    const source = session.datasets.find((one) => one.id === id);
    const own = session.datasets.find((one) => one.id === record.dataset);
    if (source === undefined || source.file === own?.file) return;
    const now = await stampOf(source.file);
    const isSame = now !== null && isSameStamp(now, { size: source.fileBytes, mtimeMs: source.fileModified });
    const what = `“${record.name}” was made with ${basename(source.file)}, which the session does not hold`;
    notes.push(
      now === null
        ? `${what} and which is not there any more. Put it back before the recipe is run.`
        : isSame
          ? `${what}: the recipe names the file.`
          : `${what} and which has changed since: the recipe names the file, and what it makes may differ.`,
    );
  };
  const addResult = async (record: ResultRecord): Promise<void> => {
    if (begun.has(record.id)) return;
    begun.add(record.id);
    if (record.operation === 'navigation_mask') {
      const { shape, data } = await sources.arrayOf(record, 'navigation_mask');
      const bytes = Uint8Array.from(data, (v) => (v === 0 ? 0 : 1));
      ids.set(record.id, valuesInput(record.name, { dtype: 'bool', shape, data: bytes }));
      return;
    }
    const parent = record.parent === null ? null : byId.get(record.parent);
    if (parent === undefined) {
      return leftOut(record, 'of a result that is no longer there');
    }
    if (parent !== null) await addResult(parent);
    const of = record.parent === null ? await dataInput(record.dataset) : (ids.get(record.parent) ?? null);
    if (of === null) {
      const what = record.parent === null ? 'data that are no longer in the session' : 'a result that is left out';
      return leftOut(record, `of ${what}`);
    }
    const { spec } = resolveStep(record.operation, record.algorithm);
    const parameters = changed(spec, record.parameters);
    for (const [param, named] of namedInputs(spec, record.parameters)) {
      const made = byId.get(named);
      if (made !== undefined) await addResult(made);
      const held = record.given?.[param];
      const id = held !== undefined ? await givenInput(record, param, held) : await dataInput(named);
      // without it, it would be another result
      if (id === null) return leftOut(record, `with a ${param} that is no longer in the session`);
      if (held === undefined && made === undefined) await noteFile(record, named);
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
  return { recipe, files, notes };
}

/**
 * Writes the recipe of a session and the masks and arrays that it names beside it.
 * @returns what was written, and what could not be part of it
 * @throws EigenscopeError `exists`, `not-writable`, `disk-full`
 */
export async function writeSessionRecipe(
  session: Session,
  path: string,
  sources: RecipeSources,
  overwrite: boolean,
): Promise<{ written: string[]; notes: string[] }> {
  const { recipe, files, notes } = await recipeOfSession(session, path, sources);
  const written: string[] = [];
  for (const { file, dtype, shape, data } of files) {
    const place = join(dirname(path), file);
    await writeNpy(place, dtype, shape, data, { overwrite });
    written.push(place);
  }
  await writeAtomically(path, { overwrite }, async (handle) => {
    await handle.writeFile(`${JSON.stringify(recipe, null, 2)}\n`);
  });
  return { written: [path, ...written], notes };
}
