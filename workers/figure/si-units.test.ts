import { describe, expect, it } from 'vitest';
import { axisTitle, metresPerUnit, printUnits, toShownLength } from './si-units.ts';

describe('lengths', () => {
  it('knows both micro signs, um and both ångströms', () => {
    for (const u of ['\u00b5m', '\u03bcm', 'um', 'micron']) expect(metresPerUnit(u)).toBe(1e-6);
    for (const u of ['\u00c5', '\u212b', 'Angstrom']) expect(metresPerUnit(u)).toBe(1e-10);
  });
  it('does not take eV, A or nothing for a length', () => {
    for (const u of ['eV', 'A', '', null, 'px', '1/nm']) expect(metresPerUnit(u)).toBeNull();
  });
  it.each([
    [2e-8, 20, 'nm'],
    [1e-6, 1, 'µm'],
    [5e-10, 0.5, 'nm'],
    [5e-11, 50, 'pm'],
    [2e-3, 2, 'mm'],
    [999e-9, 999, 'nm'],
  ])('says %d m as %d %s', (metres, value, units) => expect(toShownLength(metres)).toEqual({ value, units }));
});

describe('printed units', () => {
  it.each([
    ['um', 'µm'],
    ['\u03bcm', 'µm'],
    ['1/nm', 'nm⁻¹'],
    ['nm^-1', 'nm⁻¹'],
    ['cm-1', 'cm⁻¹'],
    ['1/cm', 'cm⁻¹'],
    ['nm2', 'nm²'],
    ['eV', 'eV'],
    ['counts/s', 'counts/s'],
    ['Å', 'Å'],
  ])('%s is printed %s', (units, printed) => expect(printUnits(units)).toBe(printed));
  it('leaves unknown units unknown', () => {
    expect(printUnits(null)).toBeNull();
    expect(printUnits(' ')).toBeNull();
    expect(printUnits('<undefined>')).toBeNull();
  });
});

describe('axisTitle', () => {
  it('puts the unit in brackets after the quantity', () => {
    expect(axisTitle('Energy loss', 'eV', 'channel')).toBe('Energy loss (eV)');
    expect(axisTitle('raman shift', '1/cm', 'channel')).toBe('Raman shift (cm⁻¹)');
    expect(axisTitle('x', 'um', 'px')).toBe('x (µm)');
  });
  it('never invents a unit', () => expect(axisTitle('x', null, 'px')).toBe('x (px)'));
  it('does not say the same twice', () => expect(axisTitle('Channel', null, 'channel')).toBe('Channel'));
  it('carries the power of ten taken out of the ticks', () => {
    expect(axisTitle('Intensity', 'counts', 'channel', 6)).toBe('Intensity (10⁶\u2009counts)');
  });
});
