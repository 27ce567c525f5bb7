import { basename } from 'node:path';
import type { Metadata, MetadataValue } from '../../model/signal.ts';
import { numberAt, textAt } from './velox-json.ts';

/** Entries with a value, or null when none has one: an empty branch says nothing. */
function branch(entries: Readonly<Record<string, MetadataValue>>): Metadata | null {
  const told = Object.entries(entries).filter(([, value]) => value !== null);
  return told.length === 0 ? null : Object.fromEntries(told);
}

const rounded = (value: number | null, digits: number): number | null =>
  value === null ? null : Number(value.toFixed(digits));
const times = (value: number | null, factor: number): number | null => (value === null ? null : value * factor);
const degrees = (radians: number | null): number | null => times(radians, 180 / Math.PI);

/** Start of the recording, in seconds since 1970, as date and time in UTC. */
function startOf(original: Metadata | null): { date: string | null; time: string | null } {
  const seconds = numberAt(original, 'Acquisition', 'AcquisitionStartDatetime', 'DateTime');
  if (seconds === null || seconds <= 0 || seconds > 1e11) return { date: null, time: null };
  const iso = new Date(seconds * 1000).toISOString();
  return { date: iso.slice(0, 10), time: iso.slice(11, 19) };
}

/** EDS detectors: angles in degrees; of several that were summed only what they share. */
function edsBranch(detectors: readonly Metadata[], more: Readonly<Record<string, MetadataValue>>): Metadata | null {
  const shared = (name: string, unit: (value: number | null) => number | null): number | null => {
    const [first = null, ...others] = detectors.map((detector) => numberAt(detector, name));
    return others.every((value) => value === first) ? unit(first) : null;
  };
  const same = (value: number | null): number | null => value;
  return branch({
    elevation_angle: rounded(shared('ElevationAngle', degrees), 6),
    azimuth_angle: rounded(shared('AzimuthAngle', degrees), 6),
    solid_angle: shared('CollectionAngle', same),
    ...more,
  });
}

/**
 * Metadata of one signal under HyperSpy's names, as far as the file tells. Units: kV, mm (camera length), degrees; the
 * position of the stage in metres, as HyperSpy gives it for these files.
 */
export function veloxMetadata(
  path: string,
  title: string,
  signalType: string,
  original: Metadata | null,
  eds?: { detectors: readonly Metadata[]; more: Readonly<Record<string, MetadataValue>> },
): Metadata {
  const { date, time } = startOf(original);
  const stage = (name: string): number | null => rounded(numberAt(original, 'Stage', 'Position', name), 6);
  const stem = numberAt(original, 'CustomProperties', 'StemMagnification', 'value');
  const tem = branch({
    beam_energy: times(numberAt(original, 'Optics', 'AccelerationVoltage'), 1e-3),
    camera_length: rounded(times(numberAt(original, 'Optics', 'CameraLength'), 1e3), 6),
    magnification: stem || (numberAt(original, 'Optics', 'NominalMagnification') ?? stem),
    microscope: textAt(original, 'Instrument', 'InstrumentClass'),
    Stage: branch({
      tilt_alpha: rounded(degrees(numberAt(original, 'Stage', 'AlphaTilt')), 3),
      tilt_beta: rounded(degrees(numberAt(original, 'Stage', 'BetaTilt')), 3),
      x: stage('x'),
      y: stage('y'),
      z: stage('z'),
    }),
    Detector: eds === undefined ? null : branch({ EDS: edsBranch(eds.detectors, eds.more) }),
  });
  return {
    General: branch({
      title,
      original_filename: basename(path),
      date,
      time,
      time_zone: date === null ? null : 'UTC',
    }),
    Signal: { signal_type: signalType },
    ...(tem === null ? {} : { Acquisition_instrument: { TEM: tem } }),
  };
}
