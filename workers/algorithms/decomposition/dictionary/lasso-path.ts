import { createActiveFactor } from './active-factor.ts';

/** Solves one lasso problem; writes its solution and says whether it was found. */
export type LassoPath = (
  right: Float64Array,
  rightAt: number,
  alpha: number,
  out: Float64Array,
  outAt: number,
) => boolean;

/**
 * min_c ½ cᵀKc − qᵀc + alpha ‖c‖₁ by least angle regression with the lasso modification: the solution is followed from
 * c = 0, where the penalty is max|q|, down to `alpha`. On each straight piece the active entries move along K_SS⁻¹ s and
 * all their correlations with the residual shrink alike, until another entry joins or one becomes zero and leaves.
 * The last point is solved once more directly, so that nothing adds up along the path.
 *
 * @param gram K [k × k] = DDᵀ, row-major; read at every call
 * @returns false where rounding lets no piece of the path be told from the next (nearly dependent atoms)
 * @see Efron, Hastie, Johnstone & Tibshirani, Ann. Statist. 32, 407 (2004), sec. 3.1
 */
export function createLassoPath(gram: Float64Array, k: number): LassoPath {
  const active = createActiveFactor(gram, k);
  const sign = new Float64Array(k);
  const direction = new Float64Array(k);
  const codes = new Float64Array(k);
  const residual = new Float64Array(k);
  const slope = new Float64Array(k);
  /** 0: free, 1: active, 2: depends on the active ones */
  const state = new Uint8Array(k);

  function join(j: number): void {
    if (active.append(j)) {
      state[j] = 1;
      sign[j] = residual[j]! < 0 ? -1 : 1;
    } else state[j] = 2;
  }

  /** Direction of the active entries, by place in the set, and how fast every correlation shrinks. */
  function aim(): void {
    const { members } = active;
    const size = active.size();
    for (let i = 0; i < size; i++) direction[i] = sign[members[i]!]!;
    active.solve(direction);
    for (let j = 0; j < k; j++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += gram[j * k + members[i]!]! * direction[i]!;
      slope[j] = sum;
    }
  }

  return (right, rightAt, alpha, out, outAt) => {
    active.clear();
    let penalty = 0;
    let first = -1;
    for (let j = 0; j < k; j++) {
      const value = right[rightAt + j]!;
      residual[j] = value;
      codes[j] = 0;
      state[j] = 0;
      out[outAt + j] = 0;
      if (Math.abs(value) > penalty) {
        penalty = Math.abs(value);
        first = j;
      }
    }
    if (first < 0 || penalty <= alpha) return true;
    join(first);
    /** the entry that has just become zero: on this side its correlation leaves the bound, it cannot join again at once */
    let left = -1;
    const { members } = active;
    for (let step = 0; step <= 16 * k + 16; step++) {
      if (active.size() === 0) return false;
      aim();
      let length = penalty - alpha;
      let joining = -1;
      let leaving = -1;
      for (let j = 0; j < k; j++) {
        if (state[j] !== 0) continue;
        const up = (penalty - residual[j]!) / (1 - slope[j]!);
        const down = (penalty + residual[j]!) / (1 + slope[j]!);
        if (slope[j]! < 1 && up < length && !(j === left && sign[j] === 1)) [length, joining] = [Math.max(0, up), j];
        if (slope[j]! > -1 && down < length && !(j === left && sign[j] === -1))
          [length, joining] = [Math.max(0, down), j];
      }
      for (let i = 0; i < active.size(); i++) {
        const to = -codes[members[i]!]! / direction[i]!;
        if (to > 0 && to < length) [length, leaving] = [to, i];
      }
      for (let i = 0; i < active.size(); i++) codes[members[i]!]! += length * direction[i]!;
      for (let j = 0; j < k; j++) residual[j]! -= length * slope[j]!;
      penalty -= length;
      left = -1;
      if (leaving >= 0) {
        left = members[leaving]!;
        codes[left] = 0;
        active.remove(leaving);
        // what depended on the one that left may be free now
        for (let j = 0; j < k; j++) state[j] = 0;
        for (let i = 0; i < active.size(); i++) state[members[i]!] = 1;
      } else if (joining >= 0) join(joining);
      else {
        for (let i = 0; i < active.size(); i++) {
          direction[i] = right[rightAt + members[i]!]! - alpha * sign[members[i]!]!;
        }
        active.solve(direction);
        for (let i = 0; i < active.size(); i++) {
          const j = members[i]!;
          // an entry that is zero up to rounding has no sign to keep
          out[outAt + j] = direction[i]! * sign[j]! > 0 || alpha === 0 ? direction[i]! : 0;
        }
        return true;
      }
    }
    return false;
  };
}
