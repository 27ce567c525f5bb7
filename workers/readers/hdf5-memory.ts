import type { Hdf5Module } from './hdf5-library.ts';

/* Damaged files make the library ask for gigabytes before it looks whether the file can hold them. */

const page = 65_536;
/** What files of any size may need: tiles, chunks as stored and unpacked. */
const leastLimit = 512 * 2 ** 20;
/** Bytes of memory for each byte of the largest file that was opened. */
const perFileByte = 20;

/** Raises the limit for a file of this size; called before it is opened. */
export type MakeRoom = (fileBytes: number) => void;

/**
 * Limits how far the memory of an instance may grow; beyond, the library is told that there is none. The memory itself
 * is not handed out by the module: it is the one that grows when a large block is asked for.
 */
export function limitMemory(module: Hdf5Module): MakeRoom {
  const { prototype } = WebAssembly.Memory;
  const grow = Object.getOwnPropertyDescriptor(prototype, 'grow')!.value as (pages: number) => number;
  const grown: WebAssembly.Memory[] = [];
  prototype.grow = function (this: WebAssembly.Memory, pages) {
    if (this.buffer === module.HEAPU8.buffer) grown.push(this);
    return grow.call(this, pages);
  };
  try {
    module._free(module._malloc(module.HEAPU8.length));
  } finally {
    prototype.grow = grow;
  }
  let limit = leastLimit;
  const memory = grown[0];
  if (memory !== undefined) {
    memory.grow = (pages) => {
      if (memory.buffer.byteLength + pages * page > limit) throw new RangeError(`more than ${limit} bytes`);
      return grow.call(memory, pages);
    };
  }
  return (fileBytes) => {
    limit = Math.max(limit, leastLimit + perFileByte * fileBytes);
  };
}
