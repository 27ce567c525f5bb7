type Numbers = readonly number[];

/** The part of a block that lies in one chunk. */
export interface ChunkBox {
  /** place of the chunk among all chunks of the array, per axis */
  index: number[];
  /** where the box begins in the array, and its extent */
  start: number[];
  count: number[];
}

/** The parts of a block [start, start + count) in each chunk that it touches, in C order; none of an empty block. */
export function* chunkBoxes(chunk: Numbers, start: Numbers, count: Numbers): Generator<ChunkBox> {
  if (count.includes(0)) return;
  const first = start.map((at, axis) => Math.floor(at / chunk[axis]!));
  const last = start.map((at, axis) => Math.floor((at + count[axis]! - 1) / chunk[axis]!));
  const index = [...first];
  for (;;) {
    const from = index.map((i, axis) => Math.max(i * chunk[axis]!, start[axis]!));
    const extent = from.map(
      (at, axis) => Math.min((index[axis]! + 1) * chunk[axis]!, start[axis]! + count[axis]!) - at,
    );
    yield { index: [...index], start: from, count: extent };
    let axis = index.length - 1;
    while (axis >= 0 && index[axis] === last[axis]) {
      index[axis] = first[axis]!;
      axis--;
    }
    if (axis < 0) return;
    index[axis]! += 1;
  }
}
