import type { Random } from '../../../linalg/random.ts';
import { columnProduct, scaleColumn, shrinkToUnit, unused, updateAtom, type Atoms } from '../dictionary/atoms.ts';
import type { GramSpace } from '../dictionary/gram-space.ts';
import { newAtom, noiseShare } from '../dictionary/replace-unused.ts';
import { smallProduct } from '../dictionary/small-product.ts';
import type { BatchReader } from './batch-reader.ts';

/** Atoms that are improved a mini-batch at a time, from running sums A = Σ CᵀC and B = Σ (batch)ᵀC. */
export interface OnlineAtoms {
  /** DDᵀ [k × k] now */
  gram(): Float64Array;
  /** Products of the channel maps of a step's batch with every atom [batch × k], and the sum of their ‖x‖². Starts a step. */
  correlate(step: number, batch: Int32Array): Promise<{ right: Float64Array; energy: number }>;
  /** B ← beta·B + (batch)ᵀC / b, for the batch of this step */
  accumulate(codes: Float64Array, beta: number): void;
  /**
   * Updates all atoms in order; unused ones become a channel map of the batch plus noise.
   * @param measured whether ‖D − D_before‖ is wanted; 0 is returned otherwise
   */
  update(a: Float64Array, random: Random, measured: boolean): number;
  atoms(): Pick<Atoms, 'coordinates' | 'gram'>;
}

/** Atoms as combinations of channel maps, with their products with all channel maps; see GramSpace. */
export function createGramAtoms(space: GramSpace): OnlineAtoms {
  const { k, channels } = space;
  const p = space.start.coordinates.slice();
  const w = space.start.correlations.slice();
  const b = new Float64Array(channels * k);
  const images = new Float64Array(channels * k);
  const row = new Float64Array(channels);
  const column = new Float64Array(channels * k);
  const replaced = new Float64Array(channels * k);
  let gram = space.start.gram;
  let batch = new Int32Array(0);

  /** p and G·p of a new atom in column r of b and images, until `update` has taken them */
  function replace(r: number, random: Random): void {
    const combination = newAtom(space, batch, random);
    column.fill(0);
    for (let j = 0; j < channels; j++) column[j * k + r] = combination[j]!;
    space.multiply(column, replaced);
    for (let at = r; at < p.length; at += k) [p[at], w[at]] = [column[at]!, replaced[at]!];
  }

  return {
    gram: () => gram,
    correlate(_step, next) {
      batch = new Int32Array(next);
      const right = new Float64Array(batch.length * k);
      let energy = 0;
      batch.forEach((j, i) => {
        right.set(w.subarray(j * k, (j + 1) * k), i * k);
        energy += space.mapEnergy(j);
      });
      return Promise.resolve({ right, energy });
    },
    accumulate(codes, beta) {
      for (let at = 0; at < b.length; at++) {
        b[at]! *= beta;
        images[at]! *= beta;
      }
      batch.forEach((j, i) => {
        space.row(j, row);
        for (let r = 0; r < k; r++) {
          const share = codes[i * k + r]! / batch.length;
          if (share === 0) continue;
          b[j * k + r]! += share;
          for (let c = 0; c < channels; c++) images[c * k + r]! += share * row[c]!;
        }
      });
    },
    update(a, random, measured) {
      const before = measured ? { p: p.slice(), w: w.slice() } : null;
      for (let r = 0; r < k; r++) {
        if (a[r * k + r]! > unused) {
          updateAtom(p, b, a, r, k);
          updateAtom(w, images, a, r, k);
        } else replace(r, random);
        const factor = shrinkToUnit(columnProduct(p, w, r, k));
        scaleColumn(p, r, k, factor);
        scaleColumn(w, r, k, factor);
      }
      gram = smallProduct(p, w, k);
      let square = 0;
      if (before) {
        for (let at = 0; at < p.length; at++) square += (p[at]! - before.p[at]!) * (w[at]! - before.w[at]!);
      }
      return Math.sqrt(Math.max(0, square));
    },
    atoms: () => ({ coordinates: p, gram }),
  };
}

/** Atoms pixel by pixel; the channel maps of a batch come from the reader. */
export function createPixelAtoms(reader: BatchReader, start: Float64Array, k: number): OnlineAtoms {
  const pixels = start.length / k;
  const d = start.slice();
  const b = new Float64Array(pixels * k);
  let gram = smallProduct(d, d, k);
  let maps: Float64Array[] = [];
  return {
    gram: () => gram,
    async correlate(step, batch) {
      maps = await reader.read(step);
      const right = new Float64Array(batch.length * k);
      let energy = 0;
      maps.forEach((map, at) => {
        for (let i = 0; i < pixels; i++) {
          const value = map[i]!;
          energy += value * value;
          for (let r = 0; r < k; r++) right[at * k + r]! += value * d[i * k + r]!;
        }
      });
      return { right, energy };
    },
    accumulate(codes, beta) {
      for (let at = 0; at < b.length; at++) b[at]! *= beta;
      maps.forEach((map, at) => {
        for (let r = 0; r < k; r++) {
          const share = codes[at * k + r]! / maps.length;
          if (share !== 0) for (let i = 0; i < pixels; i++) b[i * k + r]! += share * map[i]!;
        }
      });
    },
    update(a, random, measured) {
      const before = measured ? d.slice() : null;
      for (let r = 0; r < k; r++) {
        if (a[r * k + r]! > unused) updateAtom(d, b, a, r, k);
        else {
          const map = maps[random.integer(maps.length)]!;
          let square = 0;
          for (const value of map) square += value * value;
          const size = noiseShare * Math.sqrt(square / pixels);
          for (let i = 0; i < pixels; i++) d[i * k + r] = map[i]! + size * random.gaussian();
        }
        scaleColumn(d, r, k, shrinkToUnit(columnProduct(d, d, r, k)));
      }
      gram = smallProduct(d, d, k);
      let square = 0;
      if (before) for (let at = 0; at < d.length; at++) square += (d[at]! - before[at]!) ** 2;
      return Math.sqrt(square);
    },
    atoms: () => ({ coordinates: d, gram }),
  };
}
