import { itemSize } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { SignalHeader } from '../model/signal.ts';
import { checkedBytes } from './array-size.ts';
import type { FileBytes } from './file-bytes.ts';
import { corrupt, truncated, withFile } from './file-bytes.ts';
import type { NpyHeader } from './numpy-format.ts';
import { npyHeaderBytes, parseNpyHeader } from './numpy-format.ts';
import type { NpyData } from './numpy-signal.ts';
import { npySignal } from './numpy-signal.ts';
import { contiguousStrides, copyStrided } from './permute.ts';
import { makeNative } from './raw-pixels.ts';
import type { Reader, ReadHints } from './reader.ts';
import type { ZipMember } from './zip-directory.ts';
import { memberOffset, readZipDirectory } from './zip-directory.ts';
import { checkRatio, inflateMember } from './zip-member.ts';

/** Compressed members are unpacked with the header, all together up to this size. */
const inflateLimit = 2 ** 30;
/** Elements as they were saved → the array's own C order, little-endian, in memory of their own. */
function settle(stored: Uint8Array, header: NpyHeader): Uint8Array {
  const size = itemSize(header.dtype);
  const bytes = stored.slice();
  const layout = {
    kind: 'raw',
    path: '',
    offset: 0,
    littleEndian: header.littleEndian,
    storedShape: header.shape,
  } as const;
  makeNative(bytes, header.dtype, layout);
  if (!header.fortranOrder || header.shape.length < 2) return bytes;
  const target = new Uint8Array(bytes.length);
  const fast = contiguousStrides([...header.shape].reverse()).reverse();
  copyStrided(
    size,
    header.shape,
    { bytes, strides: fast, offset: 0 },
    { bytes: target, strides: contiguousStrides(header.shape), offset: 0 },
  );
  return target;
}

/** The header of a member and where its elements are; compressed ones are unpacked. */
function openMember(file: FileBytes, member: ZipMember): { header: NpyHeader; data: NpyData } {
  const label = `${file.path} › ${member.name}`;
  if (member.encrypted || (member.method !== 0 && member.method !== 8)) {
    throw new EigenscopeError(
      'unsupported-format',
      `The member “${member.name}” of ${file.name} is ${member.encrypted ? 'encrypted' : `compressed by method ${member.method}`}. Save it again with np.savez or np.savez_compressed.`,
      { path: file.path },
    );
  }
  const offset = memberOffset(file, member);
  if (member.method === 8) {
    const bytes = inflateMember(file, member, offset);
    const header = parseNpyHeader(bytes, label);
    const needed = header.shape.length === 0 ? 0 : checkedBytes(label, header.shape, header.dtype);
    if (bytes.length - header.dataOffset < needed) throw truncated(label, header.dataOffset + needed, bytes.length);
    const elements = settle(bytes.subarray(header.dataOffset, header.dataOffset + needed), header);
    return { header: { ...header, fortranOrder: false, littleEndian: true }, data: { bytes: elements } };
  }
  if (member.size !== member.compressedSize) {
    throw corrupt(file.path, `the member “${member.name}” is stored but has two sizes`, 'one size was expected');
  }
  const bytesAt = (length: number): Uint8Array => {
    const view = file.view(offset, Math.min(length, member.size));
    return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  };
  const header = parseNpyHeader(bytesAt(npyHeaderBytes(bytesAt(12), label)), label);
  const needed = header.dataOffset + (header.shape.length === 0 ? 0 : checkedBytes(label, header.shape, header.dtype));
  if (member.size < needed) throw truncated(label, needed, member.size);
  return { header, data: { path: file.path, offset: offset + header.dataOffset, ...file.stamp() } };
}

const arrayName = (member: ZipMember): string => member.name.replace(/\.npy$/i, '');

function chosenMembers(file: FileBytes, hints: ReadHints): ZipMember[] {
  const all = readZipDirectory(file);
  const arrays = all.filter((member) => /\.npy$/i.test(member.name));
  if (arrays.length === 0) {
    const names = all.map((member) => member.name);
    const zarr = names.some((name) => /(^|\/)(\.z(group|attrs|array|metadata)|zarr\.json)$/.test(name));
    throw new EigenscopeError(
      'unsupported-format',
      zarr
        ? `${file.name} is a zipped Zarr store. Give it the ending .zspy to open it.`
        : `${file.name} is a zip without NumPy arrays; it holds ${names.slice(0, 4).join(', ') || 'nothing'}. Unpack it and open a file of data inside.`,
      { path: file.path },
    );
  }
  if (hints.dataset === undefined) return arrays;
  const found = arrays.find((member) => member.name === hints.dataset || arrayName(member) === hints.dataset);
  if (found) return [found];
  throw new EigenscopeError(
    'not-found',
    `${file.name} has no array “${hints.dataset}”; it has ${arrays.map(arrayName).slice(0, 12).join(', ')}.`,
    { path: file.path, dataset: hints.dataset },
  );
}

/**
 * The arrays of a zip: each of one axis or more is a signal. Text, single numbers and pickled objects (HyperSpy's
 * learning results hold some) are left out and said so.
 */
function readArrays(file: FileBytes, hints: ReadHints): SignalHeader[] {
  const members = chosenMembers(file, hints);
  const signals: SignalHeader[] = [];
  const left: string[] = [];
  let refusal: unknown = null;
  let room = inflateLimit;
  for (const member of members) {
    try {
      if (member.method === 8) {
        checkRatio(file, member);
        room -= member.size;
        if (room < 0) {
          throw new EigenscopeError(
            'unsupported-format',
            `“${member.name}” in ${file.name} is compressed and takes more than fits into the 1 GiB set aside for unpacking. Save it with np.savez instead of np.savez_compressed, or as .npy.`,
            { path: file.path, bytes: member.size },
          );
        }
      }
      const { header, data } = openMember(file, member);
      if (header.shape.length === 0) {
        left.push(`${arrayName(member)} (a single value)`);
        continue;
      }
      signals.push(npySignal(file.name, arrayName(member), header, data, hints));
    } catch (error) {
      const known = error instanceof EigenscopeError && ['unsupported-format', 'shape-mismatch'].includes(error.code);
      const empty = error instanceof EigenscopeError && error.message.includes('every size must be at least 1');
      if (!known && !empty) throw error;
      refusal ??= error;
      left.push(arrayName(member));
    }
  }
  const [first] = signals;
  if (first === undefined) {
    if (refusal !== null) throw refusal;
    throw new EigenscopeError(
      'unsupported-format',
      `${file.name} holds single values only (${left.slice(0, 6).join(', ')}); an array of at least one axis is needed.`,
      { path: file.path },
    );
  }
  if (left.length === 0) return signals;
  const note = `Left out of ${file.name}: ${left.slice(0, 20).join(', ')}${left.length > 20 ? ', …' : ''}.`;
  return [{ ...first, warnings: [...first.warnings, note] }, ...signals.slice(1)];
}

/** Several arrays of NumPy in a zip, stored or compressed. */
export const npzReader: Reader = {
  id: 'numpy',
  title: 'NumPy arrays (zip)',
  extensions: ['npz'],
  probe(head, path) {
    const zip = head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5);
    return zip ? (/\.npz$/i.test(path) ? 1 : 0.6) : 0;
  },
  header: async (path, hints) => withFile(path, (file) => ({ format: 'numpy', signals: readArrays(file, hints) })),
};
