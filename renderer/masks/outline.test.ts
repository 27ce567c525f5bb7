import { describe, expect, it } from 'vitest';
import { outlineOf } from './outline.ts';

/** The pieces, in any order. */
const outline = (rows: readonly string[], most?: number): string[] =>
  outlineOf(Uint8Array.from(rows.join(''), Number), rows[0]!.length, rows.length, most)
    .split(/(?=M)/)
    .sort();
const pieces = (text: string): string[] => text.split(/(?=M)/).sort();

describe('the outline of a set of pixels', () => {
  it('goes around a pixel and around a block, in as few pieces as there are sides', () => {
    expect(outline(['000', '010', '000'])).toEqual(pieces('M1 1h1M1 2h1M1 1v1M2 1v1'));
    expect(outline(['0000', '0110', '0110'])).toEqual(pieces('M1 1h2M1 3h2M1 1v2M3 1v2'));
  });
  it('goes around holes too, and along the edge of the image', () => {
    expect(outline(['111', '101', '111'])).toEqual(pieces('M0 0h3M1 1h1M1 2h1M0 3h3M0 0v3M1 1v1M2 1v1M3 0v3'));
  });
  it('parts every pixel in the set from every one beside it that is not', () => {
    const [width, height] = [17, 11];
    // a pattern without any order
    const set = Uint8Array.from({ length: width * height }, (_, p) => ((p * p * 7 + 3 * p) % 11 < 5 ? 1 : 0));
    const edges = new Set<string>();
    for (const piece of outlineOf(set, width, height).split(/(?=M)/)) {
      const [, x, y, letter, n] = /M(\d+) (\d+)([hv])(\d+)/.exec(piece)!;
      for (let i = 0; i < Number(n); i++)
        edges.add(letter === 'h' ? `h ${Number(x) + i} ${y}` : `v ${x} ${Number(y) + i}`);
    }
    const at = (x: number, y: number): number =>
      x < 0 || y < 0 || x >= width || y >= height ? 0 : set[y * width + x]!;
    const expected = new Set<string>();
    for (let y = 0; y <= height; y++)
      for (let x = 0; x <= width; x++) {
        if (at(x, y) !== at(x, y - 1)) expected.add(`h ${x} ${y}`);
        if (at(x, y) !== at(x - 1, y)) expected.add(`v ${x} ${y}`);
      }
    expect(edges).toEqual(expected);
  });
  it('is empty where there is nothing, or too much to be drawn', () => {
    expect(outlineOf(new Uint8Array(4), 2, 2)).toBe('');
    expect(outlineOf(Uint8Array.of(1, 0, 1, 0, 1, 0, 1, 0, 1), 3, 3, 10)).toBe('');
    expect(outlineOf(Uint8Array.of(1, 0, 1, 0, 1, 0, 1, 0, 1), 3, 3, 100)).not.toBe('');
  });
});
