import { latin1 } from '../file-bytes.ts';
import type { Directory, TiffFile } from './ifd.ts';
import { numberAt, textOf } from './ifd.ts';
import { parseIni } from './ini-text.ts';
import { tags } from './tags.ts';
import type { VendorNotes } from './vendor.ts';
import { known, uniform } from './vendor.ts';

const two = (n: number): string => String(n).padStart(2, '0');

const textAt = (view: DataView, at: number, length: number): string =>
  latin1(new Uint8Array(view.buffer, view.byteOffset + at, length))
    .split('\0')[0]!
    .trim();

/**
 * Olympus Soft Imaging Solutions: tag 33560 leads to a block “SIS0” with the date and pointers; the general one (type 1)
 * has the exponent of the unit of length, the sizes of a pixel and the magnification. All little-endian.
 */
function readBlock(tiff: TiffFile, at: number): VendorNotes | null {
  const head = tiff.view(at, 60);
  if (textAt(head, 0, 4) !== 'SIS0') return null;
  const [minute, hour, day, month, year] = [10, 12, 14, 16, 18].map((place) => head.getInt16(place, true)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const isDate = month >= 0 && month < 12 && day >= 1 && day <= 31;
  const name = textAt(head, 26, 32);
  const count = Math.min(Math.max(head.getInt16(58, true), 0), 256);
  const general = known({
    title: name,
    ...(isDate ? { date: `${1900 + year}-${two(month + 1)}-${two(day)}`, time: `${two(hour)}:${two(minute)}:00` } : {}),
  });
  for (let i = 0; i < count; i++) {
    const pointer = tiff.view(at + 60 + 8 * i, 8);
    if (pointer.getInt16(0, true) !== 1) continue;
    const block = tiff.view(pointer.getUint32(4, true), 112);
    const unit = 10 ** block.getInt16(10, true);
    const [width, height, magnification] = [12, 20, 36].map((place) => block.getFloat64(place, true)) as [
      number,
      number,
      number,
    ];
    const x = uniform(width * unit, 'm');
    const y = uniform(height * unit, 'm');
    const camera = textAt(block, 46, 34);
    return {
      ...(x ? { x } : {}),
      ...(y ? { y } : {}),
      metadata: {
        General: general,
        Acquisition_instrument: {
          TEM: known({ magnification, Detector: known({ Camera: known({ name: camera }) }) }),
        },
      },
      original: {
        OlympusSIS: known({
          ...general,
          pixelsizex: width * unit,
          pixelsizey: height * unit,
          magnification,
          cameraname: camera,
          picturetype: textAt(block, 80, 32),
        }),
      },
    };
  }
  return { metadata: { General: general }, original: { OlympusSIS: general } };
}

export function readOlympus(tiff: TiffFile, directory: Directory): VendorNotes | null {
  const at = numberAt(tiff, directory, tags.olympusSis);
  const text = textOf(tiff, directory, tags.olympusIni);
  const notes = at === undefined || at + 60 > tiff.file.size ? null : readBlock(tiff, at);
  if (text === undefined) return notes;
  const ini = parseIni(text);
  return { ...notes, metadata: notes?.metadata ?? {}, original: { ...notes?.original, OlympusINI: ini } };
}
