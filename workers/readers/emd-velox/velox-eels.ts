import { plainAxis, type Axis } from '../../model/axes.ts';
import type { Metadata, SignalHeader } from '../../model/signal.ts';
import { elementType } from '../hdf5-dtype.ts';
import { layoutOfDataset } from '../hdf5-layout.ts';
import type { Hdf5File } from '../hdf5-open.ts';
import { childPath } from '../hdf5-tree.ts';
import { describeDataset } from '../hdf5-values.ts';
import { spatialAxes } from './velox-axes.ts';
import { veloxGroups, type VeloxImage } from './velox-images.ts';
import { numberAt, readJsonColumn, readJsonText } from './velox-json.ts';
import { veloxMetadata } from './velox-metadata.ts';
import { scannedSize, scanSizes } from './velox-scan.ts';

function energyLossAxis(acquisition: Metadata | null, channels: number): Axis {
  const scale = numberAt(acquisition, 'Data', 'dispersion');
  if (scale === null || scale === 0) return plainAxis('channel', channels, false);
  const offset = numberAt(acquisition, 'Data', 'offset') ?? 0;
  return { name: 'Energy-loss', units: 'eV', size: channels, navigate: false, scale, offset };
}

/** Which stored axis is the energy: the one that is no axis of the scan; of three, the middle one when nothing tells. */
function energyPosition(shape: readonly number[], sizes: readonly { height: number; width: number }[]): number {
  if (shape.length === 1) return 0;
  for (const { height, width } of sizes) {
    if (shape.length === 3 && shape[0] === height && shape[2] === width) return 1;
    if (shape.length === 3 && shape[0] === height && shape[1] === width) return 2;
    if (shape.length === 3 && shape[1] === height && shape[2] === width) return 0;
    if (shape.length === 2 && shape[0] === height * width) return 1;
    if (shape.length === 2 && shape[1] === height * width) return 0;
  }
  return shape.length === 3 ? 1 : 0;
}

/** Energy-loss spectra: single ones, of a line, or of a map, which is stored as (height, energy, width). */
export async function readVeloxEels(
  file: Hdf5File,
  images: readonly VeloxImage[],
  linked: readonly string[],
): Promise<SignalHeader[]> {
  const signals: SignalHeader[] = [];
  for (const group of veloxGroups(file, 'EelsSpectrumImage')) {
    const dataset = childPath(group, 'Data');
    const type = describeDataset(file, dataset);
    const dtype = elementType(type);
    const shape = type.shape ?? [];
    if (!dtype || shape.length < 1 || shape.length > 3 || shape.some((size) => size < 1)) continue;
    const original = readJsonColumn(file, childPath(group, 'Metadata'), 0);
    const acquisition =
      readJsonColumn(file, childPath(group, 'AcquisitionMetadata'), 0) ??
      readJsonText(file, childPath(group, 'AcquisitionMetadata'));
    const area = scannedSize(original);
    const sizes = [...(area === null ? [] : [area]), ...scanSizes(images, linked, original, null)];
    const energy = energyPosition(shape, sizes);
    const order = [...shape.keys()].filter((axis) => axis !== energy);
    const channels = energyLossAxis(acquisition, shape[energy]!);
    const places = order.map((axis) => shape[axis]!);
    const [y, x] = spatialAxes(original, places.length === 2 ? places[0]! : 1, places.at(-1) ?? 1, true);
    const axes = [...(places.length === 2 ? [y, x] : places.length === 1 ? [x] : []), channels];
    signals.push({
      title: 'EELS',
      signalType: 'EELS',
      shape: axes.map((axis) => axis.size),
      dtype,
      axes,
      quantity: { name: 'Electrons', units: 'Counts' },
      metadata: veloxMetadata(file.path, 'EELS', 'EELS', original),
      originalMetadata: { ...original, ...(acquisition === null ? {} : { AcquisitionMetadata: acquisition }) },
      layout: await layoutOfDataset(file, dataset, type, dtype, [...order, energy]),
      warnings: [],
    });
  }
  return signals;
}
