import { parse } from 'node:path';
import type { Axis } from '../../model/axes.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt, decodeText, latin1, truncated, withFile } from '../file-bytes.ts';
import { calibrateByHints } from '../hints.ts';
import type { Reader, ReadHints } from '../reader.ts';
import type { ImgComment } from './img-comment.ts';
import { metadataOf, originalOf, parseImgComment, unitOf } from './img-comment.ts';

const headerBytes = 64;
/** Bytes of a number by the type of the file. */
const numberBytes: Readonly<Record<number, 1 | 2 | 4>> = { 0: 1, 2: 2, 3: 4 };

const spectralUnits: readonly string[] = ['nm', 'eV', '1/cm', 'µm'];
const timeUnits: readonly string[] = ['s', 'ms', 'µs', 'ns', 'ps', 'fs'];

/** What an axis shows, by its unit. */
function nameOf(side: 'X' | 'Y', units: string | null): string {
  if (units !== null && timeUnits.includes(units)) return 'Time';
  if (units !== null && spectralUnits.includes(units)) return units === 'eV' ? 'Energy' : 'Wavelength';
  return side === 'X' ? 'Horizontal' : 'Vertical';
}

/** The scaling of an axis: a factor, or a table of float32 at the end of the file. */
function axisOf(file: FileBytes, comment: ImgComment, side: 'X' | 'Y', size: number, warnings: string[]): Axis {
  const scaling = comment.get('Scaling');
  const units = unitOf(scaling?.get(`Scaling${side}Unit`));
  const name = nameOf(side, units);
  const factor = Number(scaling?.get(`Scaling${side}Scale`));
  const scale = Number.isFinite(factor) && factor !== 0 ? factor : 1;
  const plain: Axis = { name, units, size, navigate: false, scale, offset: 0 };
  if (scaling?.get(`Scaling${side}Type`) !== '2') return plain;
  const [, at = NaN, count = NaN] =
    /^#(\d+),(\d+)$/.exec(scaling.get(`Scaling${side}ScalingFile`) ?? '')?.map(Number) ?? [];
  if (count !== size || !(at >= headerBytes && at + 4 * size <= file.size)) {
    warnings.push(`The table of the ${side.toLowerCase()} axis is not in the file; positions are counted in pixels.`);
    return { ...plain, name: nameOf(side, null), units: null, scale: 1 };
  }
  const bytes = new Uint8Array(4 * size);
  file.readInto(bytes, at);
  const view = new DataView(bytes.buffer);
  const values = Array.from({ length: size }, (_, i) => view.getFloat32(4 * i, true));
  const step = size > 1 ? (values[size - 1]! - values[0]!) / (size - 1) : 1;
  if (!values.every(Number.isFinite) || step === 0) return plain;
  return { ...plain, scale: step, offset: values[0]!, values };
}

/** An axis that rises, and whether it was turned round for that. */
function rising(axis: Axis): { axis: Axis; reversed: boolean } {
  if (axis.values === undefined || axis.scale >= 0) return { axis, reversed: false };
  const values = axis.values.toReversed();
  return { axis: { ...axis, values, offset: values[0]!, scale: -axis.scale }, reversed: true };
}

/** Counts as int64: sums of many exposures are larger than the numbers of a camera. */
function readCounts(file: FileBytes, offset: number, width: number, height: number, size: 1 | 2 | 4): BigInt64Array {
  const bytes = new Uint8Array(width * height * size);
  file.readInto(bytes, offset);
  const stored = size === 1 ? bytes : size === 2 ? new Uint16Array(bytes.buffer) : new Int32Array(bytes.buffer);
  const counts = new BigInt64Array(width * height);
  for (let i = 0; i < counts.length; i++) counts[i] = BigInt(stored[i]!);
  return counts;
}

/** Turns rows and columns round in place where their axis fell. */
function turn(counts: BigInt64Array, width: number, leftRight: boolean, upDown: boolean): void {
  if (leftRight !== upDown) for (let at = 0; at < counts.length; at += width) counts.subarray(at, at + width).reverse();
  // the whole turned round is both at once
  if (upDown) counts.reverse();
}

function readHeader(path: string, hints: ReadHints): FileHeader {
  return withFile(path, (file) => {
    const head = file.view(0, headerBytes);
    const commentBytes = head.getUint16(2, true);
    const width = head.getUint16(4, true);
    const height = head.getUint16(6, true);
    const type = head.getUint16(12, true);
    const size = numberBytes[type];
    if (head.getUint16(0, true) !== 0x4d49) {
      throw new EigenscopeError(
        'unsupported-format',
        `${file.name} is no image of a Hamamatsu camera, which begins with “IM”; other programs write .img too. Export it as .tif or .npy.`,
        { path },
      );
    }
    if (size === undefined) {
      throw corrupt(path, `its numbers are of type ${type}`, '0, 2 or 3 (8, 16 or 32 bits) were expected');
    }
    const shape = [height, width];
    checkedBytes(path, shape, 'int64');
    const offset = headerBytes + commentBytes;
    const needed = offset + width * height * size;
    if (needed > file.size) throw truncated(path, needed, file.size);
    const bytes = new Uint8Array(commentBytes);
    file.readInto(bytes, headerBytes);
    const comment = parseImgComment(decodeText(bytes));
    const warnings: string[] = [];
    const x = rising(axisOf(file, comment, 'X', width, warnings));
    const y = rising(axisOf(file, comment, 'Y', height, warnings));
    const counts = readCounts(file, offset, width, height, size);
    turn(counts, width, x.reversed, y.reversed);
    const { name: title, base } = parse(path);
    const acquisition = comment.get('Acquisition');
    const label = acquisition?.get('ZAxisLabel') || 'Intensity';
    const units = acquisition?.get('ZAxisUnit')?.replace(/^Count$/, 'Counts') || null;
    return {
      format: 'hamamatsu',
      signals: [
        {
          title,
          signalType: '',
          shape,
          dtype: 'int64',
          axes: calibrateByHints(base, [y.axis, x.axis], hints),
          quantity: { name: label, units },
          metadata: metadataOf(comment, title, base, units === null ? label : `${label} (${units})`),
          originalMetadata: originalOf(comment),
          layout: { kind: 'bytes', bytes: new Uint8Array(counts.buffer) },
          warnings,
        },
      ],
    };
  });
}

/** Hamamatsu HPD-TA: images of streak cameras, time against wavelength. */
export const hamamatsuReader: Reader = {
  id: 'hamamatsu',
  title: 'Hamamatsu streak camera (IMG)',
  extensions: ['img'],
  probe(head) {
    if (head.length < headerBytes || latin1(head.subarray(0, 2)) !== 'IM') return 0;
    const type = head[12]! + 256 * head[13]!;
    if (numberBytes[type] === undefined) return 0;
    return latin1(head.subarray(headerBytes, headerBytes + 13)) === '[Application]' ? 1 : 0.5;
  },
  header: async (path, hints) => readHeader(path, hints),
};
