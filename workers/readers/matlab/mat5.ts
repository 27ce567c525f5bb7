import type { DType } from '../../model/dtype.ts';
import { itemSize } from '../../model/dtype.ts';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt, latin1, truncated } from '../file-bytes.ts';
import { makeNative } from '../raw-pixels.ts';
import { componentsToFloat64, elementsOver } from '../elements.ts';
import type { MatCursor } from './mat-cursor.ts';
import { fileCursor, inflateCursor } from './mat-cursor.ts';
import { inflateWhole, measurePacked } from './mat-inflate.ts';
import type { MatFile, MatGroup, MatRange, MatValue, MatVariable } from './mat-node.ts';
import { countOf, fewValues, longestText } from './mat-node.ts';

/* MATLAB 5, 6 and 7: MAT-File Format, The MathWorks, chapter 1 (level 5). */

const storedTypes: Readonly<Record<number, DType>> = {
  1: 'int8',
  2: 'uint8',
  3: 'int16',
  4: 'uint16',
  5: 'int32',
  6: 'uint32',
  7: 'float32',
  9: 'float64',
  12: 'int64',
  13: 'uint64',
};

const classes: Readonly<Record<number, string>> = {
  1: 'cell',
  2: 'struct',
  3: 'object',
  4: 'char',
  5: 'sparse',
  6: 'double',
  7: 'single',
  8: 'int8',
  9: 'uint8',
  10: 'int16',
  11: 'uint16',
  12: 'int32',
  13: 'uint32',
  14: 'int64',
  15: 'uint64',
  16: 'function_handle',
  17: 'opaque',
};

/** Compressed variables up to this size are unpacked once to check them; larger ones are checked while they are read. */
const checkedAtOnce = 4 * 2 ** 20;
const mostVariables = 10_000;
const mostValues = 20_000;
const deepest = 24;

interface Tag {
  type: number;
  bytes: number;
  /** bytes to skip from the end of the tag to the next element */
  padded: number;
}

interface Context {
  path: string;
  littleEndian: boolean;
  /** how many values may still be listed */
  room: number;
}

async function readTag(cursor: MatCursor, context: Context): Promise<Tag> {
  const head = new Uint8Array(4);
  await cursor.fill(head);
  const first = new DataView(head.buffer).getUint32(0, context.littleEndian);
  // the small form keeps type, length and up to 4 bytes in 8
  if (first >>> 16 !== 0) {
    const bytes = first >>> 16;
    if (bytes > 4) throw corrupt(context.path, `a small element announces ${bytes} bytes`, 'at most 4 fit');
    return { type: first & 0xffff, bytes, padded: 4 };
  }
  await cursor.fill(head);
  const bytes = new DataView(head.buffer).getUint32(0, context.littleEndian);
  return { type: first, bytes, padded: Math.ceil(bytes / 8) * 8 };
}

/** The bytes of a short element, and past its padding. */
async function takeElement(cursor: MatCursor, tag: Tag, most: number, end: number, path: string): Promise<Uint8Array> {
  if (tag.bytes > most)
    throw corrupt(path, `a part of a header has ${tag.bytes} bytes`, `at most ${most} were expected`);
  if (cursor.position + tag.bytes > end) throw corrupt(path, 'an element ends after its matrix', 'it lies inside');
  const bytes = new Uint8Array(tag.bytes);
  await cursor.fill(bytes);
  await cursor.skip(Math.min(tag.padded - tag.bytes, end - cursor.position));
  return bytes;
}

const integersOf = (bytes: Uint8Array, littleEndian: boolean): number[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getInt32(4 * i, littleEndian));
};

/** Where the numbers of an element are; the cursor is moved behind them when `pass` is set. */
async function rangeAt(cursor: MatCursor, context: Context, end: number, pass: boolean): Promise<MatRange> {
  const tag = await readTag(cursor, context);
  const dtype = storedTypes[tag.type];
  if (dtype === undefined) {
    throw corrupt(context.path, `numbers are stored as type ${tag.type}`, 'a type of numbers was expected');
  }
  const offset = cursor.position;
  if (offset + tag.bytes > end) {
    throw corrupt(context.path, `${tag.bytes} bytes of numbers do not fit into their matrix`, 'they lie inside');
  }
  if (pass) await cursor.skip(Math.min(tag.padded, end - offset));
  return { offset, bytes: tag.bytes, dtype };
}

