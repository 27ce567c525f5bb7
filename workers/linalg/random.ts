import { createXoshiro } from './xoshiro.ts';

/** Seeded random numbers; the same sequence on every machine. */
export interface Random {
  /** [0, 1), 53 random bits */
  uniform(): number;
  /** standard normal */
  gaussian(): number;
  /** whole number from 0 to n − 1, each equally likely; n from 1 to 2⁵³ */
  integer(n: number): number;
  /** 0 … n − 1 in random order */
  permutation(n: number): Int32Array;
  /** An independent generator for a named part of the work; does not depend on what was drawn before. */
  fork(label: string | number): Random;
}

/** @param seed any whole number up to 2⁵³ in size */
export function createRandom(seed: number): Random {
  return fromKey([Math.floor(seed / 2 ** 32) | 0, seed | 0]);
}

function fromKey(key: readonly number[]): Random {
  const words = createXoshiro(expand(key));
  let spare = NaN;

  const uniform = (): number => {
    words.next();
    return ((words.high >>> 5) * 2 ** 26 + (words.low >>> 6)) / 2 ** 53;
  };
  const integer = (n: number): number => {
    if (n > 2 ** 32) return Math.floor(uniform() * n);
    // values beyond the last whole multiple of n would favour small results: draw again
    const limit = Math.floor(2 ** 32 / n) * n;
    do words.next();
    while (words.high >= limit);
    return words.high % n;
  };
  return {
    uniform,
    gaussian() {
      if (spare === spare) {
        const value = spare;
        spare = NaN;
        return value;
      }
      // Marsaglia's polar method: pairs of values
      for (;;) {
        const x = 2 * uniform() - 1;
        const y = 2 * uniform() - 1;
        const square = x * x + y * y;
        if (square > 0 && square < 1) {
          const f = Math.sqrt((-2 * Math.log(square)) / square);
          spare = y * f;
          return x * f;
        }
      }
    },
    integer,
    permutation(n) {
      const order = Int32Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        const j = integer(i + 1);
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
      return order;
    },
    fork: (label) => fromKey([...key, ...labelKey(label)]),
  };
}

/** Text and numbers get different marks, so that fork(1) and fork('1') differ. */
function labelKey(label: string | number): number[] {
  if (typeof label === 'number') return [1, Math.floor(label / 2 ** 32) | 0, label | 0];
  return [2, label.length, ...Array.from({ length: label.length }, (_, i) => label.charCodeAt(i))];
}

/** Eight well-mixed words from a key of any length: every key word passes through MurmurHash3's finaliser. */
function expand(key: readonly number[]): Int32Array {
  const state = new Int32Array(8);
  let h = 0x9e3779b9 | 0;
  for (const word of key) h = mix(Math.imul(h ^ word, 0x85ebca6b) + 0x6d2b79f5);
  let g = mix(h ^ 0x5bf03635);
  for (const word of key) g = mix(Math.imul(g, 0xc2b2ae35) + word + 0x27d4eb2f);
  for (let i = 0; i < 8; i++) {
    h = (h + 0x9e3779b9) | 0;
    g = (g + 0x7f4a7c15) | 0;
    state[i] = mix(h ^ mix(g + i));
  }
  // the all-zero state is the only one that never leaves itself
  if (state.every((word) => word === 0)) state[0] = 1;
  return state;
}

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
