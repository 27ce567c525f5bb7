/**
 * Elements as they come from a file, in the machine's (little-endian) byte order. One array element per value, except:
 * complex64/complex128 are interleaved re, im (Float32Array/Float64Array), colours are interleaved R, G, B(, A)
 * (Uint8Array/Uint16Array), float16 is its bit pattern (Uint16Array), bool is one byte per value (Uint8Array).
 */
export type Elements =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/**
 * An open signal whose pixels are read by block. `start` and `count` are given per axis of the signal, in its own axis
 * order, slowest first; what comes back is in C order of `count`.
 */
export interface PixelSource {
  /**
   * @throws EigenscopeError `truncated-file`, `corrupt-file`, `not-readable`; `parameter-out-of-range` when the block
   * leaves the array
   */
  read(start: readonly number[], count: readonly number[]): Elements;
  /** The same into memory that is there already (shared or not): exactly product(count) × itemSize bytes. */
  readInto(target: Uint8Array, start: readonly number[], count: readonly number[]): void;
  /** How many indices of the slowest axis are best read together (whole chunks of the file); any number when absent. */
  readonly band?: number;
  /**
   * Chunks of the file along every axis of the signal, and a way to put a block straight where it belongs: `strides` are
   * those of the signal's axes in `target`, `offset` the place of the block's first element, in elements. Blocks of whole
   * chunks are then each unpacked once, in any order of axes, and nothing is kept.
   */
  readonly chunk?: readonly number[];
  place?(
    target: Uint8Array,
    strides: readonly number[],
    offset: number,
    start: readonly number[],
    count: readonly number[],
  ): void;
  /**
   * Where a file can only be decoded from front to back: decodes all of it once, straight into `target`, without
   * keeping it. `strides` are those of the signal's axes in `target`, in elements; `step` is told the bytes read and
   * throws to stop. Used instead of reading block by block when everything is wanted.
   */
  fill?(target: Uint8Array, strides: readonly number[], step: (bytes: number) => void): Promise<void>;
  close(): void;
}