function checkCount(context: Context, range: MatRange, count: number, what: string): MatRange {
  if (range.bytes === count * itemSize(range.dtype)) return range;
  throw corrupt(
    context.path,
    `${range.bytes} bytes of ${range.dtype} are stored for ${what}`,
    `${count * itemSize(range.dtype)} were expected`,
  );
}

async function readNumeric(
  cursor: MatCursor,
  context: Context,
  end: number,
  about: { className: string; size: number[]; logical: boolean; complex: boolean },
): Promise<MatValue> {
  const { className, size, logical, complex } = about;
  const count = countOf(size);
  const what = `${size.join(' × ')} values`;
  const small = count <= fewValues && !complex;
  const real = checkCount(context, await rangeAt(cursor, context, end, complex), count, what);
  let few: number[] | null = null;
  if (small) {
    const bytes = new Uint8Array(real.bytes);
    await cursor.fill(bytes);
    makeNative(bytes, real.dtype, { littleEndian: context.littleEndian });
    few = Array.from(componentsToFloat64(elementsOver(bytes.buffer, 0, count, real.dtype), real.dtype));
  }
  const imaginary = complex ? checkCount(context, await rangeAt(cursor, context, end, false), count, what) : null;
  return { kind: 'numeric', className, size, logical, real, imaginary, few };
}

async function readText(cursor: MatCursor, context: Context, end: number, size: number[]): Promise<MatValue> {
  if (countOf(size) === 0) return { kind: 'text', size, text: '' };
  const tag = await readTag(cursor, context);
  const bytes = new Uint8Array(Math.min(tag.bytes, longestText));
  if (cursor.position + tag.bytes > end) throw corrupt(context.path, 'a text ends after its matrix', 'it lies inside');
  await cursor.fill(bytes);
  const wide = tag.type === 4 || tag.type === 17;
  const quad = tag.type === 18;
  makeNative(
    bytes.subarray(0, wide ? bytes.length & ~1 : quad ? bytes.length & ~3 : 0),
    quad ? 'uint32' : 'uint16',
    context,
  );
  const text =
    tag.type === 16
      ? Buffer.from(bytes).toString('utf8')
      : wide
        ? Buffer.from(bytes).toString('utf16le')
        : quad
          ? Array.from(new Uint32Array(bytes.buffer, 0, bytes.length >> 2), (code) =>
              String.fromCodePoint(Math.min(code, 0x10ffff)),
            ).join('')
          : latin1(bytes);
  return { kind: 'text', size, text: size[0] === 1 ? text : rowsOf(text, size) };
}

/** A matrix of characters is stored column by column; its rows become lines. */
function rowsOf(text: string, size: readonly number[]): string {
  const rows = size[0] ?? 1;
  const columns = Math.floor(text.length / Math.max(1, rows));
  if (rows > 1000 || rows * columns !== text.length) return text;
  const lines = Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (_, c) => text[c * rows + r])
      .join('')
      .trimEnd(),
  );
  return lines.join('\n');
}

async function readSparse(
  cursor: MatCursor,
  context: Context,
  end: number,
  about: { size: number[]; logical: boolean; complex: boolean },
): Promise<MatValue> {
  const { size, logical, complex } = about;
  if (size.length !== 2) throw corrupt(context.path, `a sparse matrix has ${size.length} sizes`, '2 were expected');
  const rows = await rangeAt(cursor, context, end, true);
  const columnStarts = await rangeAt(cursor, context, end, true);
  checkCount(context, columnStarts, size[1]! + 1, 'the columns of a sparse matrix');
  const values = await rangeAt(cursor, context, end, complex);
  // MATLAB stores true and false as bytes here and calls them doubles all the same
  const areBytes = logical && values.bytes === rows.bytes / itemSize(rows.dtype);
  const real = areBytes ? { ...values, dtype: 'uint8' as const } : values;
  const imaginary = complex ? await rangeAt(cursor, context, end, false) : null;
  return { kind: 'sparse', size, logical, rows, columnStarts, real, imaginary };
}

