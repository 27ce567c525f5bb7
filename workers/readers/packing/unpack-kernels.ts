import { kernels } from '../../kernels/kernels.ts';

/* The compiled forms of LZ4 and of both kinds of shuffling, for bytes that lie outside of the kernels' memory. */

/** Less than this is done before it is copied there and back. */
const leastBytes = 1024;
/** Memory of the kernels that one call takes at most, for packed and unpacked bytes each. */
const mostBytes = 16 * 2 ** 20;
/** Elements are joined in pieces of about this size, so that they stay in the cache. */
const pieceBytes = 64 * 1024;

/** Memory of the kernels; good until the next allocation. */
export const memoryOf = (address: number): Uint8Array => new Uint8Array(kernels().i32(address, 0).buffer);

/**
 * Unpacks one LZ4 block.
 * @returns whether it filled `to` exactly; null when it is too small or too large for this way
 */
export function unpackLz4Compiled(from: Uint8Array, to: Uint8Array): boolean | null {
  if (to.length < leastBytes || to.length > mostBytes || from.length > mostBytes) return null;
  return kernels().scope((allocate) => {
    const packed = allocate(from.length);
    const unpacked = allocate(to.length);
    const memory = memoryOf(packed);
    memory.set(from, packed);
    if (kernels().run.unpackLz4(packed, from.length, unpacked, to.length) === 0) return false;
    to.set(memory.subarray(unpacked, unpacked + to.length));
    return true;
  });
}

/** Joins the bytes of elements; false when there are too few of them for this way. Bytes beyond the last element are not copied. */
export function joinBytesCompiled(from: Uint8Array, to: Uint8Array, itemBytes: number): boolean {
  const count = Math.floor(from.length / itemBytes);
  if (from.length < leastBytes || (itemBytes !== 2 && itemBytes !== 4 && itemBytes !== 8)) return false;
  const { run, scope } = kernels();
  const step = pieceBytes / itemBytes;
  scope((allocate) => {
    const planes = allocate(pieceBytes);
    const joined = allocate(pieceBytes);
    const memory = memoryOf(planes);
    for (let first = 0; first < count; first += step) {
      const n = Math.min(step, count - first);
      for (let plane = 0; plane < itemBytes; plane++) {
        const at = plane * count + first;
        memory.set(from.subarray(at, at + n), planes + plane * n);
      }
      run.joinBytes(n, itemBytes, planes, joined);
      to.set(memory.subarray(joined, joined + n * itemBytes), first * itemBytes);
    }
  });
  return true;
}

/** Joins the bits of elements, a multiple of eight of them; false when they are too few or too many for this way. */
export function joinBitsCompiled(from: Uint8Array, to: Uint8Array, itemBytes: number, count: number): boolean {
  const bytes = count * itemBytes;
  if (bytes < leastBytes || bytes > mostBytes || count % 8 !== 0) return false;
  const { run, scope } = kernels();
  scope((allocate) => {
    const source = allocate(bytes);
    const target = allocate(bytes);
    const memory = memoryOf(source);
    memory.set(from.subarray(0, bytes), source);
    run.joinBits(count, itemBytes, source, target);
    if (itemBytes > 1) run.joinBytes(count, itemBytes, target, source);
    const joined = itemBytes > 1 ? source : target;
    to.set(memory.subarray(joined, joined + bytes));
  });
  return true;
}
