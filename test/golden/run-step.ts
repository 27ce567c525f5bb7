import { createControlBlock, openControl, type JobControl } from '../../workers/control.ts';
import { findRun } from '../../workers/algorithms/entry-table.ts';
import type { InputArray, RunInput } from '../../workers/job.ts';
import { elementCount, itemSize, type DType } from '../../workers/model/dtype.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { AlgorithmOutput } from '../../workers/model/result.ts';
import type { RowSource } from '../../workers/model/rows.ts';
import { createLocalJob } from '../../workers/passes/local-job.ts';
import { resolveStep } from '../../workers/specs/registry.ts';
import { validateParameters } from '../../workers/specs/validate.ts';

export interface Step {
  do: string;
  algorithm?: string;
  parameters?: Readonly<Record<string, unknown>>;
}

export interface TestData {
  navigationShape: readonly number[];
  signalShape: readonly number[];
  source: RowSource;
  inputs?: Readonly<Record<string, InputArray>>;
}

/** Little-endian bytes of an array in shared memory, as the pool would hold them. */
export function sharedSource(bytes: ArrayBufferView, dtype: DType, samples: number, features: number): RowSource {
  const buffer = new SharedArrayBuffer(samples * features * itemSize(dtype));
  new Uint8Array(buffer).set(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return { kind: 'shared', buffer, dtype, samples, features };
}

export function floatData(
  values: Float64Array,
  navigationShape: readonly number[],
  signalShape: readonly number[],
  inputs: Readonly<Record<string, InputArray>> = {},
): TestData {
  const source = sharedSource(values, 'float64', elementCount(navigationShape), elementCount(signalShape));
  return { navigationShape, signalShape, source, inputs };
}

export const maskOf = (
  values: readonly (number | boolean)[],
  shape: readonly number[] = [values.length],
): InputArray => ({
  shape,
  dtype: 'bool',
  data: Float64Array.from(values, Number),
});

/**
 * Runs steps in this thread, each on the result of the one before; returns the last output. Masks and arrays of `data.inputs` are
 * bound to the parameters of their name where the step has them, as the recipe runner does.
 */
export async function runSteps(
  data: TestData,
  steps: readonly Step[],
  { seed = 0, control = openControl(createControlBlock()) }: { seed?: number; control?: JobControl } = {},
): Promise<AlgorithmOutput> {
  let parent: RunInput['parent'];
  let output: AlgorithmOutput | null = null;
  for (const step of steps) {
    const { spec, parameters } = resolveStep(step.do, step.algorithm, step.parameters);
    const bound = Object.keys(data.inputs ?? {}).filter((name) => Object.hasOwn(spec.params, name));
    const checked = validateParameters(spec, {
      ...parameters,
      ...Object.fromEntries(bound.map((name) => [name, name])),
    });
    if (!checked.ok)
      throw new EigenscopeError('parameter-out-of-range', checked.problems.map((p) => p.message).join('; '));
    const run = await findRun(step.do, spec.id);
    const input: RunInput = {
      data: data.source,
      navigationShape: data.navigationShape,
      signalShape: data.signalShape,
      inputs: Object.fromEntries(bound.map((name) => [name, data.inputs![name]!])),
      ...(parent ? { parent } : {}),
    };
    output = await run(input, checked.values, createLocalJob(seed, control));
    parent = {
      ...output,
      operation: step.do,
      parameters: checked.values,
      algorithm: spec.id,
      ...(parent ? { parent } : {}),
    };
  }
  if (!output) throw new Error('No steps');
  return output;
}

/** The values of a float64 result array. */
export function floats(output: AlgorithmOutput, name: string): Float64Array {
  const array = output.arrays[name];
  if (array?.dtype !== 'float64') throw new Error(`No float64 array ${name}`);
  return array.data;
}

/** Row of a [rows × k] result array. */
export function rowOf(output: AlgorithmOutput, name: string, row: number, count?: number): number[] {
  const k = output.arrays[name]?.shape[1] ?? 1;
  return [...floats(output, name).subarray(row * k, row * k + (count ?? k))];
}