async function readChildren(
  cursor: MatCursor,
  context: Context,
  end: number,
  group: MatGroup,
  names: readonly string[],
  depth: number,
): Promise<MatGroup> {
  for (const [i, name] of names.entries()) {
    if (context.room <= 0) return { ...group, more: names.length - i };
    const tag = await readTag(cursor, context);
    if (tag.type !== 14)
      throw corrupt(context.path, `“${name}” is an element of type ${tag.type}`, 'a matrix was expected');
    const childEnd = cursor.position + tag.bytes;
    if (childEnd > end) throw corrupt(context.path, `“${name}” ends after what it is in`, 'it lies inside');
    const { value } = await readMatrix(cursor, context, childEnd, depth + 1);
    group.children.push({ name, value });
    await cursor.skip(childEnd - cursor.position);
  }
  return group;
}

async function readGroup(
  cursor: MatCursor,
  context: Context,
  end: number,
  className: string,
  size: number[],
  depth: number,
): Promise<MatValue> {
  const count = countOf(size);
  const group: MatGroup = { kind: 'group', className, size, children: [], more: 0 };
  // a child takes at least the 8 bytes of its tag: anything more is a lie and no name is made for it
  const refuse = (children: number): void => {
    if (children * 8 <= end - cursor.position) return;
    throw corrupt(
      context.path,
      `a ${className} of ${children} members has ${end - cursor.position} bytes`,
      'more were expected',
    );
  };
  if (className === 'cell') {
    refuse(count);
    const listed = Math.min(count, mostValues);
    const names = Array.from({ length: listed }, (_, i) => `{${i + 1}}`);
    const read = await readChildren(cursor, context, end, group, names, depth);
    return { ...read, more: read.more + count - listed };
  }
  const take = async (most: number): Promise<Uint8Array> =>
    takeElement(cursor, await readTag(cursor, context), most, end, context.path);
  const objectClass = className === 'object' ? latin1(await take(4096)) : null;
  const [length = 0] = integersOf(await take(4), context.littleEndian);
  const nameBytes = await take(2 ** 20);
  if (!(length > 0 && length <= 4096)) {
    throw corrupt(context.path, `field names have a length of ${length}`, '1 to 4096 was expected');
  }
  const fields = Array.from(
    { length: Math.floor(nameBytes.length / length) },
    (_, i) => latin1(nameBytes.subarray(i * length, (i + 1) * length)).split('\0', 1)[0]!,
  );
  const all = count * fields.length;
  refuse(all);
  const listed = Math.min(all, mostValues);
  const names = Array.from({ length: listed }, (_, i) => {
    const field = fields[i % fields.length]!;
    return count === 1 ? `.${field}` : `(${Math.floor(i / fields.length) + 1}).${field}`;
  });
  if (objectClass !== null) group.className = `object ${objectClass}`;
  const read = await readChildren(cursor, context, end, group, names, depth);
  return { ...read, more: read.more + all - listed };
}

