import { formatSignificant, THIN_SPACE } from '../../workers/figure/format-number.ts';
import type { Metadata, MetadataValue } from '../../workers/model/signal.ts';

/** What people ask of a measurement first; null: the file does not tell. */
export interface AskedFact {
  name: string;
  value: string | null;
}

const isBranch = (value: MetadataValue | undefined): value is Metadata =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first value under one of these names, anywhere below, nearest the top first. */
function findBelow(tree: Metadata, names: readonly string[]): MetadataValue | undefined {
  for (let level: Metadata[] = [tree], depth = 0; level.length > 0 && depth < 6; depth++) {
    for (const name of names) {
      for (const one of level) {
        const value = Object.hasOwn(one, name) ? one[name] : undefined;
        if (value !== undefined && value !== null && value !== '' && !isBranch(value)) return value;
      }
    }
    level = level.flatMap((one) => Object.values(one).filter(isBranch));
  }
  return undefined;
}

const branchAt = (tree: Metadata, name: string): Metadata => {
  const value = tree[name];
  return isBranch(value) ? value : {};
};

const withUnit = (value: MetadataValue | undefined, unit: string): string | null =>
  typeof value === 'number' && Number.isFinite(value)
    ? `${formatSignificant(value, 5)}${THIN_SPACE}${unit}`
    : typeof value === 'string' && value.trim() !== ''
      ? value
      : null;

/** Seconds in a unit that is read easily: 20 µs, 5 ms, 1.2 s. */
function timeText(value: MetadataValue | undefined): string | null {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) return withUnit(value, 's');
  const [factor, unit] = value < 1e-6 ? [1e9, 'ns'] : value < 1e-3 ? [1e6, 'µs'] : value < 1 ? [1e3, 'ms'] : [1, 's'];
  return withUnit(Number((value * factor).toPrecision(12)), unit);
}

/** Kinds and types of the detectors: "EDS, SuperX". */
function detectorText(instrument: Metadata): string | null {
  const holders = [instrument, ...Object.values(instrument).filter(isBranch)];
  const found = holders.map((one) => one['Detector']).find((one) => isBranch(one) || typeof one === 'string');
  if (typeof found === 'string') return found;
  const named = ['detector_type', 'detector_name', 'model', 'detector'];
  const type = findBelow(isBranch(found) ? found : instrument, named);
  const kinds = isBranch(found) ? Object.keys(found).filter((name) => isBranch(found[name])) : [];
  const parts = [...kinds, ...(typeof type === 'string' && type.trim() !== '' ? [type] : [])];
  return parts.length === 0 ? null : parts.join(', ');
}

/**
 * Beam energy, detector, dwell time and date of a measurement, from the places and in the units that HyperSpy's metadata
 * have (keV, s). Nothing is guessed: what is not there is null.
 */
export function askedFacts(metadata: Metadata): AskedFact[] {
  const instrument = branchAt(metadata, 'Acquisition_instrument');
  const general = branchAt(metadata, 'General');
  const dwell = findBelow(instrument, ['dwell_time', 'pixel_dwell_time']);
  const exposure = findBelow(instrument, ['exposure', 'exposure_time', 'integration_time', 'acquisition_time']);
  const date = typeof general['date'] === 'string' ? general['date'] : '';
  const time = typeof general['time'] === 'string' ? general['time'] : '';
  const zone = typeof general['time_zone'] === 'string' ? general['time_zone'] : '';
  const when = [date, time, time === '' ? '' : zone].filter((part) => part.trim() !== '').join(' ');
  return [
    { name: 'Beam energy', value: withUnit(findBelow(instrument, ['beam_energy']), 'keV') },
    { name: 'Detector', value: detectorText(instrument) },
    dwell === undefined && exposure !== undefined
      ? { name: 'Exposure', value: timeText(exposure) }
      : { name: 'Dwell time', value: timeText(dwell) },
    { name: 'Acquired', value: when === '' ? null : when },
  ];
}
