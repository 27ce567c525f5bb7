import { inflateRawSync } from 'node:zlib';
import { EigenscopeError } from '../model/errors.ts';
import type { Scalar } from '../model/result.ts';
import { corrupt, latin1, withFile, type FileBytes } from './file-bytes.ts';
import { noLearningResults, putArray, putScalar, resultArrayOf, type LearningResults } from './learning-results.ts';
import { npyHeaderBytes } from './numpy-format.ts';
import { parsePythonLiteral } from './numpy-literal.ts';
import { npzReader } from './npz.ts';
import { openPixels } from './pixel-blocks.ts';
import { memberOffset, readZipDirectory, type ZipMember } from './zip-directory.ts';

/** Headers, single values and short texts; arrays are read as signals. */
const headBytes = 256 * 1024;

function headOf(file: FileBytes, member: ZipMember): Uint8Array {
  const offset = memberOffset(file, member);
  const stored = file.view(offset, Math.min(headBytes, member.compressedSize));
  const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength).slice();
  if (member.method === 0) return bytes;
  // Only small members are unpacked here; single values are never large.
  if (member.size > headBytes || member.compressedSize > headBytes) return new Uint8Array(0);
  try {
    return inflateRawSync(bytes, { maxOutputLength: headBytes });
  } catch {
    throw corrupt(
      file.path,
      `the compressed member “${member.name}” cannot be unpacked`,
      'a whole deflate stream was expected',
    );
  }
}

/** Type and shape of a member from its header; null when it is not an array or its head is too large to look at. */
function describe(file: FileBytes, head: Uint8Array): { descriptor: string; shape: unknown[]; offset: number } | null {
  if (head.length < 12) return null;
  const offset = npyHeaderBytes(head, file.path);
  if (head.length < offset) return null;
  let header: unknown;
  try {
    header = parsePythonLiteral(latin1(head.subarray(head[6] === 1 ? 10 : 12, offset)));
  } catch {
    return null;
  }
  if (!(header instanceof Map)) return null;
  const [descriptor, shape] = [header.get('descr'), header.get('shape')];
  return typeof descriptor === 'string' && Array.isArray(shape) ? { descriptor, shape, offset } : null;
}

/** NumPy text: UTF-32 code points, padded with NUL. */
function decodeUnicode(bytes: Uint8Array, count: number, isLittle: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let i = 0; i < count && 4 * i + 4 <= bytes.length; i++) {
    const point = view.getUint32(4 * i, isLittle);
    if (point === 0) break;
    text += point <= 0x10_ffff ? String.fromCodePoint(point) : '\ufffd';
  }
  return text;
}

function decodeScalar(bytes: Uint8Array, descriptor: string): Scalar | undefined {
  const match = /^([<>|=])([biufU])(\d+)$/.exec(descriptor);
  if (!match) return undefined;
  const [isLittle, kind, size] = [match[1] !== '>', match[2]!, Number(match[3])];
  if (kind === 'U') return decodeUnicode(bytes, size, isLittle);
  if (bytes.length < size) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (kind === 'b') return view.getUint8(0) !== 0;
  if (kind === 'f')
    return size === 8 ? view.getFloat64(0, isLittle) : size === 4 ? view.getFloat32(0, isLittle) : undefined;
  if (size === 8) return Number(kind === 'i' ? view.getBigInt64(0, isLittle) : view.getBigUint64(0, isLittle));
  if (size === 4) return kind === 'i' ? view.getInt32(0, isLittle) : view.getUint32(0, isLittle);
  if (size === 2) return kind === 'i' ? view.getInt16(0, isLittle) : view.getUint16(0, isLittle);
  return size === 1 ? (kind === 'i' ? view.getInt8(0) : view.getUint8(0)) : undefined;
}

/**
 * Learning results from a .npz file as HyperSpy saves them. Pickled objects (its way to write nothing) count as absent
 * and are never unpickled; single values and texts become scalars.
 * @throws EigenscopeError `file-not-found`, `truncated-file`, `corrupt-file`, `unsupported-format` (no arrays in it)
 */
export async function readNpzLearningResults(path: string): Promise<LearningResults> {
  const results = noLearningResults();
  const arrays: string[] = [];
  withFile(path, (file) => {
    for (const member of readZipDirectory(file)) {
      if (!/\.npy$/i.test(member.name) || member.encrypted || (member.method !== 0 && member.method !== 8)) continue;
      const name = member.name.replace(/\.npy$/i, '');
      const head = headOf(file, member);
      const found = describe(file, head);
      if (!found) arrays.push(name);
      else if (/O/.test(found.descriptor)) continue;
      else if (found.shape.length > 0) arrays.push(name);
      else {
        const value = decodeScalar(head.subarray(found.offset), found.descriptor);
        if (value === undefined) results.ignored.push(name);
        else putScalar(results, name, value);
      }
    }
  });
  for (const name of arrays) await readArray(path, name, results);
  return results;
}

async function readArray(path: string, name: string, results: LearningResults): Promise<void> {
  try {
    const [signal] = (await npzReader.header(path, { dataset: name })).signals;
    if (!signal) return;
    const source = await openPixels(signal);
    try {
      putArray(
        results,
        name,
        resultArrayOf(
          source.read(
            signal.shape.map(() => 0),
            signal.shape,
          ),
          signal.dtype,
          signal.shape,
        ),
      );
    } finally {
      source.close();
    }
  } catch (thrown) {
    // Text lists and empty arrays are no numbers to take over.
    if (!(thrown instanceof EigenscopeError) || thrown.code !== 'unsupported-format') throw thrown;
    results.ignored.push(name);
  }
}
