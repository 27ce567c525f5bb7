import { describe, expect, it } from 'vitest';
import { drawFigure } from '../../workers/figure/draw.ts';
import type { ImagePrimitive, TextPrimitive } from '../../workers/figure/drawing.ts';
import { factorsFigure } from '../../workers/figure/factors-figure.ts';
import type { MapPanel } from '../../workers/figure/figure-model.ts';
import { loadingsFigure } from '../../workers/figure/loadings-figure.ts';
import { figurePresets, presetOf } from '../../workers/figure/presets.ts';
import { screeFigure } from '../../workers/figure/scree-figure.ts';
import { toSvgText } from '../../workers/figure/svg.ts';
import { axis, mapAxes, MAP_SCALE, MAP_SIZE, sampleFactors, sampleFigures, sampleLoadings } from './sample-figures.ts';

const svgOf = (name: string): string => toSvgText(drawFigure(sampleFigures[name]!, { minDpi: 0 }));
const attribute = (element: string, name: string): number =>
  Number(new RegExp(` ${name}="([^"]*)"`).exec(element)?.[1]);
const elements = (svg: string, tag: string, role: string): string[] =>
  [...svg.matchAll(new RegExp(`<${tag} class="${role}"[^>]*>`, 'g'))].map((m) => m[0]);
const texts = (svg: string): string[] => [...svg.matchAll(/<text class[^>]*>([^<]*)</g)].map((m) => m[1] as string);

