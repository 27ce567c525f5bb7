import type { Directory, TiffFile } from './ifd.ts';
import { entryNumbers } from './ifd.ts';
import { tags } from './tags.ts';
import type { VendorNotes } from './vendor.ts';
import { uniform } from './vendor.ts';

/** GeoTIFF 1.1: the size of a pixel (33550) and one point that is known (33922); rows run to the south. */
export function readGeo(tiff: TiffFile, directory: Directory): VendorNotes | null {
  const pixel = directory.entries.get(tags.geoPixelScale);
  if (pixel === undefined) return null;
  const [width, height] = entryNumbers(tiff, pixel, 2);
  const tie = directory.entries.get(tags.geoTiePoint);
  const [column = 0, row = 0, , east = 0, north = 0] = tie === undefined ? [] : entryNumbers(tiff, tie, 6);
  const keysEntry = directory.entries.get(tags.geoKeys);
  const keys = keysEntry === undefined ? [] : entryNumbers(tiff, keysEntry, 4096);
  const key = (id: number): number | undefined => {
    for (let at = 4; at + 3 < keys.length; at += 4) if (keys[at] === id && keys[at + 1] === 0) return keys[at + 3];
    return undefined;
  };
  // GTModelType 1 projected, 2 geographic; linear unit 9001 is the metre
  const units = key(1024) === 2 ? '°' : key(1024) === 1 && (key(3076) ?? 9001) === 9001 ? 'm' : null;
  const x = uniform(width, units, east - column * (width ?? 1));
  const y = uniform(height === undefined ? undefined : -height, units, north + row * (height ?? 1));
  return {
    ...(x ? { x } : {}),
    ...(y ? { y } : {}),
    metadata: {},
    original: { GeoTIFF: { pixelScale: [width ?? null, height ?? null], tiePoint: [column, row, east, north] } },
  };
}
