import { describe, expect, it } from 'vitest';
import { columnOf, peakMaps } from './peak-maps.ts';

const axes = [
  { name: 'x', size: 4, scale: 1, offset: 0, units: 'nm', navigate: true },
  { name: 'Energy', size: 100, scale: 1, offset: 0, units: 'eV', navigate: false },
];
const float = (...shape: number[]) => ({ dtype: 'float64', shape }) as const;
const record = {
  axes,
  parameters: {},
  arrays: {
    parameter_maps: float(4, 3),
    background_maps: float(4, 2),
    residual_rms: float(4),
    parameter_errors: float(4, 3),
  },
  scalars: {
    parameter_names: '["position 1","width 1","height 1"]',
    background_names: '["background","slope"]',
  },
};

describe('the maps of fitted peaks', () => {
  it('have names and units: of the axis for places and widths, of the data for heights', () => {
    expect(peakMaps(record, 'counts').map(({ title, unit }) => `${title} (${unit})`)).toEqual([
      'Position 1 (eV)',
      'Width 1 (eV)',
      'Height 1 (counts)',
      'Background (counts)',
      'Slope (counts/eV)',
      'Residual (counts)',
    ]);
  });

  it('are numbered where the names cannot be read', () => {
    const scalars = { parameter_names: '{nonsense' };
    const titles = peakMaps({ ...record, scalars }, null).map(({ title }) => title);
    expect(titles.slice(0, 3)).toEqual(['Parameter 1', 'Parameter 2', 'Parameter 3']);
  });

  it('are columns of the stored array', () => {
    expect([...columnOf([1, 2, 3, 4, 5, 6], 1, 3)]).toEqual([2, 5]);
  });
});
