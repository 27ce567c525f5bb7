import { isDType, itemSize, type DType } from '../model/dtype.ts';
import type { Metadata, PixelLayout, SignalHeader } from '../model/signal.ts';
import { createDecoder } from '../passes/decode.ts';
import type { CodedLayout } from './codecs.ts';
import { corrupt } from './file-bytes.ts';
import type { Hdf5File } from './hdf5-open.ts';
import { openHdf5Pixels } from './hdf5-pixels.ts';
import type { PixelSource } from './pixel-source.ts';
import { readByFilling } from './read-block.ts';

/** An array of an HDF5 file that is shown as float64 whatever it is stored as, or a part of it along the slowest axis. */
export interface ConvertedArray {
  dataset: string;
  storedShape: readonly number[];
  storedType: DType;
  /** the stored axis of every axis of the signal; of stored axes that are left out the first index is taken */
  axisOrder: readonly number[];
  /** index on the slowest axis that is the first of the signal; the only one when the signal does not have that axis */
  first: number;
  /** sizes of the axes before a part was taken */
  wholeShape: readonly number[];
}

export function convertedLayout(file: Hdf5File, array: ConvertedArray): PixelLayout {
  const about: Metadata = {
    dataset: array.dataset,
    storedShape: [...array.storedShape],
    storedType: array.storedType,
    axisOrder: [...array.axisOrder],
    first: array.first,
    wholeShape: [...array.wholeShape],
  };
  return { kind: 'coded', codec: 'hdf5-converted', path: file.path, stamp: file.stamp, about };
}

function numbersAt(about: Metadata, name: string): number[] {
  const value = about[name];
  return Array.isArray(value) ? value.filter((n): n is number => typeof n === 'number') : [];
}

/** Opens real numbers of any type as float64, converting block by block. */
export async function openConvertedPixels(layout: CodedLayout, signal: SignalHeader): Promise<PixelSource> {
  const { about, path, stamp } = layout;
  const { dataset, storedType, first } = about;
  if (typeof dataset !== 'string' || typeof storedType !== 'string' || !isDType(storedType)) {
    throw corrupt(path, 'its description names no array', 'one was expected');
  }
  const stored = { shape: numbersAt(about, 'wholeShape'), dtype: storedType };
  const inner = await openHdf5Pixels(
    {
      kind: 'hdf5',
      path,
      dataset,
      storedShape: numbersAt(about, 'storedShape'),
      axisOrder: numbersAt(about, 'axisOrder'),
      stamp,
    },
    stored,
  );
  const shift = typeof first === 'number' ? first : 0;
  const isOneOfMany = stored.shape.length > signal.shape.length;
  const moved = (start: readonly number[]): number[] =>
    isOneOfMany ? [shift, ...start] : start.map((at, axis) => (axis === 0 ? at + shift : at));
  const reading = readByFilling<Float64Array>(signal, (out, start, count) => {
    const elements = inner.read(moved(start), isOneOfMany ? [1, ...count] : count);
    createDecoder(elements.buffer, storedType)(elements.byteOffset / itemSize(storedType), elements.length, out, 0);
  });
  return {
    ...(inner.band === undefined || isOneOfMany ? {} : { band: inner.band }),
    ...reading,
    close: () => inner.close(),
  };
}
