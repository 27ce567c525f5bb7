import type { Directory, TiffFile } from './ifd.ts';
import { numberAt, textOf } from './ifd.ts';
import { tags } from './tags.ts';
import type { Calibration, VendorNotes } from './vendor.ts';
import { known, uniform, unitOf } from './vendor.ts';

/**
 * DigitalMicrograph's tags, which HyperSpy writes as well: units in 65003…65005, origins in units in 65006…65008, scales
 * in 65009…65011, for columns, rows and pages; 65002 is the unit of the values.
 */
export function readDm(tiff: TiffFile, directory: Directory): VendorNotes | null {
  if (!directory.entries.has(tags.dmScale)) return null;
  const axis = (which: 0 | 1 | 2): Calibration | undefined =>
    uniform(
      numberAt(tiff, directory, tags.dmScale + which),
      unitOf(textOf(tiff, directory, tags.dmUnit + which, 1024)),
      numberAt(tiff, directory, tags.dmOrigin + which) ?? 0,
    );
  const [x, y, pages] = [axis(0), axis(1), axis(2)];
  const units = textOf(tiff, directory, tags.dmIntensityUnit, 1024);
  const numbers: Record<string, string | number | undefined> = {};
  for (let tag = tags.dmIntensityUnit; tag <= 65026; tag++) {
    const entry = directory.entries.get(tag);
    if (entry === undefined || entry.count > 256) continue;
    numbers[String(tag)] = entry.type === 2 ? textOf(tiff, directory, tag, 1024) : numberAt(tiff, directory, tag);
  }
  return {
    ...(x === undefined ? {} : { x }),
    ...(y === undefined ? {} : { y }),
    ...(pages === undefined ? {} : { pages }),
    ...(units ? { units } : {}),
    metadata: {},
    original: { DigitalMicrograph: known(numbers) },
  };
}
