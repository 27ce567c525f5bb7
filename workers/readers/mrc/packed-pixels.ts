import { elementCount } from '../../model/dtype.ts';
import type { SignalHeader } from '../../model/signal.ts';
import type { CodedLayout } from '../codecs.ts';
import type { PixelSource } from '../pixel-source.ts';
import { openRawPixels } from '../raw-pixels.ts';
import { checkBlock, readThrough } from '../read-block.ts';
import type { RawLayout } from '../raw-pixels.ts';

/* Values that lie flat in the file, but in a form that no element type has: pairs of int16, and 4-bit values. */

interface About {
  storage: 'int16-pairs' | 'nibbles';
  offset: number;
  littleEndian: boolean;
  /** in values, and the stored axis of every axis of the signal */
  storedShape: number[];
  axisOrder: number[];
}

/** Complex numbers whose parts are int16: the file is an array of int16 with one more axis of two. */
function openPairs(about: About, signal: SignalHeader, raw: Omit<RawLayout, 'storedShape'>): PixelSource {
  const shape = [...signal.shape, 2];
  const source = openRawPixels(
    { ...raw, storedShape: [...about.storedShape, 2], axisOrder: [...about.axisOrder, about.axisOrder.length] },
    { ...signal, shape, dtype: 'int16' },
  );
  const read: PixelSource['read'] = (start, count) => {
    checkBlock(signal, start, count);
    return Float32Array.from(source.read([...start, 0], [...count, 2]) as Int16Array);
  };
  return {
    read,
    readInto(target, start, count) {
      const values = read(start, count);
      target.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    },
    close: () => source.close(),
  };
}

/** 4-bit values, two per byte, the low half first; every row begins with a byte of its own. */
function openNibbles(about: About, signal: SignalHeader, raw: Omit<RawLayout, 'storedShape'>): PixelSource {
  const last = about.storedShape.length - 1;
  const packed = about.axisOrder.indexOf(last);
  const halve = (shape: readonly number[], axis: number): number[] =>
    shape.map((size, i) => (i === axis ? Math.ceil(size / 2) : size));
  const source = openRawPixels(
    { ...raw, storedShape: halve(about.storedShape, last), axisOrder: about.axisOrder },
    { ...signal, shape: halve(signal.shape, packed), dtype: 'uint8' },
  );
  const readInto: PixelSource['readInto'] = (target, start, count) => {
    checkBlock(signal, start, count);
    if (target.length === 0) return;
    const first = start[packed]!;
    const wanted = count[packed]!;
    const firstByte = Math.floor(first / 2);
    const bytesWanted = Math.floor((first + wanted - 1) / 2) - firstByte + 1;
    const bytes = source.read(
      start.map((n, axis) => (axis === packed ? firstByte : n)),
      count.map((n, axis) => (axis === packed ? bytesWanted : n)),
    ) as Uint8Array;
    const inner = elementCount(count.slice(packed + 1));
    const outer = elementCount(count.slice(0, packed));
    for (let o = 0, out = 0; o < outer; o++) {
      for (let i = 0; i < wanted; i++) {
        const value = first + i;
        const shift = (value & 1) * 4;
        let at = (o * bytesWanted + (value >> 1) - firstByte) * inner;
        for (let n = 0; n < inner; n++) target[out++] = (bytes[at++]! >> shift) & 15;
      }
    }
  };
  return {
    readInto,
    read: readThrough(signal, readInto),
    close: () => source.close(),
  };
}

/**
 * Blocks of complex int16 (mode 3) and packed 4-bit values (mode 101).
 * @throws EigenscopeError `truncated-file`, `file-changed`, `file-not-found`, `not-readable`
 */
export function openMrcPacked(layout: CodedLayout, signal: SignalHeader): PixelSource {
  const about = layout.about as unknown as About;
  const raw: Omit<RawLayout, 'storedShape'> = {
    kind: 'raw',
    path: layout.path,
    offset: about.offset,
    littleEndian: about.littleEndian,
    stamp: layout.stamp,
  };
  return about.storage === 'nibbles' ? openNibbles(about, signal, raw) : openPairs(about, signal, raw);
}
