import type { FileHeader, Metadata, SignalHeader } from '../../model/signal.ts';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt, latin1, withFile } from '../file-bytes.ts';
import type { Reader } from '../reader.ts';
import { general, isTransmission, known } from './common.ts';

/** Where things are in the part before the spectrum. */
const at = {
  date: 0x0a,
  user: 0x62,
  liveTime: 0x102,
  realTime: 0x10a,
  deadTime: 0x112,
  scale: 0x16a,
  offset: 0x172,
  channels: 0x1c6,
  counts: 0x1ca,
} as const;

/** The file ends with this many bytes about detector and microscope; before them is a list of variable length. */
const endBytes = 374;
const mostChannels = 65536;

const text = (view: DataView, from: number, length: number): string | null => {
  const [name = ''] = latin1(new Uint8Array(view.buffer, view.byteOffset + from, length)).split('\0');
  return /^[\x20-\x7e]+$/.test(name) ? name : null;
};

interface Instrument {
  detector: string | null;
  microscope: string | null;
  energy: number;
  resolution: number;
  azimuth: number;
  elevation: number;
}

/** What the end of the file says about the instrument; null when it says nothing possible. */
function readInstrument(file: FileBytes, from: number): Instrument | null {
  if (file.size < from + endBytes) return null;
  const view = file.view(file.size - endBytes, endBytes);
  const f64 = (position: number): number => view.getFloat64(position, true);
  const instrument = {
    detector: text(view, 0, 16),
    microscope: text(view, 16, 16),
    energy: f64(48),
    resolution: f64(102),
    azimuth: f64(180),
    elevation: f64(196),
  };
  const { energy, resolution, azimuth, elevation } = instrument;
  const possible = energy > 0 && energy <= 3000 && resolution > 10 && resolution < 1000;
  return possible && Math.abs(azimuth) <= 360 && Math.abs(elevation) <= 360 ? instrument : null;
}

/** The first bytes are two equal small numbers, then a date; the sizes must fit the file. */
export function isJeolSpectrum(head: Uint8Array): boolean {
  if (head.length < at.counts) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const date = view.getFloat64(at.date, true);
  const scale = view.getFloat64(at.scale, true);
  const channels = view.getUint32(at.channels, true);
  return (
    view.getUint32(0, true) <= 16 &&
    date > 20_000 &&
    date < 100_000 &&
    scale > 1e-5 &&
    scale < 1 &&
    channels > 0 &&
    channels <= mostChannels
  );
}

/**
 * Header and counts of a single spectrum (.EDS).
 * @throws EigenscopeError `corrupt-file`, `truncated-file`
 */
export function readJeolSpectrum(path: string): SignalHeader {
  return withFile(path, (file) => {
    const head = file.view(0, at.counts);
    if (!isJeolSpectrum(new Uint8Array(head.buffer, head.byteOffset, head.byteLength))) {
      throw corrupt(
        path,
        'it does not begin as a JEOL spectrum',
        'date, calibration and number of channels were expected',
      );
    }
    const f64 = (position: number): number => {
      const value = head.getFloat64(position, true);
      return Number.isFinite(value) ? value : 0;
    };
    const [channels, scale, offset] = [head.getUint32(at.channels, true), f64(at.scale), f64(at.offset)];
    const [created, live, real, dead] = [f64(at.date), f64(at.liveTime), f64(at.realTime), f64(at.deadTime)];
    const user = text(head, at.user, 32);
    const bytes = new Uint8Array(4 * channels);
    file.readInto(bytes, at.counts);
    const instrument = readInstrument(file, at.counts + bytes.length);
    const transmission = isTransmission(instrument?.energy ?? null);
    const signalType = transmission ? 'EDS_TEM' : 'EDS_SEM';
    const eds = known({
      azimuth_angle: instrument?.azimuth,
      detector_type: instrument?.detector,
      elevation_angle: instrument?.elevation,
      energy_resolution_MnKa: instrument?.resolution,
      live_time: live > 0 ? live : null,
      real_time: real > 0 ? real : null,
    });
    const original: Metadata = known({
      ...instrument,
      liveTime: live,
      realTime: real,
      deadTime: dead,
      CoefA: scale,
      CoefB: offset,
      NumCH: channels,
      username: user,
    });
    return {
      title: 'EDX',
      signalType,
      shape: [channels],
      dtype: 'int32',
      axes: [{ name: 'Energy', units: 'keV', size: channels, navigate: false, scale, offset }],
      quantity: { name: 'X-rays', units: 'Counts' },
      metadata: {
        General: general(path, 'EDX', created),
        Signal: { signal_type: signalType, quantity: 'X-rays (Counts)' },
        Acquisition_instrument: {
          [transmission ? 'TEM' : 'SEM']: { ...known({ beam_energy: instrument?.energy }), Detector: { EDS: eds } },
        },
      },
      originalMetadata: original,
      layout: { kind: 'bytes', bytes },
      warnings: instrument === null ? ['The file does not tell the microscope and its detector.'] : [],
    };
  });
}

/** Single spectra of JEOL's Analysis Station. */
export const jeolSpectrumReader: Reader = {
  id: 'jeol',
  title: 'JEOL spectrum (EDS)',
  extensions: ['eds'],
  // there is no mark at the beginning: the name has to agree
  probe: (head, path) => (/\.eds$/i.test(path) && isJeolSpectrum(head) ? 1 : 0),
  header: async (path): Promise<FileHeader> => ({ format: 'jeol', signals: [readJeolSpectrum(path)] }),
};
