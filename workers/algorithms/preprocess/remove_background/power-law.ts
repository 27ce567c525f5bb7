/** Computes the background of a spectrum, flat, into `out`; both have all channels. */
export type Background = (spectrum: Float64Array, out: Float64Array) => void;

/** A·x^(−r) at every channel; 0 where x is not above 0, where a power law has no value. */
function fill(out: Float64Array, logs: Float64Array, amplitude: number, r: number): void {
  const usable = Number.isFinite(amplitude) && Number.isFinite(r) && amplitude > 0;
  const log = Math.log(amplitude);
  for (let i = 0; i < out.length; i++) out[i] = usable && !Number.isNaN(logs[i]!) ? Math.exp(log - r * logs[i]!) : 0;
}

const logsOf = (x: Float64Array): Float64Array => x.map((value) => (value > 0 ? Math.log(value) : NaN));

/**
 * Power law from the areas of the two halves of a window: with I₁, I₂ the areas and E₁, E₂, E₃ the ends of the halves,
 * r = 2 ln(I₁/I₂) / ln(E₃/E₁) and A = (1 − r) I₂ / (E₃^(1−r) − E₂^(1−r)).
 * @param x energies of all channels, even, above 0 in the window
 * @see R. F. Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope (2011), section 4.4.2
 */
export function twoAreas(x: Float64Array, first: number, end: number): Background {
  const logs = logsOf(x);
  const even = (end - first) % 2 === 0 ? end : end - 1;
  const middle = (first + even) / 2;
  const step = x.length > 1 ? x[1]! - x[0]! : 1;
  const [low, half] = [x[first]!, x[middle]!];
  const high = x[first]! + step * (even - first);
  return (spectrum, out) => {
    let lower = 0;
    let upper = 0;
    for (let i = first; i < middle; i++) lower += spectrum[i]!;
    for (let i = middle; i < even; i++) upper += spectrum[i]!;
    const r = (2 * Math.log(lower / upper)) / Math.log(high / low);
    const k = 1 - r;
    // where r is 1 the integral is a logarithm
    const area = Math.abs(k) < 1e-9 ? Math.log(high / half) : (high ** k - half ** k) / k;
    fill(out, logs, (upper * step) / area, r);
  };
}

/** How far the exponent is sought, and how closely. */
const least = -5;
const most = 15;
const tolerance = 1e-10;

/**
 * Power law by least squares in the window: for each r the best A follows from a linear equation, so that a single
 * number is sought (variable projection; G. Golub, V. Pereyra 1973), by golden section around the minimum.
 */
export function leastSquaresPowerLaw(x: Float64Array, first: number, end: number): Background {
  const logs = logsOf(x);
  const n = end - first;
  // energies relative to the middle of the window keep the powers near 1
  const reference = logs[first + (n >> 1)]!;
  const relative = logs.slice(first, end).map((value) => value - reference);
  const golden = (Math.sqrt(5) - 1) / 2;
  return (spectrum, out) => {
    let dot = 0;
    let norm = 0;
    const gain = (r: number): number => {
      dot = 0;
      norm = 0;
      for (let i = 0; i < n; i++) {
        const g = Math.exp(-r * relative[i]!);
        dot += g * spectrum[first + i]!;
        norm += g * g;
      }
      return dot > 0 ? (dot * dot) / norm : 0;
    };
    // a coarse look first: the gain has a single maximum for what falls like a power law, noise may add others
    let best = least;
    let bestGain = -1;
    for (let r = least; r <= most; r += 0.5) {
      const value = gain(r);
      if (value > bestGain) [best, bestGain] = [r, value];
    }
    let low = best - 0.5;
    let high = best + 0.5;
    let a = high - golden * (high - low);
    let b = low + golden * (high - low);
    let fa = gain(a);
    let fb = gain(b);
    while (high - low > tolerance) {
      if (fa > fb) {
        [high, b, fb] = [b, a, fa];
        a = high - golden * (high - low);
        fa = gain(a);
      } else {
        [low, a, fa] = [a, b, fb];
        b = low + golden * (high - low);
        fb = gain(b);
      }
    }
    const r = (low + high) / 2;
    gain(r);
    fill(out, logs, (dot / norm) * Math.exp(r * reference), r);
  };
}
