import { describe, expect, it } from 'vitest';
import { sharedSource } from '../../../../test/golden/run-step.ts';
import { batchEnds, readSamples, sampleView, streamSamples } from './samples.ts';

const view = {
  source: sharedSource(
    Float64Array.from({ length: 12 }, (_, i) => i),
    'float64',
    3,
    4,
  ),
};

describe('batches', () => {
  it('are ⌊n / size⌋ parts of which the first are longer by one', () => {
    expect([...batchEnds(90, 20)]).toEqual([23, 46, 68, 90]);
    expect([...batchEnds(6, 2)]).toEqual([2, 4, 6]);
  });
  it('are one when the size is larger than the stream, and single samples without a size', () => {
    expect([...batchEnds(5, 100)]).toEqual([5]);
    expect([...batchEnds(3, null)]).toEqual([1, 2, 3]);
  });
});

describe('the stream', () => {
  const samplesOf = (stream: 'channels' | 'pixels', most = Infinity): number[][] => {
    const seen: number[][] = [];
    streamSamples(sampleView(view, stream), (sample, values, at) => {
      expect(sample).toBe(seen.length);
      seen.push([...values.subarray(at, at + (stream === 'channels' ? 3 : 4))]);
      return seen.length < most;
    });
    return seen;
  };
  it('of channels gives one image after the other, of pixels one spectrum after the other', () => {
    expect(samplesOf('channels')).toEqual([
      [0, 4, 8],
      [1, 5, 9],
      [2, 6, 10],
      [3, 7, 11],
    ]);
    expect(samplesOf('pixels')).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9, 10, 11],
    ]);
  });
  it('ends when told to', () => expect(samplesOf('channels', 2).length).toBe(2));
  it('gives its first samples, and no more than there are', () => {
    expect([...readSamples(view, 2).data]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(readSamples(view, 9).rows).toBe(3);
  });
});
