import { parse } from 'node:path';
import type { Metadata } from '../../model/signal.ts';
import type { EnviKeys } from './header-text.ts';
import { listUnder, numberUnder, numbersUnder, textUnder } from './numbers.ts';

/** The whole header as plain values. */
export const originalOf = (keys: EnviKeys): Metadata => Object.fromEntries(keys);

/** Date and time of `acquisition time = 2011-05-05T12:00:00.000Z`; nothing when it is written otherwise. */
function acquired(keys: EnviKeys): Metadata {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?)?/.exec(
    textUnder(keys, 'acquisition time') ?? '',
  );
  if (match === null) return {};
  const [, date, time, zone] = match;
  return {
    date: date!,
    ...(time === undefined ? {} : { time }),
    ...(zone === undefined ? {} : { time_zone: zone === 'Z' ? 'UTC' : zone }),
  };
}

/** The first line of the description, without the brackets that some cameras put around it; else the name of the file. */
export function titleOf(keys: EnviKeys, path: string): string {
  const line = (textUnder(keys, 'description') ?? '')
    .split('\n')
    .map((one) => one.trim())
    .find((one) => one !== '');
  const title = line?.replace(/^\[(.*)\]$/, '$1').trim();
  return title === undefined || title === '' ? parse(path).name : title.slice(0, 200);
}

/** What the bands are called and what their numbers mean, beside title and date. */
export function metadataOf(keys: EnviKeys, title: string, fileName: string): Metadata {
  const bandNames = [listUnder(keys, 'band names'), listUnder(keys, 'spectra names')].find((list) => list.length > 0);
  const widths = numbersUnder(keys, 'fwhm').filter(Number.isFinite);
  const ignore =
    numberUnder(keys, 'data ignore value') ?? numberUnder(keys, 'nodata') ?? numberUnder(keys, 'nodata_value');
  const factor = numberUnder(keys, 'reflectance scale factor');
  const sensor = textUnder(keys, 'sensor type');
  return {
    General: { title, original_filename: fileName, ...acquired(keys) },
    Signal: {
      signal_type: '',
      ...(bandNames === undefined ? {} : { [keys.has('band names') ? 'band_names' : 'spectra_names']: bandNames }),
      ...(widths.length === 0 ? {} : { fwhm: widths }),
      ...(ignore === null ? {} : { data_ignore_value: ignore }),
      ...(factor === null ? {} : { reflectance_scale_factor: factor }),
      ...(sensor === null || /^unknown$/i.test(sensor) ? {} : { sensor_type: sensor }),
    },
  };
}

/** What a person should know before computing with the numbers. */
export function meaningWarnings(metadata: Metadata): string[] {
  const signal = metadata['Signal'] as Metadata;
  const { data_ignore_value: ignore, reflectance_scale_factor: factor } = signal;
  return [
    ...(ignore === undefined
      ? []
      : [`Values of ${String(ignore)} mean “no data” (data ignore value): mask those pixels before a decomposition.`]),
    ...(factor === undefined || factor === 1
      ? []
      : [`The values are reflectance times ${String(factor)} (reflectance scale factor); they are kept as they are.`]),
  ];
}
