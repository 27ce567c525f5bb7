import { describe, expect, it } from 'vitest';
import { plainAxis, type Axis } from '../../workers/model/axes.ts';
import {
  bytesWords,
  isReversedByCustom,
  positionWords,
  quantityTitle,
  shapeWords,
  titleOf,
  valueWords,
  windowWords,
} from './axis-words.ts';

const energy: Axis = { name: 'Energy loss', units: 'eV', size: 1024, navigate: false, scale: 0.5, offset: 440 };
const x: Axis = { name: 'x', units: 'nm', size: 128, navigate: true, scale: 0.25, offset: 0 };

describe('words for axes', () => {
  it('name quantity and unit, and never invent a unit', () => {
    expect(titleOf(energy)).toBe('Energy loss (eV)');
    expect(titleOf(plainAxis('x', 5, true))).toBe('x (px)');
    expect(titleOf(plainAxis('Energy', 5, false))).toBe('Energy (channel)');
    expect(quantityTitle({ name: 'Intensity', units: 'counts' })).toBe('Intensity (counts)');
    expect(quantityTitle({ name: '', units: null })).toBe('Intensity');
  });
  it('give positions the decimals that one step needs', () => {
    expect(positionWords(energy, 184)).toBe('532.0\u2009eV');
    expect(positionWords(x, 49)).toBe('12.25\u2009nm');
    expect(positionWords({ ...x, scale: 20 }, 3)).toBe('60\u2009nm');
    expect(positionWords(plainAxis('x', 5, true), 3)).toBeNull();
  });
  it('give windows from low to high whatever the direction of the axis', () => {
    expect(windowWords(energy, [872, 945])).toBe('876.0–912.0\u2009eV');
    expect(windowWords({ ...energy, scale: -0.5, offset: 951.5 }, [79, 152])).toBe('876.0–912.0\u2009eV');
    expect(windowWords(plainAxis('E', 100, false), [3, 11])).toBe('channels 3–10');
  });
  it('say shapes, values and bytes as the field does', () => {
    expect(shapeWords([{ ...x, name: 'y', size: 64 }, x, energy])).toBe('128 × 64 | 1024');
    expect(shapeWords([energy])).toBe('1024');
    expect(valueWords(1204, 'counts')).toBe('1\u2009204\u2009counts');
    expect(valueWords(0.123456, null)).toBe('0.12346');
    expect(bytesWords(33_600_000)).toBe('33.6\u2009MB');
    expect(bytesWords(12)).toBe('12\u2009bytes');
  });
  it('let infrared wavenumbers fall to the right, Raman shifts and energies rise', () => {
    expect(isReversedByCustom({ ...energy, name: 'Wavenumber', units: 'cm-1' })).toBe(true);
    expect(isReversedByCustom({ ...energy, name: 'Raman shift', units: '1/cm' })).toBe(false);
    expect(isReversedByCustom(energy)).toBe(false);
  });
});
