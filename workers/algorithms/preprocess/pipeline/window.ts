import { itemSize } from '../../../model/dtype.ts';
import type { SignalHeader } from '../../../model/signal.ts';
import { contiguousStrides, copyStrided } from '../../../readers/permute.ts';
import type { PixelSource } from '../../../readers/pixel-source.ts';

/** Opens a part of a signal: from `offsets` on, every `steps`-th value of each axis. */
export function openWindow(
  pixels: PixelSource,
  to: SignalHeader,
  offsets: readonly number[],
  steps: readonly number[],
): Pick<PixelSource, 'readInto' | 'band'> {
  const size = itemSize(to.dtype);
  const isDense = steps.every((step) => step === 1);
  return {
    ...(pixels.band === undefined ? {} : { band: pixels.band }),
    readInto(target, start, count) {
      const from = start.map((at, axis) => offsets[axis]! + at * steps[axis]!);
      if (isDense) return pixels.readInto(target, from, count);
      const wide = count.map((n, axis) => (n - 1) * steps[axis]! + 1);
      const bytes = new Uint8Array(wide.reduce((n, c) => n * c, size));
      pixels.readInto(bytes, from, wide);
      copyStrided(
        size,
        count,
        { bytes, strides: contiguousStrides(wide).map((stride, axis) => stride * steps[axis]!), offset: 0 },
        { bytes: target, strides: contiguousStrides(count), offset: 0 },
      );
    },
  };
}
