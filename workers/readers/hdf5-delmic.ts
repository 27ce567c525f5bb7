import { plainAxis, type Axis } from '../model/axes.ts';
import type { SignalHeader } from '../model/signal.ts';
import { calibrationOf } from './hdf5-axes.ts';
import { elementType } from './hdf5-dtype.ts';
import { layoutOfDataset } from './hdf5-layout.ts';
import { readHdf5Metadata } from './hdf5-metadata.ts';
import type { Hdf5File } from './hdf5-open.ts';
import { childNames, childPath, kindOf } from './hdf5-tree.ts';
import { describeDataset, readAttributes, readDatasetNumbers, readDatasetValue } from './hdf5-values.ts';

const nanometres = 1e9;

/** Acquisitions of a SPARC file (Delmic): groups with an image of the axes C, T, Z, Y, X. */
export function delmicAcquisitions(file: Hdf5File): string[] {
  return childNames(file, '/')
    .filter((name) => /^Acquisition\d+$/.test(name))
    .map((name) => childPath('/', name))
    .filter(
      (path) => kindOf(file, `${path}/ImageData`) === 'group' && kindOf(file, `${path}/ImageData/Image`) === 'dataset',
    )
    .filter((path) => describeDataset(file, `${path}/ImageData/Image`).shape?.length === 5);
}

const numbersAt = (file: Hdf5File, path: string): Float64Array | null =>
  kindOf(file, path) === 'dataset' ? (readDatasetNumbers(file, path)?.values ?? null) : null;

/** Position of the beam: the file gives the centre of the scan in metres, y upwards. */
function positionAxis(file: Hdf5File, data: string, name: 'X' | 'Y', size: number, navigate: boolean): Axis {
  const step = numbersAt(file, `${data}/DimensionScale${name}`)?.[0];
  if (step === undefined || !Number.isFinite(step) || step === 0) return plainAxis(name, size, navigate);
  const scale = (name === 'Y' ? -step : step) * nanometres;
  const centre = (numbersAt(file, `${data}/${name}Offset`)?.[0] ?? 0) * nanometres;
  return { name, units: 'nm', size, navigate, scale, offset: centre - ((size - 1) / 2) * scale };
}

function wavelengthAxis(file: Hdf5File, data: string, size: number): Axis {
  const axis = plainAxis('Wavelength', size, false);
  const metres = numbersAt(file, `${data}/DimensionScaleC`);
  const calibration = metres
    ? calibrationOf(
        metres.map((value) => value * nanometres),
        size,
      )
    : null;
  return calibration ? { ...axis, units: 'nm', ...calibration } : { ...axis, name: 'Channel' };
}

/**
 * One acquisition: spectra over y and x, or an image when there is one channel only. Axes of one index are left out;
 * null when it is laid out in another way.
 */
export async function readDelmicAcquisition(file: Hdf5File, group: string): Promise<SignalHeader | null> {
  const data = `${group}/ImageData`;
  const image = `${data}/Image`;
  const type = describeDataset(file, image);
  const dtype = elementType(type);
  const [channels = 0, times = 0, depths = 0, rows = 0, columns = 0] = type.shape ?? [];
  const labels = readAttributes(file, image, []).get('DIMENSION_LABELS');
  const isKnown = !Array.isArray(labels) || labels.join() === 'C,T,Z,Y,X';
  if (!dtype || times !== 1 || depths !== 1 || !isKnown) return null;
  const warnings: string[] = [];
  const isSpectral = channels > 1;
  const axes = [
    positionAxis(file, data, 'Y', rows, isSpectral),
    positionAxis(file, data, 'X', columns, isSpectral),
    ...(isSpectral ? [wavelengthAxis(file, data, channels)] : []),
  ];
  const titlePath = `${group}/PhysicalData/Title`;
  const title = kindOf(file, titlePath) === 'dataset' ? readDatasetValue(file, titlePath) : null;
  const titleText = typeof title === 'string' ? title : group.slice(1);
  const signalType = isSpectral ? 'CL_SEM' : '';
  return {
    title: titleText,
    signalType,
    shape: axes.map((axis) => axis.size),
    dtype,
    axes,
    quantity: { name: 'Counts', units: null },
    metadata: { General: { title: titleText }, Signal: { signal_type: signalType, quantity: 'Counts' } },
    originalMetadata: readHdf5Metadata(file, group, warnings),
    layout: await layoutOfDataset(file, image, type, dtype, isSpectral ? [3, 4, 0] : [3, 4]),
    warnings,
  };
}
