import { describe, expect, it } from 'vitest';
import { checkBlock, readByFilling, readFrom, readThrough, runsOfBlock } from './read-block.ts';

const shape = [4, 3, 5];
const signal = { shape, dtype: 'uint16' } as const;
const whole = Uint16Array.from({ length: 60 }, (_, i) => 7 * i);
/** Elements of a block by its definition. */
function blockOf([y0, x0, c0]: readonly number[], [ny, nx, nc]: readonly number[]): number[] {
  const values: number[] = [];
  for (let y = y0!; y < y0! + ny!; y++)
    for (let x = x0!; x < x0! + nx!; x++) for (let c = c0!; c < c0! + nc!; c++) values.push(7 * ((y * 3 + x) * 5 + c));
  return values;
}
const blocks: [start: number[], count: number[]][] = [
  [[0, 0, 0], shape],
  [
    [1, 0, 0],
    [2, 3, 5],
  ],
  [
    [1, 1, 0],
    [3, 2, 5],
  ],
  [
    [0, 1, 2],
    [4, 2, 3],
  ],
  [
    [3, 2, 4],
    [1, 1, 1],
  ],
  [
    [2, 0, 1],
    [1, 3, 1],
  ],
  [
    [2, 1, 1],
    [0, 2, 3],
  ],
];

describe('runs of a block', () => {
  it.each(blocks.slice(0, -1))('from %j of %j are its elements, in order', (start, count) => {
    const { length, firsts } = runsOfBlock(shape, start, count);
    const values = [...firsts].flatMap((first) => [...whole.subarray(first, first + length)]);
    expect(values).toEqual(blockOf(start, count));
  });

  it('are as long as the array allows, and say how far they are apart', () => {
    expect(runsOfBlock(shape, [1, 0, 0], [2, 3, 5])).toMatchObject({ length: 30, apart: 0 });
    expect(runsOfBlock(shape, [1, 1, 0], [3, 2, 5])).toMatchObject({ length: 10, apart: 15 });
    expect(runsOfBlock(shape, [0, 1, 2], [4, 2, 3])).toMatchObject({ length: 3, apart: 5 });
    const scalar = runsOfBlock([], [], []);
    expect([scalar.length, scalar.apart, [...scalar.firsts]]).toEqual([1, 0, [0]]);
  });
});

describe('reading blocks', () => {
  const bytes = new Uint8Array(whole.buffer);
  it.each(blocks)('from %j of %j, out of an array in memory', (start, count) => {
    const read = readThrough(
      signal,
      readFrom(signal, () => bytes),
    );
    expect([...(read(start, count) as Uint16Array)]).toEqual(blockOf(start, count));
  });

  it('by filling elements, also into memory that is not aligned', () => {
    const source = readByFilling<Uint16Array>(signal, (target, start, count) => target.set(blockOf(start, count)));
    const [start, count] = blocks[3]!;
    expect([...(source.read(start, count) as Uint16Array)]).toEqual(blockOf(start, count));
    for (const shift of [0, 1]) {
      const target = new Uint8Array(48 + shift).subarray(shift);
      source.readInto(target, start, count);
      expect([...new Uint16Array(target.slice().buffer)]).toEqual(blockOf(start, count));
    }
  });

  it.each([
    [
      [0, 0],
      [1, 1],
    ],
    [
      [0, 0, 3],
      [1, 1, 3],
    ],
    [
      [-1, 0, 0],
      [1, 1, 1],
    ],
    [
      [0, 0, 0.5],
      [1, 1, 1],
    ],
  ])('refuses %j of %j, which leaves the array', (start, count) => {
    expect(() => checkBlock(signal, start, count)).toThrow(/leaves the array of shape \[4, 3, 5\]/);
    expect(() => readThrough(signal, () => {})(start, count)).toThrow(/leaves/);
    expect(() => readByFilling(signal, () => {}).read(start, count)).toThrow(/leaves/);
  });
});
