import { describe, expect, it } from 'vitest';
import { boxesOfRun } from './runs-of-boxes.ts';

/** The linear indices of a box, one index after the other. */
function* indicesOf(shape: readonly number[], start: readonly number[], count: readonly number[]): Generator<number> {
  const total = count.reduce((a, b) => a * b, 1);
  for (let n = 0; n < total; n++) {
    let [rest, at, stride] = [n, 0, 1];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += (start[axis]! + (rest % count[axis]!)) * stride;
      rest = Math.floor(rest / count[axis]!);
      stride *= shape[axis]!;
    }
    yield at;
  }
}

describe('boxes of a run of elements', () => {
  it.each([[[4, 3, 5]], [[7]], [[2, 1, 3, 1, 4]], [[1, 6, 2]]])('cover every run of %j once, in order', (shape) => {
    const total = shape.reduce((a, b) => a * b, 1);
    for (let first = 0; first < total; first++) {
      for (let end = first; end <= total; end++) {
        const boxes = [...boxesOfRun(shape, first, end)];
        const found = boxes.flatMap(({ start, count }) => [...indicesOf(shape, start, count)]);
        expect(found).toEqual(Array.from({ length: end - first }, (_, i) => first + i));
        expect(boxes.length).toBeLessThanOrEqual(2 * shape.length + 1);
      }
    }
  });
  it('takes an array at once when the run is all of it', () => {
    expect([...boxesOfRun([100, 1, 50], 0, 5000)]).toEqual([{ start: [0, 0, 0], count: [100, 1, 50], elements: 5000 }]);
  });
});
