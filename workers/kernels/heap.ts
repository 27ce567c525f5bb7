import { EigenscopeError } from '../model/errors.ts';

/** Addresses are 32-bit: no more than this can be reached. */
export const maximumBytes = 2 ** 32 - 65536;

/** Blocks of a growing memory: first fit, neighbours joined when freed, so that repeated work reuses the same bytes. */
export interface Heap {
  /** Address of `bytes` bytes, a multiple of 16; contents are undefined. Throws `out-of-memory` beyond 4 GB. */
  allocate(bytes: number): number;
  free(address: number): void;
  /** bytes in live blocks */
  readonly used: number;
}

/** `grow(end)` makes the memory at least `end` bytes long. */
export function createHeap(base: number, grow: (end: number) => void): Heap {
  const start = align(base);
  const live = new Map<number, number>();
  /** free blocks below `end`, by address */
  const gaps: { address: number; bytes: number }[] = [];
  let end = start;
  let used = 0;

  return {
    allocate(bytes) {
      const size = align(Math.max(bytes, 16));
      const found = gaps.findIndex((gap) => gap.bytes >= size);
      const gap = gaps[found];
      let address: number;
      if (gap) {
        address = gap.address;
        gap.address += size;
        gap.bytes -= size;
        if (gap.bytes === 0) gaps.splice(found, 1);
      } else {
        const last = gaps.at(-1);
        const joins = last !== undefined && last.address + last.bytes === end;
        address = joins ? last.address : end;
        if (!(address + size <= maximumBytes)) {
          throw new EigenscopeError(
            'out-of-memory',
            `The matrices of this step need ${gigabytes(used + size)} GB in one thread; 4 GB is the most there can be. ` +
              'Bin or crop the data, or choose a method that works in blocks.',
            { neededBytes: used + size, availableBytes: maximumBytes },
          );
        }
        grow(address + size);
        if (joins) gaps.pop();
        end = address + size;
      }
      live.set(address, size);
      used += size;
      return address;
    },
    free(address) {
      const bytes = live.get(address);
      if (bytes === undefined) throw new Error(`No block of kernel memory starts at ${address}`);
      live.delete(address);
      used -= bytes;
      const at = gaps.findIndex((gap) => gap.address > address);
      const index = at < 0 ? gaps.length : at;
      gaps.splice(index, 0, { address, bytes });
      joinAt(gaps, index);
      joinAt(gaps, index - 1);
    },
    get used() {
      return used;
    },
  };
}

const align = (bytes: number): number => Math.ceil(bytes / 16) * 16;
const gigabytes = (bytes: number): string => (bytes / 2 ** 30).toFixed(1);

/** Joins the gap at `index` with the next one when they touch. */
function joinAt(gaps: { address: number; bytes: number }[], index: number): void {
  const gap = gaps[index];
  const next = gaps[index + 1];
  if (gap && next && gap.address + gap.bytes === next.address) {
    gap.bytes += next.bytes;
    gaps.splice(index + 1, 1);
  }
}
