import type { Background } from './power-law.ts';

/** Twice the logarithm of a square root: large and small peaks are clipped alike. Negative values count as 0. */
const compress = (value: number): number => Math.log(Math.log(Math.sqrt(Math.max(0, value) + 1) + 1) + 1);
const expand = (value: number): number => (Math.exp(Math.exp(value) - 1) - 1) ** 2 - 1;

/**
 * Statistics-sensitive non-linear iterative peak clipping, the window getting smaller.
 * @param width half the width of the widest peak, in channels
 * @see C. G. Ryan et al., Nucl. Instrum. Methods B 34, 396 (1988); M. Morháč et al., Nucl. Instrum. Methods A 401, 113 (1997)
 */
export function snip(channels: number, width: number): Background {
  const next = new Float64Array(channels);
  const widest = Math.min(width, Math.floor((channels - 1) / 2));
  return (spectrum, out) => {
    for (let i = 0; i < channels; i++) out[i] = compress(spectrum[i]!);
    for (let p = widest; p >= 1; p--) {
      for (let i = p; i < channels - p; i++) next[i] = Math.min(out[i]!, (out[i - p]! + out[i + p]!) / 2);
      out.set(next.subarray(p, channels - p), p);
    }
    for (let i = 0; i < channels; i++) out[i] = expand(out[i]!);
  };
}
