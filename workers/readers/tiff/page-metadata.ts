import type { Metadata } from '../../model/signal.ts';
import type { Directory, TiffFile } from './ifd.ts';
import { numberAt, textOf } from './ifd.ts';
import { tags } from './tags.ts';
import { known } from './vendor.ts';

/** What the plain tags of a page say under HyperSpy's names. */
export function pageMetadata(tiff: TiffFile, directory: Directory, fileName: string, title: string): Metadata {
  const when = /^(\d{4})[:/-](\d{2})[:/-](\d{2})[ T](\d{2}:\d{2}:\d{2})/.exec(
    textOf(tiff, directory, tags.dateTime, 256) ?? '',
  );
  const isDate = when !== null && Number(when[1]) > 0;
  return {
    General: {
      original_filename: fileName,
      title,
      ...known(isDate ? { date: `${when[1]}-${when[2]}-${when[3]}`, time: when[4] } : {}),
    },
    Signal: { signal_type: '' },
  };
}

const mostText = 64 * 1024;

/** The plain tags by name, then what programs and instruments wrote, each under its name. */
export function originalOf(
  tiff: TiffFile,
  directory: Directory,
  description: string,
  series: Metadata,
  vendor: Metadata,
): Metadata {
  const plain: Metadata = {};
  const texts = {
    make: tags.make,
    model: tags.model,
    software: tags.software,
    dateTime: tags.dateTime,
    artist: tags.artist,
    hostComputer: tags.hostComputer,
    pageName: tags.pageName,
  };
  for (const [name, tag] of Object.entries(texts)) {
    const text = textOf(tiff, directory, tag, mostText);
    if (text) plain[name] = text;
  }
  for (const name of [
    'xResolution',
    'yResolution',
    'resolutionUnit',
    'compression',
    'photometric',
    'orientation',
  ] as const) {
    const value = numberAt(tiff, directory, tags[name]);
    if (value !== undefined && Number.isFinite(value)) plain[name] = value;
  }
  const described = Object.keys(series).length > 0 || 'Hamamatsu' in vendor;
  if (description && !described) plain.imageDescription = description.slice(0, mostText);
  return { TIFF: plain, ...series, ...vendor };
}
