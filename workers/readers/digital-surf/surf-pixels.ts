import type { SignalHeader } from '../../model/signal.ts';
import type { CodedLayout } from '../codecs.ts';
import { elementsOver } from '../elements.ts';
import { openUnchanged } from '../file-bytes.ts';
import { freeBytes } from '../free-bytes.ts';
import { contiguousStrides, copyStrided } from '../permute.ts';
import type { PixelSource } from '../pixel-source.ts';
import { makeNative, storedPieces } from '../raw-pixels.ts';
import { readByFilling, runsOfBlock } from '../read-block.ts';
import type { PackedStream } from './surf-streams.ts';
import { streamAll, unpackAll } from './surf-streams.ts';

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
  /** none when the numbers lie flat */
  streams: readonly PackedStream[];
}

/** What the decoder is told beside the file: the objects follow one another along the slowest axis. */
export interface SurfAbout {
  parts: readonly SurfPart[];
}

/** Physical values: of colours whole numbers. */
type Values = Float64Array | BigInt64Array;

/** Stored numbers that are read before they become values: they are then still in the cache. */
const storedTogether = 2 ** 16;
/** Values that are streamed before they are put in place, and before anybody may stop it. */
const streamedBytes = 4 * 2 ** 20;

/** Physical values of stored numbers: (stored − lowest) · step + base, NaN where nothing was measured. */
function calibrate(stored: Int16Array | Int32Array, part: SurfPart, target: Float64Array): void {
  const { lowest, step, base, hasHoles } = part;
  const hole = lowest - 2;
  for (let i = 0; i < stored.length; i++) {
    const value = stored[i]!;
    target[i] = hasHoles && value === hole ? NaN : (value - lowest) * step + base;
  }
}

/** Stored numbers that are wanted next: `bytes` of them from number `within` of an object on. */
interface WantedNumbers {
  index: number;
  within: number;
  bytes: Uint8Array;
}

/** Values [first, first + values.length) of objects behind one another, from what is filled in whenever it is asked for. */
function* convert(parts: readonly SurfPart[], first: number, values: Values): Generator<WantedNumbers> {
  const perPart = parts[0]?.values ?? 1;
  const scratch = new ArrayBuffer(4 * Math.min(storedTogether, values.length));
  const rounded = values instanceof BigInt64Array ? new Float64Array(scratch.byteLength / 4) : null;
  for (let done = 0; done < values.length;) {
    const index = Math.floor((first + done) / perPart);
    const within = (first + done) % perPart;
    const part = parts[index]!;
    const some = Math.min(values.length - done, perPart - within, storedTogether);
    const stored = part.bits === 16 ? new Int16Array(scratch, 0, some) : new Int32Array(scratch, 0, some);
    const bytes = new Uint8Array(scratch, 0, stored.byteLength);
    yield { index, within, bytes };
    makeNative(bytes, part.bits === 16 ? 'int16' : 'int32', { littleEndian: part.littleEndian });
    if (values instanceof Float64Array) calibrate(stored, part, values.subarray(done, done + some));
    else {
      calibrate(stored, part, rounded!);
      for (let i = 0; i < some; i++) values[done + i] = BigInt(Math.round(rounded![i]!) || 0);
    }
    done += some;
  }
}

/**
 * Blocks of the values of Digital Surf objects as float64, or rounded to int64 for colours. Flat objects are read by block;
 * packed ones are streamed to where they are wanted (`fill`), or for blocks unpacked once per open source, one at a time.
 * @throws EigenscopeError `corrupt-file`, `truncated-file`, `file-changed`
 */
export function openSurfPixels(layout: CodedLayout, signal: SignalHeader): PixelSource {
  const { parts } = layout.about as unknown as SurfAbout;
  const file = openUnchanged(layout.path, layout.stamp);
  const { shape, dtype } = signal;
  const readFlat = ({ index, within, bytes }: WantedNumbers): void => {
    const { position, bits } = parts[index]!;
    file.readInto(bytes, position + (within * bits) / 8);
  };

  let unpackedPart = -1;
  let unpacked: Uint8Array = new Uint8Array(0);
  const take = (wanted: WantedNumbers): void => {
    const { index, within, bytes } = wanted;
    const { streams, bits } = parts[index]!;
    if (streams.length === 0) return readFlat(wanted);
    if (unpackedPart !== index) {
      freeBytes(unpacked);
      [unpacked, unpackedPart] = [new Uint8Array(0), -1];
      [unpacked, unpackedPart] = [unpackAll(file, streams), index];
    }
    const from = (within * bits) / 8;
    bytes.set(unpacked.subarray(from, from + bytes.length));
  };
  const reading = readByFilling<Values>(signal, (values, start, count) => {
    if (values.length === 0) return;
    const { length, firsts } = runsOfBlock(shape, start, count);
    let done = 0;
    for (const first of firsts) {
      for (const wanted of convert(parts, first, values.subarray(done, done + length))) take(wanted);
      done += length;
    }
  });

  const fill = async (target: Uint8Array, strides: readonly number[], step: (bytes: number) => void): Promise<void> => {
    const inFile = contiguousStrides(shape);
    const inPlace = target.byteOffset % 8 === 0 && shape.every((n, axis) => n === 1 || strides[axis] === inFile[axis]);
    let scratch = new Uint8Array(0);
    let stream = null as { index: number; of: ReturnType<typeof streamAll> } | null;
    try {
      for (const { start, count, elements } of storedPieces(shape, 8, streamedBytes)) {
        const first = start.reduce((sum, i, axis) => sum + i * inFile[axis]!, 0);
        const length = 8 * elements;
        if (!inPlace && scratch.length < length) scratch = new Uint8Array(length);
        const bytes = inPlace ? target.subarray(8 * first, 8 * first + length) : scratch.subarray(0, length);
        const values = elementsOver(bytes.buffer, bytes.byteOffset, elements, dtype) as Values;
        for (const wanted of convert(parts, first, values)) {
          const { streams } = parts[wanted.index]!;
          if (streams.length === 0) {
            readFlat(wanted);
            continue;
          }
          if (stream?.index !== wanted.index) stream = { index: wanted.index, of: streamAll(file, streams) };
          await stream.of.fill(wanted.bytes);
        }
        if (!inPlace) {
          const offset = start.reduce((sum, i, axis) => sum + i * strides[axis]!, 0);
          const from = { bytes, strides: contiguousStrides(count), offset: 0 };
          copyStrided(8, count, from, { bytes: target, strides, offset });
        }
        step(length);
      }
    } finally {
      await stream?.of.close();
    }
  };

  return {
    ...reading,
    ...(parts.some(({ streams }) => streams.length > 0) ? { fill } : {}),
    close: () => {
      freeBytes(unpacked);
      file.close();
    },
  };
}
