import { createActiveFactor, type ActiveFactor } from './active-factor.ts';
import { descendCoordinates } from './coordinate-descent.ts';
import { createLassoPath } from './lasso-path.ts';

export type CodingMethod = 'lars' | 'cd';

/** What coding needs to know of the atoms D: their Gram matrix and their products with the rows to code. */
export interface CodingProblem {
  /** DDᵀ [k × k], row-major */
  gram: Float64Array;
  /** products of every row with every atom [rows × k], row-major */
  right: Float64Array;
  alpha: number;
}

/** Codes rows again and again, with memory that is kept between the calls. */
export type Coder = (problem: CodingProblem, codes: Float64Array) => void;

/**
 * Codes every row x by the lasso, min_c ½‖x − cD‖² + alpha ‖c‖₁. Both methods find the same optimum: `lars` exactly,
 * `cd` by repeated soft thresholding until nothing moves, or, where that creeps, by the path of `lars`. Rows are independent, and x is needed only through xDᵀ.
 *
 * With `lars` the nonzero entries and signs of the codes that are there are tried first, with up to four corrections: where
 * they hold, one small linear system gives the solution, proved by the optimality conditions; elsewhere the path is followed
 * from zero. Rows with the same nonzero entries share the factor of that system.
 *
 * The coder replaces codes [rows × k], row-major, by the new ones.
 * @see Lee, Battle, Raina & Ng, NIPS 19, 801 (2007), for lasso problems by guessed signs
 */
export function createCoder(method: CodingMethod, k: number): Coder {
  const gram = new Float64Array(k * k);
  const path = createLassoPath(gram, k);
  if (method === 'cd') {
    return (problem, codes) => {
      const { right, alpha } = problem;
      gram.set(problem.gram);
      for (let at = 0; at < codes.length; at += k) {
        if (!descendCoordinates(gram, k, right, at, alpha, codes, at)) path(right, at, alpha, codes, at);
      }
    };
  }
  const guess = createGuess(gram, k);
  return (problem, codes) => {
    const { right, alpha } = problem;
    gram.set(problem.gram);
    guess.renew();
    for (let at = 0; at < codes.length; at += k) {
      if (guess.solve(right, alpha, codes, at)) continue;
      if (!path(right, at, alpha, codes, at)) descendCoordinates(gram, k, right, at, alpha, codes, at);
    }
  };
}

interface Guess {
  /** The Gram matrix has changed. */
  renew(): void;
  /**
   * Solves a row with the nonzero entries and signs it had, or with a few of them corrected; false, and the row stays,
   * where none of these is the solution.
   */
  solve(right: Float64Array, alpha: number, codes: Float64Array, at: number): boolean;
}

/** The factor for one set of nonzero entries, of the round it was last computed in. */
interface KnownFactor {
  factor: ActiveFactor;
  round: number;
  usable: boolean;
}

/** Up to this many atoms a set of them is a whole number. */
const mostFlags = 30;
/** Factors kept at a time: about 32 MiB. */
const mostKnown = (k: number): number => Math.max(1, Math.min(4096, Math.floor(2 ** 22 / (k * k))));
/** Corrections of the signs before the path is followed instead. */
const mostCorrections = 4;

function createGuess(gram: Float64Array, k: number): Guess {
  const known = new Map<number | string, KnownFactor>();
  const spare: KnownFactor = { factor: createActiveFactor(gram, k), round: -1, usable: false };
  const signs = new Int8Array(k);
  const found = new Float64Array(k);
  let round = 0;

  function factorOfSigns(): KnownFactor {
    const key = setOf(signs);
    let entry = known.get(key);
    if (!entry) {
      if (known.size < mostKnown(k)) {
        entry = { factor: createActiveFactor(gram, k), round: -1, usable: false };
        known.set(key, entry);
      } else {
        entry = spare;
        entry.round = -1;
      }
    }
    if (entry.round !== round) {
      const { factor } = entry;
      factor.clear();
      entry.round = round;
      entry.usable = true;
      for (let j = 0; j < k && entry.usable; j++) if (signs[j] !== 0) entry.usable = factor.append(j);
    }
    return entry;
  }

  /** Solves with the signs there are; false after correcting the one that is most wrong. */
  function attempt(factor: ActiveFactor, right: Float64Array, alpha: number, at: number): boolean {
    const size = factor.size();
    const { members } = factor;
    let scale = alpha;
    for (let i = 0; i < size; i++) {
      const j = members[i]!;
      found[i] = right[at + j]! - alpha * signs[j]!;
      scale = Math.max(scale, Math.abs(right[at + j]!));
    }
    factor.solve(found);
    let wrong = -1;
    let most = 0;
    for (let i = 0; i < size; i++) {
      const j = members[i]!;
      const against = -found[i]! * signs[j]!;
      if (against < 0) continue;
      if (wrong < 0 || against > most) [wrong, most] = [j, against];
    }
    if (wrong >= 0) {
      signs[wrong] = 0;
      return false;
    }
    most = alpha + 1e-13 * scale;
    let joining = 1;
    for (let j = 0; j < k && size < k; j++) {
      if (signs[j] !== 0) continue;
      let rest = right[at + j]!;
      for (let i = 0; i < size; i++) rest -= gram[j * k + members[i]!]! * found[i]!;
      if (Math.abs(rest) <= most) continue;
      [wrong, most] = [j, Math.abs(rest)];
      joining = rest < 0 ? -1 : 1;
    }
    if (wrong < 0) return true;
    signs[wrong] = joining;
    return false;
  }

  return {
    renew() {
      round++;
    },
    solve(right, alpha, codes, at) {
      for (let j = 0; j < k; j++) signs[j] = Math.sign(codes[at + j]!);
      for (let correction = 0; correction <= mostCorrections; correction++) {
        const { factor, usable } = factorOfSigns();
        if (!usable) return false;
        if (!attempt(factor, right, alpha, at)) continue;
        for (let j = 0; j < k; j++) codes[at + j] = 0;
        for (let i = 0; i < factor.size(); i++) codes[at + factor.members[i]!] = found[i]!;
        return true;
      }
      return false;
    },
  };
}

/** The set of nonzero entries, as a key. */
function setOf(signs: Int8Array): number | string {
  const k = signs.length;
  if (k <= mostFlags) {
    let flags = 0;
    for (let j = 0; j < k; j++) flags = (flags << 1) | (signs[j] === 0 ? 0 : 1);
    return flags;
  }
  let text = '';
  for (let j = 0; j < k; j++) text += signs[j] === 0 ? '0' : '1';
  return text;
}
