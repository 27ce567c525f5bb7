import { describe, expect, it } from 'vitest';
import { createControlBlock, openControl, readCurve } from './control.ts';

describe('the live curve', () => {
  it('is empty at first and holds the points in order', () => {
    const block = createControlBlock();
    expect(readCurve(block)).toHaveLength(0);
    const control = openControl(block);
    control.objective(1, 50);
    control.objective(2, 25);
    expect(Array.from(readCurve(block))).toEqual([1, 50, 2, 25]);
  });
  it('is thinned evenly when it is long: never more than 512 points, the first one stays', () => {
    const block = createControlBlock();
    const control = openControl(block);
    for (let i = 0; i < 5000; i++) control.objective(i, 1 / (i + 1));
    const curve = readCurve(block);
    const iterations = Array.from(curve).filter((_, at) => at % 2 === 0);
    expect(iterations.length).toBeLessThanOrEqual(512);
    expect(iterations.length).toBeGreaterThan(256);
    expect(iterations[0]).toBe(0);
    const step = iterations[1]!;
    expect(iterations.every((iteration, i) => iteration === i * step)).toBe(true);
    expect(curve[curve.length - 1]).toBe(1 / (iterations.at(-1)! + 1));
  });
});
