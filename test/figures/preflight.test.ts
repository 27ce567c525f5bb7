import { describe, expect, it } from 'vitest';
import { drawFigure } from '../../workers/figure/draw.ts';
import type { Figure } from '../../workers/figure/figure-model.ts';
import { loadingsFigure } from '../../workers/figure/loadings-figure.ts';
import { preflight, type CheckId } from '../../workers/figure/preflight.ts';
import { customPreset, presetOf } from '../../workers/figure/presets.ts';
import { axis, mapAxes, sampleFigures, sampleLoadings } from './sample-figures.ts';

const nature = presetOf('nature-single');
const failed = (figure: Figure, options = {}, preset = nature): CheckId[] =>
  preflight(figure, drawFigure(figure, options), preset)
    .filter((c) => !c.passed)
    .map((c) => c.id);
const maps = (options: Parameters<typeof loadingsFigure>[1] = {}): Figure =>
  loadingsFigure({ loadings: sampleLoadings(), components: 2, navigationAxes: mapAxes }, options);

describe('pre-flight', () => {
  it.each(['scree-log', 'factors-stacked', 'factors-images', 'loadings-maps', 'loadings-line'])(
    'passes %s as built',
    (name) => {
      expect(failed(sampleFigures[name]!)).toEqual([]);
    },
  );
  it('warns of text below 5 pt', () => expect(failed(maps({ style: { tickPt: 4.5 } }))).toEqual(['text-size']));
  it('warns of lines below 0.25 pt', () => expect(failed(maps({ style: { axisPt: 0.2 } }))).toEqual(['line-width']));
  it('warns of coarse rasters', () => expect(failed(maps(), { minDpi: 0 })).toEqual(['raster-resolution']));
  it('warns of a missing scale bar', () => expect(failed(maps({ scaleBar: { kind: 'none' } }))).toEqual(['scale-bar']));
  it('warns of a missing unit', () => {
    expect(failed(sampleFigures['loadings-uncalibrated-constant']!)).toEqual(['units']);
    const line = loadingsFigure({ loadings: [1, 2, 3], components: 1, navigationAxes: [axis('Position', null, 3)] });
    expect(failed(line)).toEqual(['units']);
  });
  it('warns of a page larger than the journal prints', () => {
    expect(failed(maps({ preset: customPreset(120) }))).toEqual(['page-size']);
  });
  it('warns of limits that differ unsaid', () => {
    expect(failed(maps({ colourBar: null }))).toEqual(['shared-limits']);
    expect(failed(maps({ colourBar: null, shareLimits: true }))).toEqual([]);
  });
  it('warns of text over the edge, and says in which panel', () => {
    const figure = loadingsFigure({
      loadings: sampleLoadings(),
      components: 2,
      navigationAxes: mapAxes,
      names: [null, 'a name far too long for the narrow column that it stands in, and longer'],
    });
    const [warning] = preflight(figure, drawFigure(figure), nature).filter((c) => !c.passed);
    expect(warning?.id).toBe('inside-page');
    expect(warning?.message).toContain('panel b');
  });
  it('gives every check a sentence, passed or not', () => {
    for (const c of preflight(maps(), drawFigure(maps()), nature)) expect(c.message).toMatch(/^[A-Z0-9].*\.$/);
  });
});
