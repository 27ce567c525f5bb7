import { multiply } from '../../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../linalg/matrix.ts';
import { createRandom } from '../../linalg/random.ts';

/** Laplacian spectra [channels × k] under random positive maps [pixels × k], no noise; X [pixels × channels]. */
export function laplaceMixture(seed: number, pixels = 36, channels = 900, k = 3): { x: Matrix; spectra: Matrix } {
  const random = createRandom(seed);
  const laplace = (): number => {
    const u = random.uniform() - 0.5;
    return -Math.sign(u) * Math.log(1 - 2 * Math.abs(u));
  };
  const spectra = createMatrix(
    channels,
    k,
    Float64Array.from({ length: channels * k }, () => laplace()),
  );
  const maps = createMatrix(
    pixels,
    k,
    Float64Array.from({ length: pixels * k }, () => 0.2 + random.uniform()),
  );
  return { x: multiply(maps, spectra, { transposeB: true }), spectra };
}

/** Gaussian spectra of different smoothness: moving averages of noise over 1, 4 and 16 channels. */
export function smoothMixture(seed: number, pixels = 36, channels = 1500): { x: Matrix; spectra: Matrix } {
  const random = createRandom(seed);
  const widths = [1, 4, 16];
  const spectra = createMatrix(channels, 3);
  widths.forEach((width, c) => {
    const noise = Float64Array.from({ length: channels + width }, () => random.gaussian());
    for (let j = 0; j < channels; j++) {
      let sum = 0;
      for (let d = 0; d < width; d++) sum += noise[j + d]!;
      spectra.data[j * 3 + c] = sum / Math.sqrt(width);
    }
  });
  const maps = createMatrix(
    pixels,
    3,
    Float64Array.from({ length: pixels * 3 }, () => 0.2 + random.uniform()),
  );
  return { x: multiply(maps, spectra, { transposeB: true }), spectra };
}
