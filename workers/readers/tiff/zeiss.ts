import type { Metadata } from '../../model/signal.ts';
import type { Directory, TiffFile } from './ifd.ts';
import { entryBytes, textOf } from './ifd.ts';
import { latin1 } from '../file-bytes.ts';
import { tags } from './tags.ts';
import type { VendorNotes } from './vendor.ts';
import { known, scalar, uniform } from './vendor.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Lines `NAME` followed by `Title = value unit`, as SmartSEM writes them. */
function parseLines(lines: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (let i = 0; i + 1 < lines.length; i++) {
    const name = lines[i]!.trim();
    if (!/^[ADS][PV]_[A-Z0-9_]{1,60}$/.test(name)) continue;
    // dates and times are written with a colon instead
    const value = /^[^=:]{0,80}[=:](.*)$/.exec(lines[++i]!)?.[1];
    if (value !== undefined) values.set(name.toLowerCase(), value.trim());
  }
  return values;
}

/** A length with its unit, in `mm` (factor 1e3) or another multiple of the metre. */
function lengthIn(text: string | undefined, perMetre: number): number | undefined {
  const found = /^([-+.\deE]+)\s*(pm|nm|µm|um|mm|cm|m)$/.exec(text ?? '');
  const metres = { pm: 1e-12, nm: 1e-9, µm: 1e-6, um: 1e-6, mm: 1e-3, cm: 1e-2, m: 1 }[found?.[2] ?? ''];
  return found && metres !== undefined ? Number((Number(found[1]) * metres * perMetre).toPrecision(12)) : undefined;
}

/**
 * Zeiss SEM (SmartSEM), tag 34118: numbers first, of which the fourth is the size of a pixel in m for a picture of 1024
 * columns, then pairs of lines. Pictures of other widths show the same field.
 */
export function readZeiss(tiff: TiffFile, directory: Directory, width: number): VendorNotes | null {
  const entry = directory.entries.get(tags.zeissSem);
  if (entry === undefined) return null;
  // Latin-1, whatever it looks like: degrees and micrometres are single bytes
  const lines = latin1(entryBytes(tiff, entry, 2 ** 22)).split(/\r\n|\n|\r/);
  const values = parseLines(lines);
  const first = Number(lines[3]);
  // the header is missing where other programs wrote the tag
  const told = Number.isFinite(first) && first > 0 ? first * (1024 / width) : undefined;
  const scale = told ?? lengthIn(values.get('ap_image_pixel_size') ?? values.get('ap_pixel_size'), 1);
  const number = (name: string): number | undefined => {
    const found = /^[-+.\deE]+/.exec(values.get(name) ?? '')?.[0];
    return found === undefined ? undefined : Number(found);
  };
  const date = /^(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4})/.exec(values.get('ap_date') ?? '');
  const month = months.indexOf((date?.[2] ?? '').toLowerCase());
  const time = /^(\d{1,2}):(\d{2}):(\d{2})/.exec(values.get('ap_time') ?? '');
  const x = uniform(scale, 'm');
  const magnification = values.get('ap_mag');
  const instrument = known({
    beam_energy: number('ap_actualkv'),
    magnification,
    working_distance: lengthIn(values.get('ap_wd'), 1e3),
    microscope: values.get('sv_serial_number'),
    Stage: known({
      x: lengthIn(values.get('ap_stage_at_x'), 1e3),
      y: lengthIn(values.get('ap_stage_at_y'), 1e3),
      z: lengthIn(values.get('ap_stage_at_z'), 1e3),
      rotation: number('ap_stage_at_r'),
      tilt: number('ap_stage_at_t'),
    }),
  });
  const original: Metadata = Object.fromEntries([...values].map(([key, value]) => [key, scalar(value)]));
  return {
    ...(x ? { x, y: x } : {}),
    metadata: {
      General: known({
        date:
          date && month >= 0
            ? `${date[3]}-${String(month + 1).padStart(2, '0')}-${date[1]!.padStart(2, '0')}`
            : undefined,
        time: time ? `${time[1]!.padStart(2, '0')}:${time[2]}:${time[3]}` : undefined,
        authors: values.get('sv_user_name'),
      }),
      Acquisition_instrument: { SEM: instrument },
    },
    original: { CZ_SEM: original, ...known({ title: textOf(tiff, directory, tags.pageName, 4096) }) },
  };
}
