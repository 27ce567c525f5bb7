import type { Metadata } from '../../model/signal.ts';
import type { Hdf5File } from '../hdf5-open.ts';
import { jsonTexts, numberAt, readJsonText, textAt, valueAt } from './velox-json.ts';
import type { VeloxImage } from './velox-images.ts';

export interface ScanSize {
  height: number;
  width: number;
}

const wholeNumber = (value: number | null): number | null =>
  value !== null && Number.isSafeInteger(Math.round(value)) && Math.round(value) >= 1 ? Math.round(value) : null;

/** Paths of the images that were recorded by the detectors of a scan together with the spectra. */
export function linkedImages(file: Hdf5File): string[] {
  const paths: string[] = [];
  const put = (path: string | null): void => {
    if (path !== null && !paths.includes(path)) paths.push(path);
  };
  for (const { kind, tree } of jsonTexts(file, '/Features')) {
    if (kind !== 'SIFeature') continue;
    const operations = valueAt(tree, 'stemInputOperations');
    for (const operation of Array.isArray(operations) ? operations.slice(0, 64) : []) {
      if (typeof operation === 'string') put(textAt(readJsonText(file, operation), 'dataPath'));
    }
    const detectors = valueAt(tree, 'stem', 'stemDetectors');
    for (const detector of Array.isArray(detectors) ? detectors.slice(0, 64) : []) {
      const reference = textAt(detector, 'data');
      if (reference !== null) put(textAt(readJsonText(file, reference), 'dataPath'));
    }
  }
  return paths;
}

/** The part of the whole scan that was recorded: both stand in the metadata of what was recorded. */
export function scannedSize(metadata: Metadata | null): ScanSize | null {
  const area = (name: string) => numberAt(metadata, 'Scan', 'ScanArea', name);
  const [left, right, top, bottom] = [area('left'), area('right'), area('top'), area('bottom')];
  const fullWidth = numberAt(metadata, 'Scan', 'ScanSize', 'width');
  const fullHeight = numberAt(metadata, 'Scan', 'ScanSize', 'height');
  if (left === null || right === null || top === null || bottom === null) return null;
  const width = wholeNumber(fullWidth === null ? null : fullWidth * (right - left));
  const height = wholeNumber(fullHeight === null ? null : fullHeight * (bottom - top));
  return width === null || height === null ? null : { width, height };
}

const rasterSize = (settings: Metadata | null): ScanSize | null => {
  const width = wholeNumber(numberAt(settings, 'RasterScanDefinition', 'Width'));
  const height = wholeNumber(numberAt(settings, 'RasterScanDefinition', 'Height'));
  return width === null || height === null ? null : { width, height };
};

/**
 * Possible sizes of a scan, the most trustworthy first: of the image that was recorded with it, of the scanned area, of
 * any image, of the uncropped raster.
 */
export function scanSizes(
  images: readonly VeloxImage[],
  linked: readonly string[],
  original: Metadata | null,
  settings: Metadata | null,
): ScanSize[] {
  const area = scannedSize(original);
  const sizes = [
    ...images.filter(({ group }) => linked.includes(group)),
    ...(area === null ? [] : [area]),
    ...images,
    rasterSize(settings),
  ];
  const found = new Map<string, ScanSize>();
  for (const size of sizes) {
    if (size === null) continue;
    const key = `${size.height}×${size.width}`;
    if (!found.has(key)) found.set(key, { height: size.height, width: size.width });
  }
  return [...found.values()];
}
