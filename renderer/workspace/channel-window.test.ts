import { describe, expect, it } from 'vitest';
import type { Axis } from '../../workers/model/axes.ts';
import { channelsBetween } from './channel-window.ts';

const energy: Axis = { name: 'E', units: 'eV', size: 100, navigate: false, scale: 0.5, offset: 440 };

describe('channelsBetween', () => {
  it('takes the channels inside, both ends included, in any order', () => {
    expect(channelsBetween(energy, 450, 460)).toEqual([20, 41]);
    expect(channelsBetween(energy, 460, 450)).toEqual([20, 41]);
  });
  it('works on falling and uneven axes', () => {
    expect(channelsBetween({ ...energy, scale: -0.5, offset: 489.5 }, 450, 460)).toEqual([59, 80]);
    expect(channelsBetween({ ...energy, size: 4, values: [0, 1, 10, 100] }, 0.5, 20)).toEqual([1, 3]);
  });
  it('never gives an empty window', () => {
    expect(channelsBetween(energy, 450.1, 450.2)).toEqual([20, 21]);
    expect(channelsBetween(energy, 9000, 9001)).toEqual([99, 100]);
  });
});
