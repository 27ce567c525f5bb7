import { plainAxis, type Axis } from '../../model/axes.ts';
import type { Metadata, MetadataValue } from '../../model/signal.ts';
import { numberAt, textAt, valueAt } from './velox-json.ts';

interface Prefixed {
  units: string;
  /** in units of the file */
  unit: number;
}

/** The unit in which half of what is shown is at least 1, as HyperSpy takes it: 128 of 5.3e-9 m in nm, 512 in µm. */
function readableUnit(units: string, half: number): Prefixed {
  const prefixes: readonly [string, number][] = [
    ['p', 1e-12],
    ['n', 1e-9],
    ['µ', 1e-6],
    ['m', 1e-3],
    ['', 1],
  ];
  const size = Math.abs(half);
  if (units === 'm' && size > 0) {
    const [prefix, unit] = prefixes.findLast(([, factor]) => size >= factor) ?? prefixes[0]!;
    return { units: `${prefix}m`, unit };
  }
  if (units === '1/m' && size > 0) {
    const [prefix, unit] = prefixes.find(([, factor]) => size * factor >= 1) ?? prefixes.at(-1)!;
    return { units: `1 / ${prefix}m`, unit: 1 / unit };
  }
  if (units === 'rad' && size > 0 && size < 1) return { units: 'mrad', unit: 1e-3 };
  return { units, unit: 1 };
}

/** Axes y and x of an image or a scan, from its own metadata (`BinaryResult`: size of a pixel, unit, offset). */
export function spatialAxes(metadata: Metadata | null, height: number, width: number, navigate: boolean): [Axis, Axis] {
  const result = valueAt(metadata, 'BinaryResult');
  const sizes = { x: numberAt(result, 'PixelSize', 'width'), y: numberAt(result, 'PixelSize', 'height') };
  const axis = (name: 'x' | 'y', size: number): Axis => {
    const step = sizes[name];
    const units = textAt(result, name === 'x' ? 'PixelUnitX' : 'PixelUnitY');
    if (step === null || step === 0 || units === null) return plainAxis(name, size, navigate);
    const prefixed = readableUnit(units, (step * Math.max(height, width)) / 2);
    const offset = numberAt(result, 'Offset', name) ?? 0;
    return { name, units: prefixed.units, size, navigate, scale: step / prefixed.unit, offset: offset / prefixed.unit };
  };
  return [axis('y', height), axis('x', width)];
}

const isTree = (value: MetadataValue): value is Metadata =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The entries of `Detectors` that recorded this: the one of its name, else of its number; several segments that record
 * as one ("SuperXG2" for "SuperXG21" … "SuperXG24"); the only one when nothing tells, as in files of newer versions.
 */
export function detectorsOf(metadata: Metadata | null): Metadata[] {
  const detectors = valueAt(metadata, 'Detectors');
  if (!isTree(detectors)) return [];
  const entries = Object.values(detectors).filter(isTree);
  const name = textAt(metadata, 'BinaryResult', 'Detector');
  const exact = entries.find((entry) => name !== null && textAt(entry, 'DetectorName') === name);
  if (exact !== undefined) return [exact];
  const index = numberAt(metadata, 'BinaryResult', 'DetectorIndex');
  const numbered = index === null ? null : valueAt(detectors, `Detector-${index}`);
  if (isTree(numbered)) return [numbered];
  const segments = entries.filter((entry) => name !== null && (textAt(entry, 'DetectorName') ?? '').startsWith(name));
  if (segments.length > 0) return segments;
  return entries.length === 1 ? entries : [];
}

/** The detector that recorded this, or the first of its segments, which are calibrated alike. */
export const detectorOf = (metadata: Metadata | null): Metadata | null => detectorsOf(metadata)[0] ?? null;

/** Frames of a recording one after another; the time of a frame in seconds where the file tells it. */
export function frameAxis(metadata: Metadata | null, frames: number): Axis {
  const exposure = numberAt(detectorOf(metadata), 'ExposureTime');
  const scale = exposure ?? numberAt(metadata, 'Scan', 'FrameTime');
  if (scale === null || scale <= 0) return plainAxis('frame', frames, true);
  return { name: 'Time', units: 's', size: frames, navigate: true, scale, offset: 0 };
}

/** Energy of X-rays: the file counts in eV, spectra are shown in keV. */
export function energyAxis(name: string, metadata: Metadata | null, channels: number): Axis {
  const detector = detectorOf(metadata);
  const dispersion = numberAt(detector, 'Dispersion');
  if (dispersion === null || dispersion <= 0) return plainAxis('channel', channels, false);
  const offset = numberAt(detector, 'OffsetEnergy') ?? 0;
  return { name, units: 'keV', size: channels, navigate: false, scale: dispersion / 1000, offset: offset / 1000 };
}
