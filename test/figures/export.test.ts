import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { figureToPdf } from '../../workers/figure-export/to-pdf.ts';
import { figureToPng, renderFigure } from '../../workers/figure-export/to-png.ts';
import { figureToTiff } from '../../workers/figure-export/to-tiff.ts';
import { figureToSvg } from '../../workers/figure-export/to-svg.ts';
import { drawFigure } from '../../workers/figure/draw.ts';
import type { ImagePrimitive, RectPrimitive } from '../../workers/figure/drawing.ts';
import { loadingsFigure } from '../../workers/figure/loadings-figure.ts';
import { axis, sampleFigures } from './sample-figures.ts';
import { pageContent, readPdf, shownTexts } from './read-pdf.ts';

/** A dark map of 200 × 0.25 nm: the longest round bar within a quarter of 50 nm is 10 nm = 40 pixels, white. */
const dark = loadingsFigure(
  {
    loadings: Float64Array.from({ length: 40000 }, (_, i) => (i < 300 ? 1 : 0)),
    components: 1,
    navigationAxes: [axis('y', 'nm', 200, 0.25), axis('x', 'nm', 200, 0.25)],
  },
  { colourBar: null },
);
const map = drawFigure(dark).items.find((i) => i.role === 'map') as ImagePrimitive;
const expectedMm = (10 / 50) * map.width;

describe('PDF', () => {
  it('holds the scale bar as a vector of the calibrated length', async () => {
    const content = pageContent(readPdf(await figureToPdf(dark, { compress: false })));
    const [, widthPt] = /([\d.]+) 0 0 -[\d.]+ [\d.]+ [\d.]+ cm\n\/Map\d+ Do/.exec(content) ?? [];
    // the scale bar is the only rectangle 1.5 pt high
    const bars = [...content.matchAll(/[\d.]+ [\d.]+ ([\d.]+) 1\.5 re/g)];
    expect(bars).toHaveLength(1);
    const barPt = Number(bars[0]![1]);
    expect(Math.abs(barPt / ((Number(widthPt) * 40) / 200) - 1)).toBeLessThan(0.005);
    expect(Math.abs(((barPt / 72) * 25.4) / expectedMm - 1)).toBeLessThan(0.005);
  });
  it('holds text as text, with embedded TrueType', async () => {
    const objects = readPdf(await figureToPdf(sampleFigures['factors-stacked']!, { compress: false }));
    const texts = shownTexts(objects);
    expect(texts).toContain('1 Ce⁴⁺ <core> & shell');
    expect(texts).toContain('Energy loss (eV)');
    const fonts = objects.filter((o) => o.dictionary.includes('/FontFile2'));
    expect(fonts.length).toBeGreaterThan(0);
    expect(objects.some((o) => /\/BaseFont \/[A-Z]+\+Arimo-Regular/.test(o.dictionary))).toBe(true);
    // nothing falls back to one of the fonts every reader is supposed to have
    expect(objects.some((o) => /\/Subtype \/Type1\b/.test(o.dictionary))).toBe(false);
  });
  it('holds the same texts as the drawing, letters in bold', async () => {
    const figure = sampleFigures['loadings-maps']!;
    const texts = shownTexts(readPdf(await figureToPdf(figure, { compress: false })));
    for (const item of drawFigure(figure).items) if (item.kind === 'text') expect(texts).toContain(item.text);
  });
  it('holds maps as lossless RGB that is not smoothed, left-out pixels as a mask', async () => {
    const figure = sampleFigures['loadings-maps']!;
    const objects = readPdf(await figureToPdf(figure));
    const images = objects.filter(
      (o) => o.dictionary.includes('/Subtype /Image') && o.dictionary.includes('/DeviceRGB'),
    );
    expect(images.length).toBe(4);
    for (const image of images) expect(image.dictionary).toContain('/Interpolate false');
    const { pixels } = drawFigure(figure).items.find((i) => i.role === 'map') as ImagePrimitive;
    const first = images.find((o) => o.dictionary.includes('/SMask'))!;
    const rgb = [...pixels.data].filter((_, i) => i % 4 !== 3);
    expect(Buffer.from(first.stream!).equals(Buffer.from(rgb))).toBe(true);
  });
  it('has the size of the page and is the same twice', async () => {
    const figure = sampleFigures['scree-log']!;
    const [a, b] = [await figureToPdf(figure), await figureToPdf(figure)];
    expect(Buffer.from(a).equals(Buffer.from(b))).toBe(true);
    const box = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(Buffer.from(a).toString('latin1'));
    expect((Number(box?.[1]) / 72) * 25.4).toBeCloseTo(89, 3);
    expect((Number(box?.[2]) / 72) * 25.4).toBeCloseTo(figure.heightMm, 3);
  });
});

