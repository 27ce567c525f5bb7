import type { ChunkBox } from '../chunk-boxes.ts';
import { contiguousStrides } from '../permute.ts';
import type { Chunks } from './open-chunks.ts';

type Numbers = readonly number[];

/** Shorter runs are better read together with what lies between them, unless there are but a few. */
const leastRunBytes = 4096;
const fewRuns = 8;

/**
 * Reads a box of a chunk that is stored as it is straight to where it is wanted, run by run.
 * @param strides of the array's axes in `target`, `offset` the place of the box's first element, in elements
 * @returns false when nothing was read: runs are short or lie in another order in the target, the chunk is packed or was
 *   never written
 * @throws EigenscopeError `truncated-file`, `corrupt-file`
 */
export function readPlainRuns(
  { chunk, plain }: Chunks,
  { index, start, count }: ChunkBox,
  size: number,
  target: Uint8Array,
  strides: Numbers,
  offset: number,
): boolean {
  if (!plain) return false;
  const inChunk = contiguousStrides(chunk);
  let run = 1;
  let axis = count.length - 1;
  for (; axis >= 0; axis--) {
    if (count[axis] === 1) continue;
    if (inChunk[axis] !== run || strides[axis] !== run) break;
    run *= count[axis]!;
  }
  const outer = count.slice(0, axis + 1);
  const runs = outer.reduce((product, n) => product * n, 1);
  if (run * size < leastRunBytes && runs > fewRuns) return false;
  const readAt = plain(index);
  if (readAt === null) return false;
  const at = new Array<number>(outer.length).fill(0);
  let from = start.reduce((sum, i, a) => sum + (i - index[a]! * chunk[a]!) * inChunk[a]!, 0);
  let to = offset;
  for (let left = runs; left > 0; left--) {
    readAt(from * size, target.subarray(to * size, (to + run) * size));
    for (let a = outer.length - 1; a >= 0; a--) {
      from += inChunk[a]!;
      to += strides[a]!;
      if (++at[a]! < outer[a]!) break;
      from -= outer[a]! * inChunk[a]!;
      to -= outer[a]! * strides[a]!;
      at[a] = 0;
    }
  }
  return true;
}
