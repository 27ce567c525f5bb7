import { openBySpectrum } from '../pipeline/by-spectrum.ts';
import { floatingTypeOf, requireReal } from '../pipeline/encode.ts';
import { filterLines, linesOf, type LineFilter } from '../pipeline/lines.ts';
import { median } from '../pipeline/median.ts';
import type { Preparation, StepValues } from '../pipeline/preparation.ts';
import type { removeSpikes } from './spec.ts';

type Values = StepValues<typeof removeSpikes>;

/** Of a normal distribution, the median absolute deviation in standard deviations. */
const madOfNormal = 0.6745;
/** A spike goes down again within so many channels. */
const longestSpike = 4;

function spikeFilter(length: number, { threshold, width }: Values): LineFilter {
  const jumps = new Float64Array(Math.max(0, length - 1));
  const scratch = new Float64Array(jumps.length);
  const bad = new Uint8Array(length);

  /** Marks channels between a jump up and the return to where it began, soon after. */
  const find = (line: Float64Array): boolean => {
    for (let i = 0; i + 1 < length; i++) jumps[i] = line[i + 1]! - line[i]!;
    if (jumps.some(Number.isNaN)) return false;
    scratch.set(jumps);
    const middle = median(scratch);
    for (let i = 0; i < jumps.length; i++) scratch[i] = Math.abs(jumps[i]! - middle);
    const limit = (threshold * median(scratch)) / madOfNormal;
    // more than half of the differences are the same: there is no noise to compare with
    if (!(limit > 0)) return false;
    bad.fill(0);
    let found = false;
    for (let i = 0; i < jumps.length; i++) {
      const up = jumps[i]! - middle;
      // cosmic rays add; a hole between two peaks is none
      if (!(up > limit)) continue;
      for (let k = i + 1; k <= i + longestSpike && k < jumps.length; k++) {
        const isBack = line[k + 1]! - line[i]! <= Math.max(limit, up / 4);
        if (!isBack) continue;
        bad.fill(1, i + 1, k + 1);
        found = true;
        i = k;
        break;
      }
    }
    return found;
  };

  return (line, out) => {
    out.set(line);
    if (length < 3 || !find(line)) return;
    for (let i = 0; i < length; i++) {
      if (bad[i] === 0) continue;
      let sum = 0;
      let count = 0;
      for (let reach = width; count === 0 && reach < length; reach *= 2) {
        for (let k = Math.max(0, i - reach); k <= Math.min(length - 1, i + reach); k++) {
          if (bad[k] !== 0) continue;
          sum += line[k]!;
          count++;
        }
      }
      if (count > 0) out[i] = sum / count;
    }
  };
}

export const step: Preparation<Values> = {
  describe({ signal }) {
    requireReal(signal, 'spike removal');
    linesOf(signal, null);
    return { dtype: floatingTypeOf(signal.dtype) };
  },
  open(given, to, values) {
    const lines = linesOf(given.signal, null);
    return openBySpectrum(given, to, filterLines(lines, spikeFilter(lines.length, values)));
  },
};
