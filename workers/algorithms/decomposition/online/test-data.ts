import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix } from '../../../linalg/matrix.ts';
import { createRandom } from '../../../linalg/random.ts';
import type { AlgorithmOutput } from '../../../model/result.ts';
import { floats } from '../../../../test/golden/run-step.ts';

/** L Fᵀ [pixels × channels]. */
export function modelOf(output: AlgorithmOutput): Float64Array {
  const matrixOf = (name: string) => {
    const [rows = 0, cols = 0] = output.arrays[name]!.shape;
    return createMatrix(rows, cols, floats(output, name));
  };
  return multiply(matrixOf('loadings'), matrixOf('factors'), { transposeB: true }).data;
}

export function distance(a: Float64Array, b: Float64Array): number {
  let [sum, size] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    sum += (a[i]! - b[i]!) ** 2;
    size += b[i]! ** 2;
  }
  return Math.sqrt(sum / size);
}

export interface Spiked {
  clean: Float64Array;
  data: Float64Array;
}

/** A positive sum of k maps and spectra of size about 1, a little noise, and spikes of ±`height` in 5 % of the values. */
export function spiked(pixels: number, channels: number, k: number, height = 30, noise = 0.01): Spiked {
  const random = createRandom(17);
  const maps = Float64Array.from({ length: pixels * k }, () => random.uniform());
  const spectra = Float64Array.from({ length: channels * k }, () => random.uniform());
  const clean = new Float64Array(pixels * channels);
  for (let i = 0; i < pixels; i++) {
    for (let j = 0; j < channels; j++) {
      for (let c = 0; c < k; c++) clean[i * channels + j]! += maps[i * k + c]! * spectra[j * k + c]!;
    }
  }
  const data = clean.map((value) => {
    const spike = random.uniform() < 0.05 ? (random.uniform() < 0.5 ? -height : height) : 0;
    return value + noise * random.gaussian() + spike;
  });
  return { clean, data };
}
