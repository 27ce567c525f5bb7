import { inflateSync } from 'node:zlib';
import { elementCount } from '../../model/dtype.ts';
import type { SignalHeader } from '../../model/signal.ts';
import type { CodedLayout } from '../codecs.ts';
import { elementsOver } from '../elements.ts';
import type { FileBytes } from '../file-bytes.ts';
import { checkUnchanged, corrupt, openFile } from '../file-bytes.ts';
import { contiguousStrides } from '../permute.ts';
import type { PixelSource } from '../pixel-source.ts';
import { checkBlock, makeNative } from '../raw-pixels.ts';

/** Where the numbers of one object are and what they mean. */
export interface SurfPart {
  position: number;
  values: number;
  bits: 16 | 32;
  littleEndian: boolean;
  lowest: number;
  step: number;
  base: number;
  hasHoles: boolean;
  /** position, packed and unpacked bytes of each zlib stream; none when the numbers lie flat */
  streams: readonly (readonly [position: number, packed: number, unpacked: number])[];
}

/** What the decoder is told beside the file: the objects follow one another along the slowest axis. */
export interface SurfAbout {
  parts: readonly SurfPart[];
}

/** All bytes of a packed object; every stream has to give exactly what its list says. */
function unpack(file: FileBytes, part: SurfPart): Uint8Array {
  const bytes = new Uint8Array(part.streams.reduce((sum, [, , unpacked]) => sum + unpacked, 0));
  let done = 0;
  for (const [position, packed, unpacked] of part.streams) {
    const piece = new Uint8Array(packed);
    file.readInto(piece, position);
    let plain: Uint8Array;
    try {
      // one byte more than promised shows a stream that is longer
      plain = inflateSync(piece, { maxOutputLength: unpacked + 1 });
    } catch (error) {
      throw corrupt(
        file.path,
        `packed data cannot be unpacked (${(error as Error).message})`,
        'a zlib stream was expected',
      );
    }
    if (plain.length !== unpacked) {
      throw corrupt(file.path, `a packed piece gives ${plain.length} bytes`, `${unpacked} were expected`);
    }
    bytes.set(plain, done);
    done += unpacked;
  }
  return bytes;
}

/** Physical values of stored numbers: (stored − lowest) · step + base, NaN where nothing was measured. */
function calibrate(stored: Int16Array | Int32Array, part: SurfPart, target: Float64Array): void {
  const { lowest, step, base, hasHoles } = part;
  const hole = lowest - 2;
  for (let i = 0; i < stored.length; i++) {
    const value = stored[i]!;
    target[i] = hasHoles && value === hole ? NaN : (value - lowest) * step + base;
  }
}

/**
 * Blocks of the values of Digital Surf objects as float64, or rounded to int64 for colours. Flat objects are read by block,
 * packed ones are unpacked once per open source, one object at a time.
 * @throws EigenscopeError `corrupt-file`, `truncated-file`, `file-changed`
 */
export function openSurfPixels(layout: CodedLayout, signal: SignalHeader): PixelSource {
  const { parts } = layout.about as unknown as SurfAbout;
  const file = openFile(layout.path);
  try {
    checkUnchanged(file, layout.stamp, 0);
  } catch (error) {
    file.close();
    throw error;
  }
  const perPart = parts[0]?.values ?? 1;
  let unpackedPart = -1;
  let unpacked = new Uint8Array(0);
  const strides = contiguousStrides(signal.shape);

  /** Values [first, first + target.length) of one object. */
  const readPart = (index: number, first: number, target: Float64Array): void => {
    const part = parts[index]!;
    const size = part.bits / 8;
    let bytes: Uint8Array;
    if (part.streams.length > 0) {
      if (unpackedPart !== index) [unpacked, unpackedPart] = [unpack(file, part) as Uint8Array<ArrayBuffer>, index];
      bytes = unpacked.slice(first * size, (first + target.length) * size);
    } else {
      bytes = new Uint8Array(target.length * size);
      file.readInto(bytes, part.position + first * size);
    }
    makeNative(bytes, part.bits === 16 ? 'int16' : 'int32', { littleEndian: part.littleEndian });
    const stored = part.bits === 16 ? new Int16Array(bytes.buffer) : new Int32Array(bytes.buffer);
    calibrate(stored, part, target);
  };

  const readRun = (first: number, values: Float64Array): void => {
    for (let done = 0; done < values.length;) {
      const index = Math.floor((first + done) / perPart);
      const within = (first + done) % perPart;
      const some = Math.min(values.length - done, perPart - within);
      readPart(index, within, values.subarray(done, done + some));
      done += some;
    }
  };

  const readInto = (target: Uint8Array, start: readonly number[], count: readonly number[]): void => {
    checkBlock(signal, start, count);
    if (target.length === 0) return;
    let runAxis = count.length - 1;
    while (runAxis > 0 && count[runAxis] === signal.shape[runAxis]) runAxis--;
    const run = count[runAxis]! * strides[runAxis]!;
    const index = new Array<number>(count.length).fill(0);
    const values = new Float64Array(run);
    const wide = signal.dtype === 'int64' ? new BigInt64Array(run) : null;
    const bytes = new Uint8Array((wide ?? values).buffer);
    for (let done = 0; done < target.length; done += run * 8) {
      readRun(
        index.reduce((at, i, axis) => at + (start[axis]! + i) * strides[axis]!, 0),
        values,
      );
      if (wide !== null) for (let i = 0; i < run; i++) wide[i] = BigInt(Math.round(values[i]!) || 0);
      target.set(bytes, done);
      for (let axis = runAxis - 1; axis >= 0; axis--) {
        if (++index[axis]! < count[axis]!) break;
        index[axis] = 0;
      }
    }
  };

  return {
    readInto,
    read(start, count) {
      checkBlock(signal, start, count);
      const elements = elementCount(count);
      const bytes = new Uint8Array(elements * 8);
      readInto(bytes, start, count);
      return elementsOver(bytes.buffer, 0, elements, signal.dtype);
    },
    close: () => file.close(),
  };
}
