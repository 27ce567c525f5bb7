import { describe, expect, it } from 'vitest';
import { checkChoices, startChoices } from './read-choices.ts';

const events = { frames: 20, summed: true, detectors: ['SuperX1', 'SuperX2'] } as const;
const hints = (part: Partial<ReturnType<typeof startChoices>>, options: Parameters<typeof checkChoices>[1] = events) =>
  checkChoices({ ...startChoices(), ...part }, options);

describe('checkChoices', () => {
  it('asks for nothing when nothing is chosen', () => {
    expect(hints({})).toEqual({ problem: null, hints: {} });
    expect(hints({ first: '1', last: '20' }).hints).toEqual({});
  });
  it('counts frames from 1 as people do, from 0 with the end exclusive as readers do', () => {
    expect(hints({ first: '3', last: '5' }).hints).toEqual({ frames: [2, 5] });
    expect(hints({ first: '3' }).hints).toEqual({ frames: [2, 20] });
    expect(hints({ sum: false, detector: 1 }).hints).toEqual({ sumFrames: false, detector: 1 });
  });
  it('reads to the last frame where nobody knows how many there are', () => {
    const { frames } = hints({ first: '3' }, { frames: null, summed: true }).hints;
    expect(frames?.[0]).toBe(2);
    expect(frames?.[1]).toBeGreaterThan(1e9);
  });
  it('leaves out what the reader does not offer', () => {
    expect(hints({ sum: false, detector: 1, first: '2' }, {}).hints).toEqual({});
    expect(hints({ sum: false, last: '2' }, { frames: 5 }).hints).toEqual({ frames: [0, 2] });
  });
  it('says in words what is wrong', () => {
    expect(hints({ first: '5', last: '3' }).problem).toMatch(/5 to 3/);
    expect(hints({ last: '21' }).problem).toMatch(/20 frames/);
    expect(hints({ first: '21' }).problem).toMatch(/20 frames/);
    expect(hints({ first: 'x' }).problem).toMatch(/whole numbers from 1/);
  });
});
