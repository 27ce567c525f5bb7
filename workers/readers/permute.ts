type Words = Uint8Array | Uint16Array | Uint32Array;

/** Strides in elements of a C-order array: the last axis is 1. */
export function contiguousStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis]!;
  }
  return strides;
}

interface Dimension {
  size: number;
  from: number;
  to: number;
}

/** Drops axes of size 1 and joins axes that lie behind one another on both sides; slowest in the target first. */
function simplify(shape: readonly number[], from: readonly number[], to: readonly number[]): Dimension[] {
  const dims = shape
    .map((size, axis) => ({ size, from: from[axis]!, to: to[axis]! }))
    .filter((d) => d.size !== 1)
    .sort((a, b) => b.to - a.to);
  const joined: Dimension[] = [];
  for (const dim of dims) {
    const outer = joined.at(-1);
    if (outer && outer.from === dim.from * dim.size && outer.to === dim.to * dim.size) {
      outer.size *= dim.size;
      outer.from = dim.from;
      outer.to = dim.to;
    } else {
      joined.push({ ...dim });
    }
  }
  return joined;
}

/** Words are the largest unit that both sides are aligned to; 64-bit words would pass through floats, which may change NaNs. */
function wordsOf(bytes: Uint8Array, size: number): Words {
  if (size === 4) return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  if (size === 2) return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  return bytes;
}

const wordSize = (elementBytes: number, ...sides: Uint8Array[]): number => {
  const fits = (size: number) =>
    elementBytes % size === 0 && sides.every((s) => s.byteOffset % size === 0 && s.byteLength % size === 0);
  return fits(4) ? 4 : fits(2) ? 2 : 1;
};

/*
 * Tiles keep both sides of a transposition in the cache; 64 elements are some cache lines in a row, which the processor
 * fetches together.
 */
const tile = 64;

function transpose(from: Words, to: Words, at: number, out: number, a: Dimension, b: Dimension, lanes: number): void {
  for (let i0 = 0; i0 < a.size; i0 += tile) {
    const i1 = Math.min(i0 + tile, a.size);
    for (let j0 = 0; j0 < b.size; j0 += tile) {
      const j1 = Math.min(j0 + tile, b.size);
      for (let i = i0; i < i1; i++) {
        let source = at + i * a.from + j0 * b.from;
        let target = out + i * a.to + j0 * b.to;
        if (lanes === 1) {
          for (let j = j0; j < j1; j++, source += b.from, target += b.to) to[target] = from[source]!;
        } else {
          for (let j = j0; j < j1; j++, source += b.from, target += b.to) {
            for (let lane = 0; lane < lanes; lane++) to[target + lane] = from[source + lane]!;
          }
        }
      }
    }
  }
}

/** Runs of fewer words than this are copied by a loop: a call costs more than the copy. */
const shortRun = 24;

function copyRows(from: Words, to: Words, at: number, out: number, rows: Dimension, run: number): void {
  for (let i = 0; i < rows.size; i++, at += rows.from, out += rows.to) {
    if (run < shortRun) for (let j = 0; j < run; j++) to[out + j] = from[at + j]!;
    else to.set(from.subarray(at, at + run), out);
  }
}

/**
 * Copies an N-dimensional block of elements from one arrangement in memory to another. Strides and offsets are counted
 * in elements; the arrangements must lie inside their arrays and not overlap. Cache-blocked where the fast axes differ.
 */
export function copyStrided(
  elementBytes: number,
  shape: readonly number[],
  from: { bytes: Uint8Array; strides: readonly number[]; offset: number },
  to: { bytes: Uint8Array; strides: readonly number[]; offset: number },
): void {
  if (shape.includes(0)) return;
  const word = wordSize(elementBytes, from.bytes, to.bytes);
  const lanes = elementBytes / word;
  const source = wordsOf(from.bytes, word);
  const target = wordsOf(to.bytes, word);
  const dims = simplify(shape, from.strides, to.strides).map((d) => ({
    size: d.size,
    from: d.from * lanes,
    to: d.to * lanes,
  }));
  const one: Dimension = { size: 1, from: 0, to: 0 };

  const last = dims.at(-1);
  let kernel: (at: number, out: number) => void;
  if (last === undefined || (last.from === lanes && last.to === lanes)) {
    dims.pop();
    const rows = dims.pop() ?? one;
    const run = (last?.size ?? 1) * lanes;
    kernel = (at, out) => copyRows(source, target, at, out, rows, run);
  } else {
    dims.pop();
    // the axis that is fastest in the source is read along cache lines, the one that is fastest in the target written so
    const fastest = dims.reduce((best, d, i) => (d.from < (dims[best]?.from ?? Infinity) ? i : best), -1);
    const other = fastest >= 0 && dims[fastest]!.from < last.from ? dims.splice(fastest, 1)[0]! : one;
    kernel = (at, out) => transpose(source, target, at, out, other, last, lanes);
  }
  const walk = (depth: number, at: number, out: number): void => {
    const dim = dims[depth];
    if (dim === undefined) return kernel(at, out);
    for (let i = 0; i < dim.size; i++) walk(depth + 1, at + i * dim.from, out + i * dim.to);
  };
  walk(0, from.offset * lanes, to.offset * lanes);
}
