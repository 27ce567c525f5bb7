import type { Metadata } from '../../model/signal.ts';
import { known } from '../known-values.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { XmlElement } from '../xml.ts';
import { childOf, findElements, parseXml, textAt } from '../xml.ts';

const numberOf = (text: string | undefined): number | undefined => {
  const value = Number.parseFloat((text ?? '').replace(',', '.'));
  return Number.isFinite(value) ? value : undefined;
};

/** Groups of named values from the XML that is kept inside an attribute; empty when it is none. */
export function readInfo(path: string, document: XmlElement): Metadata {
  const text = document.attributes['InfoSerialized'] ?? '';
  if (!text.includes('<')) return {};
  try {
    const tree: Metadata = {};
    for (const group of findElements(parseXml(path, text), ({ name }) => name === 'Group')) {
      const items: Metadata = {};
      for (const item of childOf(group, 'Items')?.children ?? []) {
        const name = textAt(item, 'Name');
        const value = textAt(item, 'Value');
        if (name && value && name !== '__proto__') items[name] = value;
      }
      const name = textAt(group, 'Name');
      if (name && name !== '__proto__') tree[name] = items;
    }
    return tree;
  } catch (error) {
    if (error instanceof EigenscopeError) return {};
    throw error;
  }
}

/** `06/27/2022 17:47:10.5`, months first, as date and time. */
function recordedAt(text: string | undefined): { date: string; time: string } | null {
  const found = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{2}:\d{2}:\d{2})/.exec(text ?? '');
  if (found === null) return null;
  const [, month = '', day = '', year = '', time = ''] = found;
  return { date: `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`, time };
}

/** The spectrometer of the hardware list with this serial number, and its grating that was used. */
function gratingOf(root: XmlElement, serial: string | undefined, density: string | undefined): string | undefined {
  if (serial === undefined) return undefined;
  for (const spectrometer of findElements(root, ({ name }) => name === 'Spectrometer')) {
    if (spectrometer.attributes['Serialnumber'] !== serial) continue;
    const gratings = childOf(spectrometer, 'Gratings')?.children ?? [];
    return gratings.find(({ attributes }) => attributes['GrooveDensity'] === density)?.attributes['Blaze'];
  }
  return undefined;
}

/** Magnification of the first objective that is in use. */
function magnificationOf(root: XmlElement): number | undefined {
  for (const { attributes } of findElements(root, ({ name }) => name === 'Objective')) {
    if (attributes['IsEnabled'] === 'True') return numberOf(attributes['Magnification']);
  }
  return undefined;
}

/** The tree in HyperSpy's words: slits in mm, times in s, wavelengths in nm, temperatures in °C. */
export function metadataOf(
  root: XmlElement,
  document: XmlElement,
  info: Metadata,
  title: string,
  fileName: string,
  quantity: string,
): Metadata {
  const group = (name: string): Readonly<Record<string, string | undefined>> =>
    (Object.hasOwn(info, name) ? info[name] : {}) as Record<string, string>;
  const detector = group('Detector');
  const spectrometer = group('Spectrometer');
  const calibration = group('Calibration');
  const exposure = numberOf(detector['Exposure_Time_(ms)']);
  const frames = numberOf(detector['No_of_Accumulations']);
  const millimetres = (text: string | undefined): number | undefined => {
    const micrometres = numberOf(text);
    return micrometres === undefined ? undefined : micrometres / 1000;
  };
  const laser = numberOf(calibration['Laser_Wavelength']);
  return {
    General: known({ title, original_filename: fileName, ...recordedAt(document.attributes['RecordTime']) }),
    Signal: { signal_type: '', quantity },
    Acquisition_instrument: known({
      Detector: known({
        temperature: numberOf(detector['Detector_Temperature']),
        frames,
        exposure_per_frame: exposure === undefined ? undefined : exposure / 1000,
        integration_time: exposure === undefined ? undefined : (exposure / 1000) * (frames ?? 1),
        processing: known({
          calc_average: detector['Calc_Average'] === undefined ? undefined : /^true$/i.test(detector['Calc_Average']),
        }),
      }),
      Laser: known({
        objective_magnification: magnificationOf(root),
        wavelength: laser === undefined || laser <= 0 ? undefined : laser,
      }),
      Spectrometer: known({
        model: spectrometer['Model'],
        central_wavelength: numberOf(calibration['Center_Wavelength']),
        entrance_slit_width: millimetres(spectrometer['Slit_Entrance-Front']),
        exit_slit_width: millimetres(spectrometer['Slit_Exit-Front']),
        Grating: known({
          groove_density: numberOf(spectrometer['Groove_Density']),
          blazing_wavelength: gratingOf(root, spectrometer['Serialnumber'], spectrometer['Groove_Density']),
        }),
      }),
    }),
  };
}
