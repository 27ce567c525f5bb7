import type { Metadata } from '../../model/signal.ts';
import type { XmlElement } from '../xml.ts';
import { childOf, textAt } from '../xml.ts';
import { countAt, dateOf, instanceOf, numberAt, timeOf } from './trt-xml.ts';

/** A spectrum of Bruker's XML: the data of an .spx, the sum spectrum of a map. Energies in keV, times in seconds. */
export interface TrtSpectrum {
  /** energy of channel 0 and step of a channel */
  offset: number | null;
  scale: number | null;
  channels: number | null;
  date: string | undefined;
  time: string | undefined;
  primaryEnergy: number | null;
  realTime: number | null;
  liveTime: number | null;
  /** counts as text, not read until they are wanted */
  counts: string;
  /** what HyperSpy keeps below Detector.EDS, without times */
  detector: Metadata;
}

const manganeseKAlpha = 5.89877;

/**
 * Full width at half maximum at Mn Kα in eV, from the peak width as Bruker calibrates it: variance in keV² is
 * SigmaAbs + SigmaLin · E.
 */
function resolutionAtManganese(header: XmlElement | undefined): number | null {
  const variance = (numberAt(header, 'SigmaAbs') ?? NaN) + manganeseKAlpha * (numberAt(header, 'SigmaLin') ?? NaN);
  return variance > 0 ? Math.round(1e4 * Math.sqrt(8 * Math.LN2 * variance)) / 10 : null;
}

const seconds = (milliseconds: number | null): number | null =>
  milliseconds === null || milliseconds <= 0 ? null : milliseconds / 1000;

const present = (values: Readonly<Record<string, string | number | null | undefined>>): Metadata =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined)) as Metadata;

/** Reads the `TRTSpectrum` object. */
export function readTrtSpectrum(spectrum: XmlElement): TrtSpectrum {
  const header = instanceOf(spectrum, 'TRTSpectrumHeader');
  const hardware = instanceOf(spectrum, 'TRTSpectrumHardwareHeader');
  const detector = instanceOf(spectrum, 'TRTDetectorHeader');
  const analysis = instanceOf(spectrum, 'TRTESMAHeader');
  const fluorescence = instanceOf(spectrum, 'TRTXrfHeader') ?? instanceOf(spectrum, 'TRTXRFHeader');
  const voltage = numberAt(fluorescence, 'Voltage');
  return {
    offset: numberAt(header, 'CalibAbs'),
    scale: numberAt(header, 'CalibLin'),
    channels: countAt(header, 'ChannelCount'),
    date: dateOf(textAt(header, 'Date')),
    time: timeOf(textAt(header, 'Time')),
    primaryEnergy: numberAt(analysis, 'PrimaryEnergy') ?? voltage,
    realTime: seconds(numberAt(hardware, 'RealTime')),
    liveTime: seconds(numberAt(hardware, 'LifeTime')),
    counts: childOf(spectrum, 'Channels')?.text ?? '',
    detector: present({
      elevation_angle: numberAt(analysis, 'ElevationAngle') ?? numberAt(fluorescence, 'ElevationAngle'),
      azimuth_angle: numberAt(analysis, 'AzimutAngle') ?? numberAt(analysis, 'AzimuthAngle'),
      detector_type: textAt(detector, 'Type'),
      energy_resolution_MnKa: resolutionAtManganese(header),
    }),
  };
}

/** HyperSpy takes electrons of more than 30 keV for a transmission microscope. */
export const isTransmission = (energy: number | null): boolean => energy !== null && energy > 30;
