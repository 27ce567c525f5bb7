import { parse } from 'node:path';
import type { Axis } from '../../model/axes.ts';
import { elementCount, itemSize } from '../../model/dtype.ts';
import type { Metadata, SignalHeader } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import type { FileBytes } from '../file-bytes.ts';
import { cutFrames } from '../frame-series.ts';
import { calibrateByHints, navigationName } from '../hints.ts';
import type { ReadHints } from '../reader.ts';
import type { XmlElement } from '../xml.ts';
import { plainObject } from './emi-objects.ts';
import type { SerCalibration, SerDimension, SerFile } from './ser-format.ts';
import { readSer } from './ser-format.ts';
import { tiaMetadata } from './tia-metadata.ts';

/** Units as the microscopist reads them, and what numbers in the unit of the file are multiplied with. */
function presentUnits(units: string): { units: string | null; factor: number } {
  if (/^(meters?|m)$/i.test(units)) return { units: 'nm', factor: 1e9 };
  if (/^(1\/meters?|1\/m)$/i.test(units)) return { units: '1 / nm', factor: 1e-9 };
  if (/^seconds?$/i.test(units)) return { units: 's', factor: 1 };
  return { units: units === '' ? null : units, factor: 1 };
}

/**
 * An axis as HyperSpy gives it: the scale in the presented unit, the offset as the number in the file. For lengths that
 * offset is in metres beside a scale in nm; where the origin truly is stays in the original metadata.
 */
function calibrated(
  name: string,
  size: number,
  navigate: boolean,
  fileUnits: string,
  { offset, delta, element }: SerCalibration,
): Axis {
  const { units, factor } = presentUnits(fileUnits);
  const good = Number.isFinite(delta) && delta !== 0 && Number.isFinite(offset);
  return {
    name,
    units: good ? units : null,
    size,
    navigate,
    scale: good ? delta * factor : 1,
    // maps tell the value at their edge, whichever element that is
    offset: good ? (navigate ? offset : offset - element * delta) : 0,
  };
}

/** Distance of the first two positions of a line scan in metres; null when they are not there or the same. */
function lineStep(ser: SerFile): number | null {
  const [first, second] = ser.tags;
  if (!ser.hasPositions || !first || !second || ser.tags.length < 2) return null;
  const distance = Math.hypot(second.x! - first.x!, second.y! - first.y!);
  return Number.isFinite(distance) && distance > 0 ? distance : null;
}

/** Navigation axes, slowest first. */
function navigationAxesOf(ser: SerFile, dimensions: readonly SerDimension[]): Axis[] {
  const step = dimensions.length === 1 ? lineStep(ser) : null;
  return dimensions
    .map((dimension, fromFastest) => {
      const isPosition = dimension.units !== '' || dimension.description === 'Position';
      const name = isPosition ? navigationName(fromFastest) : dimension.description || navigationName(fromFastest);
      return calibrated(
        name,
        dimension.size,
        true,
        step === null ? dimension.units : 'meters',
        step === null ? dimension : { offset: 0, delta: step, element: 0 },
      );
    })
    .reverse();
}

/** The file does not tell the space of an image: a step of more than a kilometre is one of a diffraction pattern in 1/m. */
const longestStep = 1000;

function signalAxesOf(ser: SerFile): Axis[] {
  if (ser.isSpectra) return [calibrated('Energy', ser.elementShape[0]!, false, 'eV', ser.calibrations[0]!)];
  return ['y', 'x'].map((name, i) => {
    const calibration = ser.calibrations[i]!;
    const units = Math.abs(calibration.delta) > longestStep ? '1/meters' : 'meters';
    return calibrated(name, ser.elementShape[i]!, false, units, calibration);
  });
}

/** An array of planned but never recorded elements may be this much larger than its file. */
const plausible = (announced: number, size: number): boolean => announced <= 64 * size + 64 * 2 ** 20;

