import type { Metadata } from '../../model/signal.ts';
import type { XmlElement } from '../xml.ts';
import { textAt } from '../xml.ts';
import { describedValues } from './emi-objects.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** “Mon Feb 22 11:30:22 2016” as ISO date and time. */
export function parseAcquireDate(text: string): { date: string; time: string } | null {
  const match = /^\w{3} (\w{3}) +(\d{1,2}) (\d{2}:\d{2}:\d{2}) (\d{4})$/.exec(text.trim());
  const month = months.indexOf(match?.[1] ?? '') + 1;
  if (match === null || month === 0) return null;
  const [, , day, time, year] = match as unknown as [string, string, string, string, string];
  return { date: `${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`, time };
}

/** How many of the wanted unit one of these is. */
const metres: Readonly<Record<string, number>> = { m: 1, mm: 1e3, um: 1e6, µm: 1e6, nm: 1e9 };

/**
 * HyperSpy's tree from the description of an object; `time` of its first element where there is no date.
 * @param time seconds since 1970
 */
export function tiaMetadata(fileName: string, object: XmlElement | null, time: number | null): Metadata {
  const values = object === null ? new Map<string, { value: string; unit: string }>() : describedValues(object);
  const number = (label: string): number | null => {
    const text = values.get(label)?.value ?? '';
    const value = Number(text);
    return text === '' || !Number.isFinite(value) ? null : value;
  };
  /** in millimetres, whatever the unit in the file */
  const millimetres = (label: string): number | null => {
    const value = number(label);
    const unit = metres[values.get(label)?.unit ?? ''];
    return value === null || unit === undefined ? null : Number(((value * 1e3) / unit).toPrecision(12));
  };
  const kept = (pairs: Record<string, Metadata[string] | null | undefined>): Metadata =>
    Object.fromEntries(
      Object.entries(pairs).filter(
        ([, value]) =>
          value !== null &&
          value !== undefined &&
          value !== '' &&
          !(typeof value === 'object' && Object.keys(value).length === 0),
      ),
    ) as Metadata;

  const told = parseAcquireDate(textAt(object ?? undefined, 'AcquireDate') ?? '');
  const stamp = told === null && time !== null && time > 0 ? new Date(time * 1000).toISOString() : null;
  const mode = values.get('Mode')?.value ?? '';
  const kilovolts = number('High tension');
  const info = (name: string): string | undefined => textAt(object ?? undefined, 'AcquireInfo', name);
  const exposure = Number(info('DwellTimePath') ?? info('IntegrationTime') ?? '');
  const instrument = kept({
    beam_energy: values.get('High tension')?.unit === 'V' && kilovolts !== null ? kilovolts / 1e3 : kilovolts,
    microscope: values.get('Microscope')?.value.replace(/^Microscope /, ''),
    acquisition_mode: mode === '' ? null : mode.includes('STEM') ? 'STEM' : 'TEM',
    camera_length: millimetres('Camera length'),
    magnification: number('Magnification'),
    Detector: kept({
      Camera: kept({ Name: info('CameraNamePath'), exposure: exposure > 0 ? exposure : null }),
    }),
    Stage: kept({
      tilt_alpha: number('Stage A'),
      tilt_beta: number('Stage B'),
      x: millimetres('Stage X'),
      y: millimetres('Stage Y'),
      z: millimetres('Stage Z'),
    }),
  });
  return {
    General: kept({
      original_filename: fileName,
      date: told?.date ?? stamp?.slice(0, 10),
      time: told?.time ?? stamp?.slice(11, 19),
      time_zone: stamp === null ? null : 'UTC',
      authors: values.get('User')?.value,
    }),
    Signal: { signal_type: '' },
    ...(Object.keys(instrument).length > 0 ? { Acquisition_instrument: { TEM: instrument } } : {}),
  };
}
