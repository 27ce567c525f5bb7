import { basename } from 'node:path';
import type { Metadata, MetadataValue } from '../../model/signal.ts';
import { known } from '../known-values.ts';
import { dateOfTicks } from './wdf-codes.ts';
import type { WdfHead } from './wdf-head.ts';
import { findProperty } from './wdf-properties.ts';

const isTree = (value: MetadataValue | undefined): value is Metadata =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const numberOrNull = (value: MetadataValue | undefined): number | null => (typeof value === 'number' ? value : null);

/** The tree in HyperSpy's words from the head and the property sets (by name of their block). */
export function metadataOf(
  path: string,
  head: WdfHead,
  quantity: string,
  properties: Readonly<Record<string, Metadata>>,
): Metadata {
  const start = dateOfTicks(head.startTicks);
  const { WXDM: setup = {}, WXCS: calibration = {} } = properties;
  const camera = isTree(calibration['CCD']) ? calibration['CCD'] : {};
  const exposure = numberOrNull(findProperty(setup, 'Exposure Time'));
  const frames = numberOrNull(findProperty(setup, 'Accumulations'));
  const cosmic = numberOrNull(findProperty(setup, 'Use Cosmic Ray Remove'));
  const model = camera['CCD'];
  // the calibration has more digits than the head, which may be that of another laser
  const calibrated = numberOrNull(
    findProperty(isTree(calibration['Lasers']) ? calibration['Lasers'] : {}, 'Wavenumber'),
  );
  const isSame = calibrated !== null && Math.abs(calibrated - head.laserWavenumber) < 1e-5 * calibrated;
  const wavenumber = isSame ? calibrated : head.laserWavenumber;
  const detector = known({
    detector_type: model === undefined ? undefined : 'CCD',
    model,
    temperature: camera['Target temperature'],
    frames,
    integration_time: exposure === null ? null : (exposure / 1000) * (frames ?? 1),
    processing: known({ cosmic_ray_removal: cosmic }),
  });
  return {
    General: known({
      title: head.title,
      original_filename: basename(path),
      date: start?.date,
      time: start?.time,
      authors: head.user === '' ? null : head.user,
    }),
    Signal: { signal_type: '', quantity },
    Acquisition_instrument: known({
      Laser: known({ wavelength: wavenumber > 0 ? 1e7 / wavenumber : null }),
      Detector: detector,
      Spectrometer: known({
        Grating: known({ groove_density: findProperty(calibration, 'Groove Density (lines/mm)') }),
      }),
    }),
  };
}
