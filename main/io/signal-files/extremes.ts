import type { DType } from '../../../workers/model/dtype.ts';
import { numbersOf, slicesOf } from './element-change.ts';

/** Smallest, largest and mean of the finite values that went by. */
export interface Extremes {
  observe(bytes: Uint8Array): void;
  /** null when nothing finite was seen */
  range(): [number, number] | null;
  mean(): number;
}

export function watchExtremes(dtype: DType): Extremes {
  let low = Infinity;
  let high = -Infinity;
  let sum = 0;
  let count = 0;
  return {
    observe(bytes) {
      for (const slice of slicesOf(bytes, dtype)) {
        const numbers = numbersOf(slice, dtype);
        for (let i = 0; i < numbers.length; i++) {
          const value = numbers[i]!;
          // infinite, or not a number
          if (value - value !== 0) continue;
          if (value < low) low = value;
          if (value > high) high = value;
          sum += value;
          count++;
        }
      }
    },
    range: () => (count === 0 ? null : [low, high]),
    mean: () => (count === 0 ? 0 : sum / count),
  };
}