/** The dimensions that are used: as planned where that can be, else one of what was recorded. */
function arrange(ser: SerFile, file: FileBytes): { dimensions: SerDimension[]; warnings: string[] } {
  const warnings: string[] = [];
  const { total, valid } = ser;
  const each = elementCount(ser.elementShape) * itemSize(ser.dtype);
  const product = elementCount(ser.dimensions.map(({ size }) => size));
  const series = (size: number): SerDimension[] => [
    { size, offset: 0, delta: 1, element: 0, description: 'Number', units: '' },
  ];
  if (product < valid || (product !== total && product > 2 * total)) {
    warnings.push(
      `The dimensions (${product} elements) do not fit the ${total} elements of the file; it is read as a series of the ${valid} that were recorded.`,
    );
    return { dimensions: series(valid), warnings };
  }
  if (valid === product) return { dimensions: [...ser.dimensions], warnings };
  const sentence = `Recording stopped early: ${valid} of ${product} elements are there.`;
  if (!plausible(product * each, file.size))
    return { dimensions: series(valid), warnings: [`${sentence} It is read as a series of these.`] };
  if (ser.isSpectra && ser.dimensions.length === 1) {
    return {
      dimensions: [{ ...ser.dimensions[0]!, size: valid }],
      warnings: [`${sentence} The line is as long as what was recorded.`],
    };
  }
  warnings.push(
    `${sentence} The others are read as ${ser.dtype.startsWith('u') || ser.dtype.startsWith('i') ? '0' : 'NaN'}.`,
  );
  return { dimensions: [...ser.dimensions], warnings };
}

/**
 * The signal of a SER file.
 * @param object its description in the EMI, null when there is none
 * @throws EigenscopeError as `readSer`; `parameter-out-of-range` when the frames that are asked for are not there
 */
export function serSignal(file: FileBytes, object: XmlElement | null, hints: ReadHints): SignalHeader {
  const ser = readSer(file);
  const { dimensions: used, warnings } = arrange(ser, file);
  // TIA writes a series of one for a single image; a single spectrum keeps its position
  const dimensions = ser.isSpectra ? used : used.filter(({ size }) => size !== 1);
  const signalAxes = signalAxesOf(ser);
  const planned = navigationAxesOf(ser, dimensions);
  const missing = elementCount(planned.map(({ size }) => size)) - ser.valid;
  const series = cutFrames(
    file.name,
    planned,
    [
      ...ser.runs.map((run) => ({ file: 0, ...run })),
      ...(missing > 0 ? [{ file: -1, first: 0, step: 0, count: missing }] : []),
    ],
    hints,
  );
  const axes = calibrateByHints(file.name, [...series.axes, ...signalAxes], hints);
  const shape = axes.map(({ size }) => size);
  checkedBytes(file.path, shape, ser.dtype);
  const metadata = tiaMetadata(file.name, object, ser.tags[0]?.time ?? null);
  const originalMetadata: Metadata = {
    ser: {
      version: ser.version,
      data: ser.isSpectra ? 'spectra' : 'images',
      total_elements: ser.total,
      valid_elements: ser.valid,
      dimensions: ser.dimensions.map((dimension) => ({ ...dimension })),
      calibrations: ser.calibrations.map((calibration) => ({ ...calibration })),
      tags: ser.tags.map((tag) => ({ ...tag })),
    },
    ...(object === null ? {} : { ObjectInfo: plainObject(file.path, object) }),
  };
  return {
    title: parse(file.path).name,
    signalType: '',
    shape,
    dtype: ser.dtype,
    axes,
    quantity: { name: 'Intensity', units: null },
    metadata,
    originalMetadata,
    layout: {
      kind: 'frames',
      files: [{ path: file.path, stamp: file.stamp() }],
      frameRank: signalAxes.length,
      runs: series.runs,
      littleEndian: true,
      ...(ser.isSpectra ? {} : { flipped: true as const }),
    },
    ...(series.options === undefined ? {} : { options: series.options }),
    warnings: [...warnings, ...series.warnings],
  };
}
