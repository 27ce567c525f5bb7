import { describe, expect, it } from 'vitest';
import { chooseScaleBar, fixedScaleBar } from './scale-bar.ts';

describe('chooseScaleBar', () => {
  it('takes the longest 1-2-5 length within a quarter of the width', () => {
    // 128 px × 0.5 nm = 64 nm; a quarter is 16 nm; longest round length is 10 nm = 20 px
    expect(chooseScaleBar({ size: 128, scale: 0.5, units: 'nm' })).toEqual({
      value: 10,
      units: 'nm',
      label: '10\u2009nm',
      lengthPx: 20,
      fraction: 20 / 128,
      calibrated: true,
    });
  });
  it('switches nm to µm and µm to mm', () => {
    expect(chooseScaleBar({ size: 100, scale: 50, units: 'nm' })).toMatchObject({
      value: 1,
      units: 'µm',
      lengthPx: 20,
    });
    expect(chooseScaleBar({ size: 64, scale: 0.25, units: 'mm' })).toMatchObject({
      value: 2,
      units: 'mm',
      lengthPx: 8,
    });
    expect(chooseScaleBar({ size: 10, scale: 1e-9, units: 'm' })).toMatchObject({ value: 2, units: 'nm' });
    expect(chooseScaleBar({ size: 100, scale: 0.1, units: 'Å' })).toMatchObject({
      value: 0.2,
      units: 'nm',
      label: '0.2\u2009nm',
    });
  });
  it('keeps units that are not lengths', () => {
    expect(chooseScaleBar({ size: 256, scale: 0.1, units: 'mrad' })).toMatchObject({
      value: 5,
      units: 'mrad',
      lengthPx: 50,
    });
    expect(chooseScaleBar({ size: 256, scale: 0.02, units: '1/nm' })).toMatchObject({ value: 1, units: 'nm⁻¹' });
  });
  it('uses the size of a step, whatever its direction', () => {
    expect(chooseScaleBar({ size: 128, scale: -0.5, units: 'nm' })?.lengthPx).toBe(20);
  });
  it.each([1e-12, 3.3e-7, 0.0234375, 1, 7.7, 12345.678])(
    'is a tenth to a quarter wide and true to scale %d',
    (scale) => {
      for (const units of ['nm', 'um', 'eV']) {
        const bar = chooseScaleBar({ size: 77, scale, units });
        expect(bar).not.toBeNull();
        if (!bar) continue;
        expect(bar.fraction).toBeLessThanOrEqual(0.25 + 1e-9);
        expect(bar.fraction).toBeGreaterThanOrEqual(0.1 - 1e-9);
        const mantissa = bar.value / 10 ** Math.floor(Math.log10(bar.value) + 1e-9);
        expect([1, 2, 5].some((m) => Math.abs(m - mantissa) < 1e-6)).toBe(true);
      }
    },
  );
  it('counts pixels when there is no calibration, and says so', () => {
    expect(chooseScaleBar({ size: 128, scale: 1, units: null })).toEqual({
      value: 20,
      units: 'px',
      label: '20\u2009px',
      lengthPx: 20,
      fraction: 20 / 128,
      calibrated: false,
    });
    expect(chooseScaleBar({ size: 128, scale: 0, units: 'nm' })?.calibrated).toBe(false);
  });
  it('draws none where none would be honest', () => {
    expect(chooseScaleBar({ size: 3, scale: 1, units: null })).toBeNull();
    expect(chooseScaleBar({ size: 3, scale: 1, units: 'nm', values: [0, 1, 4] })).toBeNull();
  });
});

describe('fixedScaleBar', () => {
  it('draws what was asked for, in the better unit', () => {
    expect(fixedScaleBar({ size: 100, scale: 20, units: 'nm' }, 1000)).toMatchObject({
      label: '1\u2009µm',
      lengthPx: 50,
    });
  });
  it('refuses a bar longer than the map', () => {
    expect(fixedScaleBar({ size: 100, scale: 1, units: 'nm' }, 101)).toBeNull();
  });
});
