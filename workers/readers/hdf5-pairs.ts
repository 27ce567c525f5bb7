import type { PixelLayout, SignalHeader } from '../model/signal.ts';
import type { CodedLayout } from './codecs.ts';
import type { Hdf5File } from './hdf5-open.ts';
import { openHdf5Pixels } from './hdf5-pixels.ts';
import type { PixelSource } from './pixel-source.ts';
import { checkBlock, readThrough } from './read-block.ts';

/** Real numbers whose last stored axis holds real and imaginary parts, as one array of complex numbers. */
export function pairedLayout(
  file: Hdf5File,
  dataset: string,
  storedShape: readonly number[],
  axisOrder: readonly number[],
): PixelLayout {
  const about = { dataset, storedShape: [...storedShape], axisOrder: [...axisOrder] };
  return { kind: 'coded', codec: 'hdf5-pairs', path: file.path, stamp: file.stamp, about };
}

/** Opens pairs of parts as complex numbers: they stand in memory as these do. */
export async function openPairedPixels(layout: CodedLayout, signal: SignalHeader): Promise<PixelSource> {
  const { dataset, storedShape, axisOrder } = layout.about as unknown as {
    dataset: string;
    storedShape: readonly number[];
    axisOrder: readonly number[];
  };
  const inner = await openHdf5Pixels(
    {
      kind: 'hdf5',
      path: layout.path,
      dataset,
      storedShape,
      axisOrder: [...axisOrder, storedShape.length - 1],
      stamp: layout.stamp,
    },
    { shape: [...signal.shape, 2], dtype: signal.dtype === 'complex64' ? 'float32' : 'float64' },
  );
  const readInto = (target: Uint8Array, start: readonly number[], count: readonly number[]): void => {
    checkBlock(signal, start, count);
    inner.readInto(target, [...start, 0], [...count, 2]);
  };
  return {
    ...(inner.band === undefined ? {} : { band: inner.band }),
    readInto,
    read: readThrough(signal, readInto),
    close: () => inner.close(),
  };
}
