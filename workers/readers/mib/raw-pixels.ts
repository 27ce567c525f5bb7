import { elementCount, itemSize } from '../../model/dtype.ts';
import type { SignalHeader } from '../../model/signal.ts';
import type { CodedLayout } from '../codecs.ts';
import { elementsOver } from '../elements.ts';
import type { FrameRun } from '../frame-series.ts';
import { openFramePixels } from '../frame-pixels.ts';
import { contiguousStrides, copyStrided } from '../permute.ts';
import type { PixelSource } from '../pixel-source.ts';
import { checkBlock, readThrough } from '../read-block.ts';
import type { RawDepth } from './raw-frames.ts';
import { assembleQuad, unpackRun } from './raw-frames.ts';

interface About {
  depth: RawDepth;
  /** bytes of a stored frame */
  storedBytes: number;
  isQuad: boolean;
  runs: FrameRun[];
}

/**
 * Blocks of a recording in a raw mode: frames are unpacked one by one, rows bottom first in the file.
 * @throws EigenscopeError `truncated-file`, `file-changed`, `file-not-found`, `not-readable`
 */
export function openMibRaw(layout: CodedLayout, signal: SignalHeader): PixelSource {
  const about = layout.about as unknown as About;
  const outer = signal.shape.slice(0, -2);
  const [height, width] = signal.shape.slice(-2) as [number, number];
  const pixels = height * width;
  const size = itemSize(signal.dtype);
  const packed = openFramePixels(
    {
      kind: 'frames',
      files: [{ path: layout.path, stamp: layout.stamp }],
      frameRank: 1,
      runs: about.runs,
      littleEndian: true,
    },
    { ...signal, shape: [...outer, about.storedBytes], dtype: 'uint8' },
  );
  const stored = new Uint8Array(about.storedBytes);
  const values = new Uint32Array(pixels);
  const image = new Uint32Array(pixels);
  const frame = new Uint8Array(pixels * size);
  const typed = elementsOver(frame.buffer, 0, pixels, signal.dtype) as Uint8Array;

  const decode = (index: readonly number[]): void => {
    packed.readInto(stored, [...index, 0], [...index.map(() => 1), about.storedBytes]);
    unpackRun(stored, about.depth, values);
    if (about.isQuad) assembleQuad(values, width / 2, image);
    const from = about.isQuad ? image : values;
    for (let y = 0; y < height; y++) {
      const row = (height - 1 - y) * width;
      for (let x = 0; x < width; x++) typed[y * width + x] = from[row + x]!;
    }
  };

  const readInto: PixelSource['readInto'] = (target, start, count) => {
    checkBlock(signal, start, count);
    if (target.length === 0) return;
    const rank = outer.length;
    const cut = count.slice(rank);
    const offset = start[rank]! * width + start[rank + 1]!;
    const cutBytes = elementCount(cut) * size;
    const index = start.slice(0, rank);
    for (let done = 0; done < target.length; done += cutBytes) {
      decode(index);
      copyStrided(
        size,
        cut,
        { bytes: frame, strides: [width, 1], offset },
        { bytes: target.subarray(done, done + cutBytes), strides: contiguousStrides(cut), offset: 0 },
      );
      for (let axis = rank - 1; axis >= 0; axis--) {
        if (++index[axis]! < start[axis]! + count[axis]!) break;
        index[axis] = start[axis]!;
      }
    }
  };
  return {
    readInto,
    read: readThrough(signal, readInto),
    close: () => packed.close(),
  };
}