/** One matrix; the cursor is behind its tag, and stays before its numbers (which may be long). */
async function readMatrix(
  cursor: MatCursor,
  context: Context,
  end: number,
  depth: number,
): Promise<{ name: string; value: MatValue }> {
  context.room--;
  const empty: MatValue = { kind: 'other', className: 'empty', size: [0, 0] };
  // an empty cell or field may be stored as a matrix of no bytes
  if (cursor.position === end) return { name: '', value: empty };
  const take = async (most: number): Promise<Uint8Array> =>
    takeElement(cursor, await readTag(cursor, context), most, end, context.path);
  const [flags = 0] = integersOf(await take(16), context.littleEndian);
  const className = classes[flags & 0xff];
  if (className === undefined) {
    throw corrupt(context.path, `a matrix has class ${flags & 0xff}`, 'a class from 1 to 17 was expected');
  }
  // classes of newer MATLAB keep something else here
  if (className === 'opaque') {
    const name = latin1(await take(4096));
    return { name, value: { kind: 'other', className, size: [] } };
  }
  const size = integersOf(await take(4 * 64), context.littleEndian);
  const name = latin1(await take(4096)).split('\0', 1)[0]!;
  const count = countOf(size);
  if (size.length < 2 || size.some((n) => n < 0) || !Number.isSafeInteger(count * 16)) {
    throw corrupt(
      context.path,
      `“${name}” has the size [${size.slice(0, 8).join(', ')}]`,
      'two or more sizes were expected',
    );
  }
  const complex = (flags & 0x0800) !== 0;
  const logical = (flags & 0x0200) !== 0;
  const value = async (): Promise<MatValue> => {
    if (className === 'cell' || className === 'struct' || className === 'object') {
      if (depth >= deepest) return { kind: 'other', className, size };
      return readGroup(cursor, context, end, className, size, depth);
    }
    if (className === 'function_handle') return { kind: 'other', className, size };
    if (className === 'char') return readText(cursor, context, end, size);
    if (className === 'sparse') return readSparse(cursor, context, end, { size, logical, complex });
    if (count === 0) return { kind: 'other', className: `empty ${className}`, size };
    return readNumeric(cursor, context, end, { className, size, logical, complex });
  };
  return { name, value: await value() };
}

async function readPacked(file: FileBytes, context: Context, offset: number, length: number): Promise<MatVariable> {
  const packed = measurePacked(file, offset, length, context.littleEndian);
  if (packed.size <= checkedAtOnce) inflateWhole(file, packed);
  const cursor = inflateCursor(file, packed);
  try {
    await cursor.skip(8);
    const read = await readMatrix(cursor, context, packed.size, 0);
    return { ...read, littleEndian: context.littleEndian, packed };
  } finally {
    await cursor.close();
  }
}

/**
 * All variables of a MATLAB 5, 6 or 7 file; numbers stay where they are.
 * @throws EigenscopeError `truncated-file`, `corrupt-file`
 */
export async function readMat5(file: FileBytes): Promise<MatFile> {
  const head = new Uint8Array(128);
  file.readInto(head, 0);
  const view = new DataView(head.buffer);
  const littleEndian = head[126] === 0x49;
  const context: Context = { path: file.path, littleEndian, room: mostValues };
  const subsystem = Number(view.getBigUint64(116, littleEndian));
  const variables: MatVariable[] = [];
  const warnings: string[] = [];
  for (let position = 128; position + 8 <= file.size;) {
    if (variables.length >= mostVariables || context.room <= 0) {
      warnings.push(`Only the first ${variables.length} variables of ${file.name} are listed.`);
      break;
    }
    const tag = file.view(position, 8);
    const type = tag.getUint32(0, littleEndian);
    const bytes = tag.getUint32(4, littleEndian);
    const start = position + 8;
    if (type !== 14 && type !== 15) {
      throw corrupt(file.path, `an element of type ${type} begins at byte ${position}`, 'a variable was expected');
    }
    if (start + bytes > file.size) throw truncated(file.path, start + bytes, file.size);
    const variable: MatVariable =
      type === 15
        ? await readPacked(file, context, start, bytes)
        : {
            ...(await readMatrix(fileCursor(file, start), context, start + bytes, 0)),
            littleEndian,
            packed: null,
          };
    // variables without a name are MATLAB's own book-keeping
    if (variable.name !== '' && position !== subsystem) variables.push(variable);
    position = start + bytes;
  }
  const text = latin1(head.subarray(0, 116)).replaceAll('\0', ' ').trimEnd();
  return { variables, warnings, about: { header: text, byte_order: littleEndian ? 'little-endian' : 'big-endian' } };
}
