import type { Axis } from '../../model/axes.ts';
import { isComplex, type DType } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { Metadata, PixelLayout, SignalHeader } from '../../model/signal.ts';
import { convertedLayout } from '../hdf5-converted.ts';
import { elementType } from '../hdf5-dtype.ts';
import { checkExtent, layoutOfDataset } from '../hdf5-layout.ts';
import type { Hdf5File } from '../hdf5-open.ts';
import { childNames, childPath, kindOf } from '../hdf5-tree.ts';
import { describeDataset } from '../hdf5-values.ts';
import type { ReadHints } from '../reader.ts';
import { detectorOf, detectorsOf, energyAxis, frameAxis, spatialAxes } from './velox-axes.ts';
import { readJsonColumn, textAt } from './velox-json.ts';
import { veloxMetadata } from './velox-metadata.ts';

/** Groups of one kind that hold data: `/Data/Image/<id>` … */
export function veloxGroups(file: Hdf5File, kind: string): string[] {
  const root = `/Data/${kind}`;
  if (kindOf(file, root) !== 'group') return [];
  return childNames(file, root)
    .map((id) => childPath(root, id))
    .filter((path) => kindOf(file, path) === 'group' && kindOf(file, childPath(path, 'Data')) === 'dataset');
}

export interface VeloxImage {
  group: string;
  height: number;
  width: number;
  frames: number;
  dtype: DType;
  original: Metadata | null;
}

/** The images of a file: stored as (height, width, frames). */
export function veloxImages(file: Hdf5File): VeloxImage[] {
  return veloxGroups(file, 'Image').flatMap((group) => {
    const type = describeDataset(file, childPath(group, 'Data'));
    const dtype = elementType(type);
    const [height, width, frames = 1] = type.shape ?? [];
    if (!dtype || height === undefined || width === undefined || type.shape!.length > 3) return [];
    if (height < 1 || width < 1 || frames < 1) return [];
    return [{ group, height, width, frames, dtype, original: readJsonColumn(file, childPath(group, 'Metadata'), 0) }];
  });
}

/** Members of a complex number tell whether it is half of a plane: realFloatHalfEven. */
function isHalfPlane(file: Hdf5File, dataset: string): boolean {
  const members = describeDataset(file, dataset).compound_type?.members ?? [];
  return members.some(({ name }) => /Half(?:Even|Odd)$/.test(name));
}

/** Which frames of an image are shown: all of a series; the first of those recorded together with spectra. */
function chosenFrames(image: VeloxImage, hints: ReadHints, isScan: boolean): { first: number; count: number | null } {
  const [first, end] = hints.frames ?? [0, image.frames];
  const from = Math.min(first, image.frames - 1);
  if (image.frames === 1 || (isScan && hints.sumFrames !== false)) return { first: from, count: null };
  return { first: from, count: Math.max(1, Math.min(end, image.frames) - from) };
}

/**
 * One image or series of images, frames first. Real numbers of any type are shown as float64, as HyperSpy shows them;
 * complex ones (Fourier transforms) as they are.
 * @param isScan it was recorded together with spectra: of its frames one is shown unless frames are asked for
 */
export async function readVeloxImage(
  file: Hdf5File,
  image: VeloxImage,
  titles: ReadonlyMap<string, string>,
  hints: ReadHints,
  isScan: boolean,
): Promise<SignalHeader> {
  const dataset = childPath(image.group, 'Data');
  const type = describeDataset(file, dataset);
  const stored = type.shape ?? [];
  const { first, count } = chosenFrames(image, hints, isScan);
  const spatial = spatialAxes(image.original, image.height, image.width, false);
  const axes: Axis[] = count === null ? spatial : [frameAxis(image.original, count), ...spatial];
  const shape = axes.map((axis) => axis.size);
  const half = isHalfPlane(file, dataset) ? 'Half ' : '';
  const title = `${half}${titles.get(image.group) ?? imageTitle(image)}`;
  const complex = isComplex(image.dtype);
  checkExtent(file, dataset, stored, complex ? image.dtype : 'float64');
  const isWhole = first === 0 && (count === null || count === image.frames);
  let layout: PixelLayout;
  if (complex && isWhole) {
    layout = await layoutOfDataset(file, dataset, type, image.dtype, count === null ? [0, 1] : [2, 0, 1]);
  } else if (complex) {
    throw new EigenscopeError(
      'unsupported-format',
      `${file.path}: the frames of ${dataset} are complex numbers and can only be opened all together. Open it without choosing frames.`,
      { path: file.path },
    );
  } else {
    // one frame of several is a part of one along the frames: the axis is kept in the layout and left out of the signal
    const alone = count === null && first === 0;
    layout = convertedLayout(file, {
      dataset,
      storedShape: stored,
      storedType: image.dtype,
      axisOrder: alone ? [0, 1] : [2, 0, 1],
      first,
      wholeShape: alone ? [image.height, image.width] : [image.frames, image.height, image.width],
    });
  }
  return {
    title,
    signalType: '',
    shape,
    dtype: complex ? image.dtype : 'float64',
    axes,
    quantity: { name: 'Intensity', units: null },
    metadata: veloxMetadata(file.path, title, '', image.original),
    originalMetadata: image.original ?? {},
    layout,
    ...(!isScan && !complex && image.frames > 1 ? { options: { frames: image.frames } } : {}),
    warnings: image.original === null ? [`The metadata of ${image.group} cannot be read: its axes have no units.`] : [],
  };
}

const imageTitle = ({ original }: VeloxImage): string =>
  textAt(original, 'BinaryResult', 'Detector') ?? textAt(detectorOf(original), 'DetectorName') ?? 'Image';

/** Sum spectra of detectors: stored as (channels, frames). */
export async function readVeloxSpectra(file: Hdf5File): Promise<SignalHeader[]> {
  const signals: SignalHeader[] = [];
  for (const group of veloxGroups(file, 'Spectrum')) {
    const dataset = childPath(group, 'Data');
    const type = describeDataset(file, dataset);
    const dtype = elementType(type);
    const [channels, frames = 1] = type.shape ?? [];
    if (!dtype || channels === undefined || channels < 1 || frames < 1 || type.shape!.length > 2) continue;
    const original = readJsonColumn(file, childPath(group, 'Metadata'), 0);
    const energy = energyAxis('Energy', original, channels);
    const axes = frames === 1 ? [energy] : [frameAxis(original, frames), energy];
    const order = type.shape!.length === 1 || frames === 1 ? [0] : [1, 0];
    const signalType = 'EDS_TEM';
    signals.push({
      title: 'EDS',
      signalType,
      shape: axes.map((axis) => axis.size),
      dtype,
      axes,
      quantity: { name: 'X-rays', units: 'Counts' },
      metadata: veloxMetadata(file.path, 'EDS', signalType, original, {
        detectors: detectorsOf(original),
        more: { detector_name: textAt(original, 'BinaryResult', 'Detector') },
      }),
      originalMetadata: original ?? {},
      layout: await layoutOfDataset(file, dataset, type, dtype, order),
      warnings: [],
    });
  }
  return signals;
}
