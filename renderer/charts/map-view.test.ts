import { describe, expect, it } from 'vitest';
import { fitView, pixelAt, revealPixel, zoomView } from './map-view.ts';

const image = { width: 100, height: 50 };
const frame = { width: 400, height: 400 };

describe('map view', () => {
  it('fits the whole image with square pixels, centred', () => {
    expect(fitView(image, frame)).toEqual({ pixel: 4, x: 0, y: 100 });
  });
  it('finds the pixel under a point and holds it inside', () => {
    const view = fitView(image, frame);
    expect(pixelAt(view, { x: 0, y: 100 }, image)).toEqual([0, 0]);
    expect(pixelAt(view, { x: 399.9, y: 299.9 }, image)).toEqual([49, 99]);
    expect(pixelAt(view, { x: 202, y: 203 }, image)).toEqual([25, 50]);
    expect(pixelAt(view, { x: -50, y: 5000 }, image)).toEqual([49, 0]);
  });
  it('keeps the point under the pointer in place while zooming, until the edge', () => {
    const view = fitView(image, frame);
    const at = { x: 200, y: 200 };
    const before = pixelAt(view, at, image);
    const zoomed = zoomView(view, 4, at, image, frame);
    expect(zoomed.pixel).toBe(16);
    expect(pixelAt(zoomed, at, image)).toEqual(before);
    expect(zoomView(zoomed, 1e-3, at, image, frame)).toEqual(view);
  });
  it('shows no empty border where the image is larger than the frame', () => {
    const zoomed = zoomView(fitView(image, frame), 4, { x: 0, y: 200 }, image, frame);
    expect(zoomed.x).toBe(0);
    expect(zoomed.x + image.width * zoomed.pixel).toBeGreaterThanOrEqual(frame.width);
  });
  it('brings a pixel into sight', () => {
    const zoomed = zoomView(fitView(image, frame), 8, { x: 0, y: 0 }, image, frame);
    const shown = revealPixel(zoomed, [49, 99], image, frame);
    expect(shown.x + 100 * shown.pixel).toBeCloseTo(frame.width);
    expect(shown.y + 50 * shown.pixel).toBeCloseTo(frame.height);
    expect(revealPixel(zoomed, [0, 0], image, frame)).toEqual(zoomed);
  });
  it('draws rows higher than columns are wide where the steps say so', () => {
    const scan = { width: 100, height: 50, aspect: 4 };
    const view = fitView(scan, frame);
    expect(view).toEqual({ pixel: 2, x: 100, y: 0 });
    expect(pixelAt(view, { x: 100, y: 399.9 }, scan)).toEqual([49, 0]);
    expect(pixelAt(view, { x: 101, y: 9 }, scan)).toEqual([1, 0]);
    const zoomed = zoomView(view, 8, { x: 100, y: 0 }, scan, frame);
    const shown = revealPixel(zoomed, [49, 99], scan, frame);
    expect(shown.y + 50 * 4 * shown.pixel).toBeCloseTo(frame.height);
  });
});
