import { basename, parse } from 'node:path';
import { elementCount, itemSize } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { FileHeader } from '../model/signal.ts';
import { checkedBytes } from './array-size.ts';
import { withFile } from './file-bytes.ts';
import { arrangeByHints, calibrateByHints } from './hints.ts';
import type { Reader, ReadHints } from './reader.ts';

/** The shape as a person gave it; a signal shape alone is repeated as often as the file has room for. */
function toldShape(name: string, values: number, hints: ReadHints): { navigation: number[]; signal: number[] } {
  const navigation = [...(hints.navigationShape ?? [])];
  const signal = [...(hints.signalShape ?? [])];
  if (signal.length > 0 && hints.navigationShape === undefined) {
    const times = Math.floor(values / elementCount(signal));
    return { navigation: times > 1 ? [times] : [], signal };
  }
  if (signal.length > 0) return { navigation, signal };
  if (navigation.length === 0) return { navigation, signal: [values] };
  const each = Math.floor(values / elementCount(navigation));
  if (each >= 1) return { navigation, signal: [each] };
  throw new EigenscopeError(
    'shape-mismatch',
    `${name} has room for ${values} values, fewer than the ${elementCount(navigation)} pixels that are asked for.`,
  );
}

function readHeader(path: string, hints: ReadHints): FileHeader {
  const { raw } = hints;
  const name = basename(path);
  if (raw === undefined) {
    throw new EigenscopeError(
      'unsupported-format',
      `${name} has no header; say what its numbers are: their type, shape and where they begin.`,
      { path },
    );
  }
  const { size, stamp } = withFile(path, (file) => ({ size: file.size, stamp: file.stamp() }));
  const values = Math.floor((size - raw.offset) / itemSize(raw.dtype));
  if (values < 1) {
    throw new EigenscopeError(
      'shape-mismatch',
      `${name} has ${size} bytes; nothing of type ${raw.dtype} is left after byte ${raw.offset}. Give a smaller offset.`,
      { path, size },
    );
  }
  const { navigation, signal } = toldShape(name, values, hints);
  const shape = [...navigation, ...signal];
  const needed = raw.offset + checkedBytes(path, shape, raw.dtype);
  if (needed > size) {
    throw new EigenscopeError(
      'shape-mismatch',
      `${name} has ${size} bytes; ${shape.join(' × ')} of ${raw.dtype} from byte ${raw.offset} on take ${needed}. Change the shape, the type or the offset.`,
      { path, size, needed },
    );
  }
  const arranged = arrangeByHints(name, shape, { navigationShape: navigation, signalShape: signal });
  const axes = calibrateByHints(name, arranged.axes, hints);
  // images one after another: the signal axes are stored slowest
  const images = raw.order === 'images';
  const rest = size - needed;
  return {
    format: 'raw',
    signals: [
      {
        title: parse(path).name,
        signalType: '',
        shape,
        dtype: raw.dtype,
        axes,
        quantity: { name: 'Intensity', units: null },
        metadata: { General: { title: parse(path).name, original_filename: name } },
        originalMetadata: {},
        layout: {
          kind: 'raw',
          path,
          offset: raw.offset,
          littleEndian: raw.littleEndian,
          storedShape: images ? [...signal, ...navigation] : shape,
          ...(images
            ? { axisOrder: shape.map((_, i) => (i < navigation.length ? signal.length + i : i - navigation.length)) }
            : {}),
          stamp,
        },
        warnings: rest >= itemSize(raw.dtype) ? [`${rest} bytes after the array are not read.`] : [],
      },
    ],
  };
}

/** Numbers without a header, described by a person: never chosen by itself. */
export const rawArrayReader: Reader = {
  id: 'raw',
  title: 'Raw array of numbers',
  extensions: [],
  probe: () => 0,
  header: async (path, hints) => readHeader(path, hints),
};
