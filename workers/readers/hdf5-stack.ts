import { elementCount, itemSize } from '../model/dtype.ts';
import type { Metadata, PixelLayout, SignalHeader } from '../model/signal.ts';
import type { CodedLayout } from './codecs.ts';
import { corrupt } from './file-bytes.ts';
import type { Hdf5File } from './hdf5-open.ts';
import { openHdf5Pixels } from './hdf5-pixels.ts';
import type { PixelSource } from './pixel-source.ts';
import { checkBlock, readThrough } from './read-block.ts';

/** Arrays of an HDF5 file that are equal in shape and type as one array, with the arrays along its slowest axis. */
export function stackedLayout(
  file: Hdf5File,
  datasets: readonly string[],
  storedShape: readonly number[],
  axisOrder: readonly number[],
): PixelLayout {
  const about: Metadata = { datasets: [...datasets], storedShape: [...storedShape], axisOrder: [...axisOrder] };
  return { kind: 'coded', codec: 'hdf5-stack', path: file.path, stamp: file.stamp, about };
}

/** Opens a stack of arrays. */
export async function openStackedPixels(layout: CodedLayout, signal: SignalHeader): Promise<PixelSource> {
  const { about, path, stamp } = layout;
  const { datasets, storedShape, axisOrder } = about as unknown as {
    datasets: readonly string[];
    storedShape: readonly number[];
    axisOrder: readonly number[];
  };
  const shape = signal.shape.slice(1);
  if (datasets.length !== signal.shape[0]) {
    throw corrupt(path, `a stack of ${datasets.length} arrays`, `${signal.shape[0]} were expected`);
  }
  const sources: PixelSource[] = [];
  const close = (): void => sources.forEach((source) => source.close());
  try {
    for (const dataset of datasets) {
      const member = { kind: 'hdf5' as const, path, dataset, storedShape, axisOrder, stamp };
      // what each keeps of its tiles must not add up
      sources.push(await openHdf5Pixels(member, { shape, dtype: signal.dtype }, tileBytes));
    }
  } catch (error) {
    close();
    throw error;
  }
  const readInto = (target: Uint8Array, start: readonly number[], count: readonly number[]): void => {
    checkBlock(signal, start, count);
    const each = elementCount(count.slice(1)) * itemSize(signal.dtype);
    for (let i = 0; i < count[0]!; i++) {
      sources[start[0]! + i]!.readInto(target.subarray(i * each, (i + 1) * each), start.slice(1), count.slice(1));
    }
  };
  return {
    readInto,
    read: readThrough(signal, readInto),
    close,
  };
}

const tileBytes = 4 * 2 ** 20;
