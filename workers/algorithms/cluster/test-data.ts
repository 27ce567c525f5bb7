import { createRandom } from '../../linalg/random.ts';
import type { AlgorithmOutput } from '../../model/result.ts';
import type { JobControl } from '../../control.ts';
import { floatData, runSteps, type TestData } from '../../../test/golden/run-step.ts';

/** Points around centres, `each` of them one centre after the other; a random centre for each in `centres` dimensions. */
export function blobs(centres: readonly (readonly number[])[], each: number, spread: number, seed = 1): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from(
    centres.flatMap((centre) =>
      Array.from({ length: each }, () => centre.map((at) => at + spread * random.gaussian())).flat(),
    ),
  );
}

/** Runs one clustering, or another step, on rows of `cols` values. */
export const cluster = (
  x: Float64Array,
  cols: number,
  algorithm: string,
  parameters: Readonly<Record<string, unknown>> = {},
  options: { seed?: number; control?: JobControl } = {},
): Promise<AlgorithmOutput> => clusterData(floatData(x, [x.length / cols], [cols]), algorithm, parameters, options);

export const clusterData = (
  data: TestData,
  algorithm: string,
  parameters: Readonly<Record<string, unknown>> = {},
  options: { seed?: number; control?: JobControl } = {},
): Promise<AlgorithmOutput> => runSteps(data, [{ do: 'cluster_analysis', algorithm, parameters }], options);

export function labelsOf(output: AlgorithmOutput): number[] {
  const array = output.arrays['labels'];
  if (array?.dtype !== 'int32') throw new Error('No labels');
  return [...array.data];
}

/** Labels by first appearance, so that partitions can be compared; −1 stays. */
export function canonical(labels: ArrayLike<number>): number[] {
  const names = new Map<number, number>();
  return Array.from(labels, (label) => {
    if (label < 0) return -1;
    if (!names.has(label)) names.set(label, names.size);
    return names.get(label)!;
  });
}
