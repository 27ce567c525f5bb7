import type { Metadata } from '../../model/signal.ts';
import { latin1 } from '../file-bytes.ts';

/* The first record of an extended header of type FEI1 or FEI2 (Velox, EPU): fields at fixed places, little-endian. */

const numbers: readonly [name: string, at: number][] = [
  ['high_tension', 84],
  ['dose', 92],
  ['alpha_tilt', 100],
  ['beta_tilt', 108],
  ['x_stage', 116],
  ['y_stage', 124],
  ['z_stage', 132],
  ['tilt_axis_angle', 140],
  ['pixel_size_x', 156],
  ['pixel_size_y', 164],
  ['defocus', 220],
  ['magnification', 289],
  ['camera_length', 301],
];
const texts: readonly [name: string, at: number][] = [
  ['microscope_type', 20],
  ['d_number', 36],
  ['application', 52],
  ['application_version', 68],
];
const wholeRecord = 309;

/** The fields of a record, units of the file (SI and degrees); none when it is too short to be one. */
export function readFeiRecord(view: DataView): Metadata {
  if (view.byteLength < wholeRecord) return {};
  const record: Metadata = {};
  for (const [name, at] of texts) {
    const value = latin1(new Uint8Array(view.buffer, view.byteOffset + at, 16))
      .replace(/\0.*$/s, '')
      .trim();
    if (value !== '') record[name] = value;
  }
  for (const [name, at] of numbers) {
    const value = view.getFloat64(at, true);
    if (Number.isFinite(value) && value !== 0) record[name] = value;
  }
  return record;
}

/** HyperSpy's names and units: kV, mm, degrees. */
export function feiInstrument(record: Metadata): Metadata {
  const scaled = (name: string, factor: number): number | null =>
    typeof record[name] === 'number' ? Number((record[name] * factor).toPrecision(12)) : null;
  const kept = (pairs: Record<string, number | null>): Metadata =>
    Object.fromEntries(Object.entries(pairs).filter(([, value]) => value !== null));
  const stage = kept({
    tilt_alpha: scaled('alpha_tilt', 1),
    tilt_beta: scaled('beta_tilt', 1),
    x: scaled('x_stage', 1e3),
    y: scaled('y_stage', 1e3),
    z: scaled('z_stage', 1e3),
  });
  return {
    ...kept({
      beam_energy: scaled('high_tension', 1e-3),
      magnification: scaled('magnification', 1),
      camera_length: scaled('camera_length', 1e3),
    }),
    ...(Object.keys(stage).length > 0 ? { Stage: stage } : {}),
  };
}
