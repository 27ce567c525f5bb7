import { elbowPosition } from '../../decomposition/pipeline/elbow.ts';
import { brokenStick, countAbove } from './broken-stick.ts';
import { components, percent, verb, type Suggestion } from './suggest.ts';

/* Criteria that look at the shares of the singular values alone, and know nothing of noise. */

/** The knee of the scree curve; 0 where there is nothing at all. */
export function knee(ratio: Float64Array): Suggestion {
  const count = ratio[0]! > 0 ? elbowPosition(ratio) + 1 : 0;
  return {
    criterion: 'elbow',
    count,
    reason:
      count === 0
        ? 'There is no variation at all.'
        : `The scree curve bends most at component ${count}: it is the farthest from a straight line between the ends.`,
    curves: {},
  };
}

/** Components above the expected pieces of a broken stick, of as many pieces as there are singular values above 0. */
export function brokenSticks(ratio: Float64Array): Suggestion {
  const pieces = ratio.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
  const curve = new Float64Array(ratio.length);
  curve.set(brokenStick(pieces));
  // a stick in one piece is not broken: the only component there is counts
  const count = pieces === 1 ? 1 : countAbove(ratio, pieces > 0 ? curve : [0]);
  return {
    criterion: 'broken_stick',
    count,
    reason:
      `${capital(components(count))} ${verb(count, 'has', 'have')} a larger share than the pieces of a stick that is ` +
      `broken at random into ${pieces}.`,
    curves: { broken_stick: curve },
  };
}

/** The fewest components that reach this share of the total together. */
export function cumulativeShare(ratio: Float64Array, threshold: number): Suggestion {
  const curve = new Float64Array(ratio.length);
  let sum = 0;
  ratio.forEach((value, i) => (curve[i] = sum += value));
  // the last sum is the total up to rounding
  const enough = curve.findIndex((value) => value >= threshold - 1e-12);
  const count = sum > 0 && threshold > 0 ? (enough < 0 ? ratio.length : enough + 1) : 0;
  return {
    criterion: 'cumulative',
    count,
    reason:
      count === 0
        ? `Nothing is needed to reach ${percent(threshold)} of the total.`
        : `${capital(components(count))} ${verb(count, 'holds', 'hold')} ${percent(curve[count - 1]!)} of the total, ` +
          `of which ${percent(threshold)} were asked for.`,
    curves: { cumulative: curve },
  };
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