describe('PNG', () => {
  it.each([300, 600])('shows the scale bar in the calibrated length at %d dpi', (dpi) => {
    const image = renderFigure(dark, { dpi });
    const bar = drawFigure(dark).items.find((i) => i.role === 'scale-bar') as RectPrimitive;
    const row = Math.floor(((bar.y + bar.height / 2) / 25.4) * dpi);
    const from = Math.floor((map.x / 25.4) * dpi) + 3;
    const to = Math.floor(((map.x + map.width) / 25.4) * dpi) - 3;
    // red of viridis' dark end is 68, of the bar 255: the share in between is how much of a pixel the bar covers
    let covered = 0;
    for (let x = from; x < to; x++) covered += ((image.data[4 * (row * image.width + x)] as number) - 68) / (255 - 68);
    expect(Math.abs(((covered / dpi) * 25.4) / expectedMm - 1)).toBeLessThan(0.005);
  });
  it('has the pixels and the physical size of 300 dpi, and no alpha', () => {
    const figure = sampleFigures['scree-log']!;
    const png = Buffer.from(figureToPng(figure, { dpi: 300 }));
    expect(png.readUInt32BE(16)).toBe(Math.round((89 / 25.4) * 300));
    expect(png.readUInt32BE(20)).toBe(Math.round((figure.heightMm / 25.4) * 300));
    expect([2, 3]).toContain(png[25]);
    const at = png.indexOf('pHYs');
    expect([png.readUInt32BE(at + 4), png.readUInt32BE(at + 8), png[at + 12]]).toEqual([11811, 11811, 1]);
  });
  it('keeps map pixels square and unsmoothed', () => {
    const figure = loadingsFigure(
      { loadings: [0, 1, 1, 0], components: 1, navigationAxes: [axis('y', 'nm', 2, 1), axis('x', 'nm', 2, 1)] },
      { colourBar: null, scaleBar: { kind: 'none' } },
    );
    const image = renderFigure(figure, { dpi: 150 });
    const rect = drawFigure(figure).items.find((i) => i.role === 'map') as ImagePrimitive;
    const row = Math.floor(((rect.y + rect.height / 4) / 25.4) * 150);
    const reds = new Set<number>();
    const [from, to] = [rect.x, rect.x + rect.width].map((mm) => Math.floor((mm / 25.4) * 150)) as [number, number];
    for (let x = from + 3; x < to - 3; x++) reds.add(image.data[4 * (row * image.width + x)] as number);
    // only the two colours of the map (viridis 0 and 255), or one mixed pixel where they meet
    expect(reds.size).toBeLessThanOrEqual(3);
    expect(reds.has(68) && reds.has(253)).toBe(true);
  });
  it('draws text in our own font: black ink where the axis title stands', () => {
    const image = renderFigure(sampleFigures['scree-log']!, { dpi: 100 });
    let ink = 0;
    // the strip below the tick labels holds only the word Component
    for (let i = (image.height - 10) * image.width * 4; i < image.data.length; i += 4)
      if ((image.data[i] as number) < 100) ink++;
    expect(ink).toBeGreaterThan(40);
  });
  it('refuses resolutions that no memory holds', () => {
    expect(() => renderFigure(dark, { dpi: 100000 })).toThrow(/36 to 2400 dpi/);
    expect(() => renderFigure(dark, { dpi: NaN })).toThrow(/36 to 2400 dpi/);
  });
});

describe('TIFF', () => {
  it('holds the pixels of the page and 300 dpi', () => {
    const figure = sampleFigures['scree-log']!;
    const tiff = Buffer.from(figureToTiff(figure, { dpi: 300 }));
    const directory = tiff.readUInt32LE(4);
    const tags = new Map<number, number>();
    for (let i = 0; i < tiff.readUInt16LE(directory); i++) {
      const at = directory + 2 + 12 * i;
      tags.set(tiff.readUInt16LE(at), tiff.readUInt32LE(at + 8));
    }
    const image = renderFigure(figure, { dpi: 300 });
    expect([tags.get(256), tags.get(257)]).toEqual([image.width, image.height]);
    expect(tiff.readUInt32LE(tags.get(282)!) / tiff.readUInt32LE(tags.get(282)! + 4)).toBe(300);
    const rgb = inflateSync(tiff.subarray(tags.get(273), tags.get(273)! + tags.get(279)!));
    expect(rgb.equals(Buffer.from(image.data.filter((_, i) => i % 4 !== 3)))).toBe(true);
  });
});

describe('SVG file', () => {
  it('is UTF-8 with live text, and its maps are PNG of the drawn pixels', () => {
    const figure = sampleFigures['loadings-maps']!;
    const svg = new TextDecoder('utf-8', { fatal: true }).decode(figureToSvg(figure));
    expect(svg).toContain('>Loading 1</text>');
    expect(svg).toContain('image-rendering:pixelated');
    const png = Buffer.from(/base64,([^"]*)/.exec(svg)![1] as string, 'base64');
    const { pixels } = drawFigure(figure).items.find((i) => i.role === 'map') as ImagePrimitive;
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([pixels.width, pixels.height]);
    const palette = png.subarray(png.indexOf('PLTE') + 4);
    const size = png.readUInt32BE(png.indexOf('IDAT') - 4);
    const rows = inflateSync(png.subarray(png.indexOf('IDAT') + 4, png.indexOf('IDAT') + 4 + size));
    for (const at of [0, 999, pixels.width * pixels.height - 1]) {
      const entry = rows[Math.floor(at / pixels.width) * (pixels.width + 1) + 1 + (at % pixels.width)] as number;
      expect([...palette.subarray(3 * entry, 3 * entry + 3)]).toEqual([...pixels.data.subarray(4 * at, 4 * at + 3)]);
    }
  });
});
