/*
 * What a person says of a file of bare numbers, as typed, and what is wrong with it.
 *   parseShape(text)            "64 × 64" as sizes, [] for none, null when it is none
 *   checkRaw(form, fileBytes)   problems in words, the reading hints, and what is left over
 */
import { elementCount, itemSize, type DType } from '../../workers/model/dtype.ts';
import type { RawArrayHints } from '../../workers/model/read-hints.ts';

export interface RawForm {
  dtype: DType;
  littleEndian: boolean;
  offset: string;
  /** y, x: slowest first */
  navigation: string;
  signal: string;
  order: RawArrayHints['order'];
}

export interface RawHints {
  raw: RawArrayHints;
  navigationShape: number[];
  signalShape: number[];
}

export type RawField = 'offset' | 'navigation' | 'signal';

export interface RawCheck {
  problems: Partial<Record<RawField, string>>;
  /** null while there are problems */
  hints: RawHints | null;
  /** whole numbers from the offset on */
  values: number;
  /** numbers behind the array; negative when some are missing */
  left: number | null;
  /** bytes of the file that are no part of the array, behind it */
  leftBytes: number | null;
}

/** Types that can be chosen, in the order of the list. */
export const rawTypes = [
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'uint64',
  'int64',
  'float16',
  'float32',
  'float64',
] as const satisfies readonly DType[];

/** Sizes with anything between them that people write there: "64 × 64", "64x64", "64, 64", "64 64". */
export function parseShape(text: string): number[] | null {
  const parts = text
    .trim()
    .split(/\s*[×x*,;]\s*|\s+/i)
    .filter((part) => part !== '');
  const sizes = parts.map(Number);
  const isGood = parts.every((part) => /^\d{1,9}$/.test(part)) && sizes.every((n) => n >= 1) && sizes.length <= 4;
  return isGood ? sizes : null;
}

export const shapeText = (shape: readonly number[]): string => shape.join(' × ');

/** A whole number of bytes as people type it, digits grouped or not; null when it is none. */
export function parseBytes(text: string): number | null {
  const plain = text.trim().replace(/[\s\u2009\u202f\u00a0']/g, '');
  if (plain === '') return 0;
  const value = /^0x[\da-f]{1,12}$/i.test(plain) || /^\d{1,15}$/.test(plain) ? Number(plain) : NaN;
  return Number.isSafeInteger(value) ? value : null;
}

/** Digits in groups of three, told apart by thin spaces. */
export const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+(?!\d))/g, '\u2009');

export function checkRaw(form: RawForm, fileBytes: number): RawCheck {
  const problems: RawCheck['problems'] = {};
  const item = itemSize(form.dtype);
  const offset = parseBytes(form.offset);
  const navigation = parseShape(form.navigation);
  const signal = parseShape(form.signal);
  if (offset === null) problems.offset = `A whole number of bytes from 0, such as 512; got “${form.offset}”.`;
  else if (offset + item > fileBytes) {
    problems.offset = `The file has ${grouped(fileBytes)} bytes, so no number of type ${form.dtype} begins at ${grouped(offset)}.`;
  }
  const values = problems.offset === undefined ? Math.floor((fileBytes - (offset ?? 0)) / item) : 0;
  if (navigation === null) {
    problems.navigation = `Whole numbers from 1, slowest first, such as 64 × 64; got “${form.navigation}”.`;
  }
  if (signal === null) problems.signal = `Whole numbers from 1, such as 1024 or 256 × 256; got “${form.signal}”.`;
  else if (signal.length === 0)
    problems.signal = 'How many channels has a spectrum, or how many rows and columns an image?';

  const isShape = navigation !== null && signal !== null && signal.length > 0;
  const needed = isShape ? elementCount(navigation) * elementCount(signal) : null;
  const left = needed === null || problems.offset !== undefined ? null : values - needed;
  if (isShape && left !== null && left < 0) {
    problems.signal = `${shapeText([...navigation, ...signal])} are ${grouped(needed ?? 0)} numbers; from byte ${grouped(offset ?? 0)} on the file has ${grouped(values)} of type ${form.dtype}.`;
  }
  const isFine = Object.keys(problems).length === 0 && isShape && offset !== null;
  return {
    problems,
    hints: isFine
      ? {
          raw: { dtype: form.dtype, offset, littleEndian: form.littleEndian, order: form.order },
          navigationShape: navigation,
          signalShape: signal,
        }
      : null,
    values,
    left,
    leftBytes: left === null || offset === null || needed === null ? null : fileBytes - offset - needed * item,
  };
}
