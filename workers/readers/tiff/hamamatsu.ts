import type { Metadata } from '../../model/signal.ts';
import type { TiffFile } from './ifd.ts';
import type { Calibration, VendorNotes } from './vendor.ts';
import { scalar, uniform, unitOf } from './vendor.ts';

/** Sections `[name],key=value,key="value, with commas"` of the comment that HPD-TA and HiPic write. */
export function parseStreakComment(text: string): Record<string, Metadata> {
  const sections: Record<string, Metadata> = {};
  for (const found of text
    .slice(0, 2 ** 20)
    .matchAll(/\[([A-Za-z0-9 ]{1,60})\],?([^[]*(?:\[(?![A-Za-z0-9 ]{1,60}\],)[^[]*)*)/g)) {
    const values: Metadata = {};
    for (const pair of found[2]!.matchAll(/([^=,"\r\n]{1,80})=(?:"([^"]*)"|([^,\r\n]*))/g)) {
      const key = pair[1]!.trim();
      if (key !== '__proto__') values[key] = pair[2] ?? scalar(pair[3] ?? '');
    }
    if (found[1] !== '__proto__') sections[found[1]!] = values;
  }
  return sections;
}

/** Straight line through values at 0, 1, 2 … by least squares. */
function lineThrough(values: readonly number[]): { scale: number; offset: number } {
  const n = values.length;
  const centre = (n - 1) / 2;
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  let above = 0;
  let below = 0;
  values.forEach((v, i) => {
    above += (i - centre) * (v - mean);
    below += (i - centre) ** 2;
  });
  const scale = below > 0 ? above / below : 0;
  return { scale, offset: mean - scale * centre };
}

/** A table of coordinates “#position,count” (floats somewhere in the file), or a constant scale. */
function axisOf(tiff: TiffFile, scaling: Metadata, letter: 'X' | 'Y', size: number): Calibration | undefined {
  const units = unitOf(String(scaling[`Scaling${letter}Unit`] ?? ''));
  const file = String(scaling[`Scaling${letter}ScalingFile`] ?? '');
  const table = /^#(\d{1,15}),(\d{1,9})$/.exec(file.trim());
  if (table) {
    const [position, count] = [Number(table[1]), Number(table[2])];
    if (count < 2 || count < size || position + 4 * count > tiff.file.size) return undefined;
    const bytes = new Uint8Array(4 * size);
    tiff.file.readInto(bytes, position);
    const view = new DataView(bytes.buffer);
    const values = Array.from({ length: size }, (_, i) => view.getFloat32(4 * i, true));
    if (!values.every(Number.isFinite)) return undefined;
    const line = lineThrough(values);
    const bent = values.some((v, i) => Math.abs(v - line.offset - line.scale * i) > 0.01 * Math.abs(line.scale));
    const axis = uniform(line.scale, units, line.offset);
    return axis && bent ? { ...axis, values } : axis;
  }
  // in focus mode the rows are places on the detector, whatever the scale of the last sweep was
  if (/focus/i.test(file)) return uniform(1, units);
  const scale = scaling[`Scaling${letter}Scale`];
  return uniform(typeof scale === 'number' ? scale : Number(scale), units);
}

/** Hamamatsu streak cameras: a comment in ImageDescription; wavelength along the rows, time along the columns. */
export function readHamamatsu(tiff: TiffFile, description: string, width: number, height: number): VendorNotes | null {
  if (!/^\[Application\],/.test(description) || !/\[Scaling\],/.test(description)) return null;
  const sections = parseStreakComment(description);
  const scaling = sections.Scaling ?? {};
  const x = axisOf(tiff, scaling, 'X', width);
  const y = axisOf(tiff, scaling, 'Y', height);
  return { ...(x ? { x } : {}), ...(y ? { y } : {}), metadata: {}, original: { Hamamatsu: sections } };
}