describe.each(Object.keys(sampleFigures))('%s', (name) => {
  it('is drawn as stored', async () => {
    await expect(svgOf(name)).toMatchFileSnapshot(`snapshots/${name}.svg`);
  });
  it('contains no number that is not one, and no more than three decimals', () => {
    const markup = svgOf(name)
      .replace(/base64,[^"]*/g, '')
      .replace(/>[^<]*</g, '><');
    expect(markup).not.toMatch(/NaN|Infinity|undefined|e-\d/);
    expect(markup).not.toMatch(/\d\.\d{4}/);
  });
  it('keeps everything on the page', () => {
    const figure = sampleFigures[name]!;
    for (const item of drawFigure(figure).items) {
      if (item.kind !== 'rect' && item.kind !== 'image') continue;
      expect(item.x).toBeGreaterThanOrEqual(0);
      expect(item.y).toBeGreaterThanOrEqual(0);
      expect(item.x + item.width).toBeLessThanOrEqual(figure.widthMm + 1e-9);
      expect(item.y + item.height).toBeLessThanOrEqual(figure.heightMm + 1e-9);
    }
  });
});

describe('scale bar in SVG', () => {
  it.each(['loadings-maps', 'factors-images', 'loadings-uncalibrated-constant', 'loadings-one-pixel'])(
    '%s: length equals calibration',
    (name) => {
      const svg = svgOf(name);
      const panels = sampleFigures[name]!.panels as MapPanel[];
      const bars = elements(svg, 'rect', 'scale-bar');
      const maps = elements(svg, 'image', 'map');
      expect(bars).toHaveLength(panels.length);
      const labels = [...svg.matchAll(/<text class="scale-bar-label"[^>]*>([^<]*)</g)].map((m) => m[1] as string);
      bars.forEach((bar, i) => {
        const [value = '', units = ''] = (labels[i] as string).split('\u2009');
        const { xAxis } = panels[i]!;
        const mmPerUnit = attribute(maps[i] as string, 'width') / (xAxis.size * xAxis.scale);
        const scaled = units === 'pm' && xAxis.units === 'nm' ? 1e-3 : 1;
        const expected = Number(value) * scaled * mmPerUnit;
        expect(Math.abs(attribute(bar, 'width') / expected - 1)).toBeLessThan(0.005);
      });
    },
  );
  it('is 2 nm = 4 pixels of the 16-pixel sample: a quarter of the map', () => {
    const svg = svgOf('loadings-maps');
    const bar = attribute(elements(svg, 'rect', 'scale-bar')[0] as string, 'width');
    const map = attribute(elements(svg, 'image', 'map')[0] as string, 'width');
    expect(texts(svg)).toContain('2\u2009nm');
    expect(bar / map).toBeCloseTo(2 / (MAP_SIZE * MAP_SCALE), 3);
  });
});

describe('honest labels', () => {
  it('calls it variance only when centred', () => {
    const title = (centred: boolean): string[] =>
      texts(toSvgText(drawFigure(screeFigure({ ratio: [0.9, 0.1], kept: 1, centred }))));
    expect(title(true)).toContain('Explained variance ratio');
    expect(title(false)).toContain('Proportion of total variation');
    expect(title(true)).toContain('Component');
  });
  it('fills kept components and leaves the others hollow, counted from 1', () => {
    const svg = svgOf('scree-log');
    const fills = elements(svg, 'circle', 'mark').map((c) => /fill="([^"]*)"/.exec(c)?.[1]);
    expect(fills).toEqual(['#000000', '#000000', '#000000', ...Array<string>(5).fill('#ffffff')]);
    expect(texts(svg)).toContain('1');
    expect(texts(svg)).not.toContain('0');
  });
  it('says channel and px when nothing is calibrated', () => {
    const figure = factorsFigure({ factors: sampleFactors(8), components: 3, signalAxes: [axis('Signal', null, 8)] });
    expect(texts(toSvgText(drawFigure(figure)))).toContain('Signal (channel)');
    expect(texts(svgOf('loadings-uncalibrated-constant'))).toContain('2\u2009px');
  });
  it('escapes what users type', () => expect(svgOf('factors-stacked')).toContain('1 Ce⁴⁺ &lt;core&gt; &amp; shell'));
  it('writes wavenumbers falling to the right', () => {
    const svg = svgOf('factors-overlaid-reversed');
    const ticks = [...svg.matchAll(/<text class="tick-label" x="([\d.]+)"[^>]*middle"[^>]*>([^<]*)</g)];
    const places = ticks.map((m) => ({ x: Number(m[1]), value: Number((m[2] as string).replace('\u2009', '')) }));
    expect(places.length).toBeGreaterThan(2);
    const rising = [...places].sort((a, b) => a.value - b.value).map((p) => p.x);
    expect(rising).toEqual([...rising].sort((a, b) => b - a));
  });
});

describe('maps', () => {
  it('lock zero in the middle of signed loadings and start others at zero', () => {
    const [disc, wave] = sampleFigures['loadings-maps']!.panels as MapPanel[];
    expect(wave!.colormap).toBe('blue-white-red');
    expect(wave!.limits.min).toBe(-wave!.limits.max);
    expect(disc!.colormap).toBe('viridis');
    expect(disc!.limits.min).toBe(0);
  });
  it('leave left-out pixels transparent over a hatch', () => {
    const { items } = drawFigure(sampleFigures['loadings-maps']!, { minDpi: 0 });
    const [map] = items.filter((i) => i.kind === 'image' && i.role === 'map') as ImagePrimitive[];
    const clear = [...map!.pixels.data].flatMap((v, i) => (i % 4 === 3 && v === 0 ? [(i - 3) / 4] : []));
    expect(clear).toEqual([37, 38, 54]);
    expect(items.filter((i) => i.role === 'hatch').every((i) => i.panel === 0)).toBe(true);
    expect(items.some((i) => i.role === 'hatch')).toBe(true);
  });
  it('are repeated without change to reach the resolution of the journal', () => {
    const figure = sampleFigures['loadings-maps']!;
    const plain = drawFigure(figure, { minDpi: 0 }).items.find((i) => i.role === 'map') as ImagePrimitive;
    const fine = drawFigure(figure).items.find((i) => i.role === 'map') as ImagePrimitive;
    const times = fine.pixels.width / plain.pixels.width;
    expect(Number.isInteger(times)).toBe(true);
    expect((fine.pixels.width / fine.width) * 25.4).toBeGreaterThanOrEqual(450);
    for (const [x, y] of [
      [0, 0],
      [15, 3],
      [7, 15],
    ] as const) {
      const a = 4 * (y * 16 + x);
      const b = 4 * ((y * times + times - 1) * fine.pixels.width + x * times);
      expect([...fine.pixels.data.subarray(b, b + 4)]).toEqual([...plain.pixels.data.subarray(a, a + 4)]);
    }
  });
  it('are averaged when the page is coarser than the data', () => {
    const figure = loadingsFigure({
      loadings: Float64Array.from({ length: 64 * 64 }, (_, i) => (i + Math.floor(i / 64)) % 2),
      components: 1,
      navigationAxes: [axis('y', 'nm', 64), axis('x', 'nm', 64)],
    });
    const { pixels } = drawFigure(figure, { minDpi: 0, maxDpi: 10 }).items.find(
      (i) => i.role === 'map',
    ) as ImagePrimitive;
    expect(pixels.width).toBeLessThan(64);
    // a chessboard averages to its middle: viridis near entry 128, never its ends
    for (let i = 0; i < pixels.data.length; i += 4)
      expect(Math.abs((pixels.data[i + 1] as number) - 145)).toBeLessThan(25);
  });
  it('have pixels as wide as they are high in nanometres', () => {
    const loadings = new Float64Array(20 * 10);
    const figure = loadingsFigure({
      loadings,
      components: 1,
      navigationAxes: [axis('y', 'nm', 10, 2), axis('x', 'um', 20, 0.001)],
    });
    const map = drawFigure(figure).items.find((i) => i.role === 'map') as ImagePrimitive;
    expect(map.width / map.height).toBeCloseTo((20 * 1) / (10 * 2), 6);
  });
  it('share limits when asked', () => {
    const figure = loadingsFigure(
      { loadings: sampleLoadings(), components: 2, navigationAxes: mapAxes },
      { shareLimits: true },
    );
    const [a, b] = figure.panels as MapPanel[];
    expect(a!.limits).toEqual(b!.limits);
    expect(a!.colormap).toBe(b!.colormap);
  });
});

describe('page', () => {
  it.each(figurePresets.map((p) => [p.id, p] as const))('%s: width, height and text are the journal’s', (_, preset) => {
    const figure = loadingsFigure({ loadings: sampleFactors(256), components: 3, navigationAxes: mapAxes }, { preset });
    const drawing = drawFigure(figure, { minDpi: 0 });
    expect(toSvgText(drawing)).toContain(`width="${preset.widthMm}mm"`);
    expect(drawing.heightMm).toBeLessThanOrEqual(preset.maxHeightMm);
    for (const t of drawing.items.filter((i): i is TextPrimitive => i.kind === 'text'))
      expect(t.sizePt).toBeGreaterThanOrEqual(preset.minTextPt);
  });
  it('aligns the maps of a figure', () => {
    const loadings = Float64Array.from({ length: 256 * 5 }, (_, i) => 10 ** (i % 5) * ((i % 7) + 1));
    const figure = loadingsFigure(
      { loadings, components: 5, navigationAxes: mapAxes },
      { preset: presetOf('nature-double') },
    );
    const maps = drawFigure(figure, { minDpi: 0 }).items.filter(
      (i): i is ImagePrimitive => i.kind === 'image' && i.role === 'map',
    );
    expect(new Set(maps.map((m) => m.width.toFixed(6))).size).toBe(1);
    expect(maps[0]!.y).toBe(maps[2]!.y);
    expect(maps[0]!.x).toBe(maps[3]!.x);
  });
  it('refuses shapes that do not fit, with the numbers', () => {
    expect(() => loadingsFigure({ loadings: [1, 2, 3], components: 1, navigationAxes: mapAxes })).toThrow(
      /3 values.*256 × 1/,
    );
    expect(() => loadingsFigure({ loadings: [1], components: 1, navigationAxes: [] })).toThrow(/0 navigation axes/);
  });
});
