import { elementCount } from '../../model/dtype.ts';
import { navigationName } from '../hints.ts';
import type { FirstPage, LeadAxis } from './series.ts';
import { leadAxis } from './series.ts';

const names: Readonly<Record<string, string>> = {
  T: 'time',
  Z: 'depth',
  C: 'channel',
  I: 'image series',
  P: 'plane',
  R: 'region',
  A: 'angle',
};

/**
 * The shape that tifffile writes into ImageDescription: `{"shape": [5, 12, 10], "axes": "ZYX"}`, in old versions
 * `shape=(5,12,10)`. Gives the axes before those of a page, or null when it is something else or does not fit the page.
 */
export function readShape(description: string, page: FirstPage): LeadAxis[] | null {
  const told = shapeOf(description);
  if (told === null) return null;
  const { width, height, samples, planar } = page;
  const frame = samples === 1 ? [height, width] : planar ? [samples, height, width] : [height, width, samples];
  // single samples, rows and planes may be written as axes of size 1
  const sizes = [...told.shape];
  let axes = told.axes.length === sizes.length ? told.axes : '';
  for (const size of [...frame].reverse()) {
    while (sizes.at(-1) === 1 && size !== 1 && sizes.length > 1) {
      sizes.pop();
      axes = axes.slice(0, -1);
    }
    if (sizes.pop() !== size) return null;
    axes = axes.slice(0, -1);
  }
  const kept = sizes.map((size, i) => ({ size, letter: axes[i] ?? '' })).filter(({ size }) => size > 1);
  return kept.map(({ size, letter }, i) => {
    const unnamed = kept.length === 1 ? 'image series' : navigationName(kept.length - 1 - i);
    return leadAxis(names[letter] ?? unnamed, size);
  });
}

function shapeOf(description: string): { shape: number[]; axes: string } | null {
  let shape: unknown;
  let axes: unknown = '';
  const old = /^shape=\(([\d, ]{1,200})\)/.exec(description);
  if (old)
    shape = old[1]!
      .split(',')
      .filter((part) => part.trim() !== '')
      .map(Number);
  else if (description.startsWith('{')) {
    try {
      ({ shape, axes = '' } = JSON.parse(description) as { shape?: unknown; axes?: unknown });
    } catch {
      return null;
    }
  }
  const good =
    Array.isArray(shape) &&
    shape.length >= 1 &&
    shape.length <= 12 &&
    shape.every((size) => Number.isSafeInteger(size) && (size as number) >= 1) &&
    Number.isSafeInteger(elementCount(shape as number[]));
  return good ? { shape: shape as number[], axes: typeof axes === 'string' ? axes : '' } : null;
}
