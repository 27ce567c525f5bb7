import { describe, expect, it } from 'vitest';
import type { ResultId } from '../../main/contract/methods.ts';
import {
  draftProblems,
  fileNameOf,
  newDraft,
  presetWarnings,
  requestOf,
  svgSizeMm,
  withPreset,
} from './figure-draft.ts';
import { figurePresets } from '../../workers/figure/presets.ts';
import { offeredPresets, pixelsOf } from './presets.ts';

describe('a figure', () => {
  it('has the widths that the publishers print', () => {
    const widths = (name: string) => figurePresets.filter((p) => p.title.startsWith(name)).map((p) => p.widthMm);
    expect(widths('Nature')).toEqual([89, 183]);
    expect(widths('Elsevier')).toEqual([90, 140, 190]);
    expect(widths('ACS')).toEqual([82.5, 178]);
    expect(offeredPresets.at(-1)?.id).toBe('custom');
  });
  it('takes width, text and resolution from the preset, and keeps a custom width', () => {
    const draft = withPreset(newDraft(5), 'acs-single');
    expect(draft).toMatchObject({ widthMm: 82.5, textPt: 8, dpi: 600 });
    expect(withPreset({ ...draft, widthMm: 120 }, 'custom').widthMm).toBe(120);
  });
  it('says what cannot be drawn, by field', () => {
    expect(draftProblems(newDraft(5), 5)).toEqual({});
    expect(draftProblems({ ...newDraft(5), components: [] }, 5)['components']).toContain('at least one');
    expect(draftProblems({ ...newDraft(5), components: [7] }, 5)['components']).toContain('1 to 5');
    expect(draftProblems({ ...newDraft(5), widthMm: 5 }, 5)['widthMm']).toContain('20 to 400');
  });
  it('is warned about, not blocked, under the resolution that the journal asks for', () => {
    expect(presetWarnings(newDraft(5))).toEqual([]);
    expect(presetWarnings({ ...newDraft(5), dpi: 200 })).toHaveLength(1);
    expect(presetWarnings({ ...newDraft(5), kind: 'factors', dpi: 200 })).toEqual([]);
  });
  it('asks for a colour map only where there are maps', () => {
    const draft = { ...newDraft(3), colormap: 'greys', shareLimits: true };
    expect(requestOf(draft, 'r1' as ResultId).colormap).toBe('greys');
    expect(requestOf({ ...draft, kind: 'factors' }, 'r1' as ResultId)).toMatchObject({
      colormap: null,
      shareLimits: false,
    });
  });
  it('has a file name without signs that a file system refuses', () => {
    expect(fileNameOf('NMF 5 · masked', 'loadings')).toBe('NMF-5-masked-loadings');
    expect(fileNameOf('../a:b', 'scree')).toBe('a-b-scree');
    expect(fileNameOf('···', 'scree')).toBe('result-scree');
  });
  it('is shown at the size that its drawing says', () => {
    expect(svgSizeMm('<svg xmlns="x" width="89mm" height="60.5mm" viewBox="0 0 1 1">')).toEqual({
      width: 89,
      height: 60.5,
    });
    expect(svgSizeMm('<svg width="72pt" height="36pt">')?.width).toBeCloseTo(25.4, 9);
    expect(svgSizeMm('<svg viewBox="0 0 1 1">')).toBeNull();
    expect(pixelsOf(25.4)).toBe(96);
  });
});
