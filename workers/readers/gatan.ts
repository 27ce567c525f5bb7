import { parse } from 'node:path';
import type { Axis } from '../model/axes.ts';
import type { DType } from '../model/dtype.ts';
import { itemSize } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { FileHeader, Metadata, PixelLayout, SignalHeader } from '../model/signal.ts';
import { checkedBytes } from './array-size.ts';
import type { FileBytes } from './file-bytes.ts';
import { corrupt, truncated, withFile } from './file-bytes.ts';
import { unpackHalfSpectrum, unpackHermitian } from './gatan-fft.ts';
import { gatanMetadata } from './gatan-metadata.ts';
import type { TagArray, TagFile, TagGroup } from './gatan-tags.ts';
import { arrayAt, gatanVersion, groupAt, isGroup, numberAt, readGatanTags, tagsToJson, textAt } from './gatan-tags.ts';
import { calibrateByHints, navigationName } from './hints.ts';
import { makeNative } from './raw-pixels.ts';
import type { Reader, ReadHints } from './reader.ts';

const dataTypes: Readonly<Record<number, DType>> = {
  1: 'int16',
  2: 'float32',
  3: 'complex64',
  5: 'complex64',
  6: 'uint8',
  7: 'int32',
  8: 'rgba8',
  9: 'int8',
  10: 'uint16',
  11: 'uint32',
  12: 'float64',
  13: 'complex128',
  14: 'bool',
  23: 'rgba8',
  27: 'complex64',
  28: 'complex128',
  39: 'int64',
  40: 'uint64',
};

/** Packed transforms are unpacked with the header up to this size. */
const unpackLimit = 2 ** 30;

interface DmImage {
  /** 1, 2, … as DigitalMicrograph lists them */
  place: number;
  group: TagGroup;
  data: TagArray;
  dataType: number;
  dtype: DType;
  /** C order: the reverse of DigitalMicrograph's */
  shape: number[];
}

const subgroups = (group: TagGroup | null): TagGroup[] =>
  group ? group.entries.map((e) => e.value).filter(isGroup) : [];

/** Entries of ImageList that are previews of others. */
function previewIndices(root: TagGroup): Set<number> {
  const indices = subgroups(groupAt(root, 'Thumbnails')).map((preview) => numberAt(preview, 'ImageIndex'));
  return new Set(indices.filter((index) => index !== null));
}

function readImage(file: FileBytes, group: TagGroup, place: number): DmImage | null {
  const data = arrayAt(group, 'ImageData', 'Data');
  if (data === null || data.count === 0) return null;
  const dataType = numberAt(group, 'ImageData', 'DataType');
  const dtype = dataType === null ? undefined : dataTypes[dataType];
  if (dataType === null || dtype === undefined) {
    throw new EigenscopeError(
      'unsupported-format',
      `Image ${place} of ${file.name} has the data type ${dataType ?? 'unknown'} of DigitalMicrograph, which is not known here. Convert it to real numbers there and save it again.`,
      { path: file.path, dataType: dataType ?? -1 },
    );
  }
  const dimensions = groupAt(group, 'ImageData', 'Dimensions')?.entries.map((entry) => Number(entry.value)) ?? [];
  if (dimensions.length === 0 || dimensions.length > 16) {
    throw corrupt(file.path, `image ${place} has ${dimensions.length} dimensions`, '1 to 16 were expected');
  }
  const shape = dimensions.reverse();
  const packed = dataType === 27 || dataType === 28;
  const stored = packed ? [...shape.slice(0, -1), Math.floor((shape.at(-1) ?? 0) / 2) + 1] : shape;
  const storedBytes = checkedBytes(file.path, stored, dataType === 5 ? 'float32' : dtype);
  if (data.bytes < storedBytes) {
    throw corrupt(
      file.path,
      `image ${place} of shape [${shape.join(', ')}] (${dtype}) has ${data.bytes} bytes of data`,
      `${storedBytes} were expected`,
    );
  }
  if (data.offset + storedBytes > file.size) throw truncated(file.path, data.offset + storedBytes, file.size);
  return { place, group, data, dataType, dtype, shape };
}

const isSpectral = (image: DmImage): boolean =>
  textAt(image.group, 'ImageTags', 'Meta Data', 'Format') === 'Spectrum image' ||
  groupAt(image.group, 'ImageTags', 'spim') !== null;

function signalTypeOf(image: DmImage): string {
  const { group } = image;
  const told = textAt(group, 'ImageTags', 'Meta Data', 'Signal');
  if (told === 'X-ray') return 'EDS_TEM';
  if (told === 'EELS' || groupAt(group, 'ImageTags', 'spim', 'eels') !== null) return 'EELS';
  if (told === 'CL' || groupAt(group, 'ImageTags', 'Acquisition', 'Monarc Spectrometer') !== null) return 'CL';
  return '';
}

/**
 * Which stored axis becomes which axis of the signal, and which are navigation. A spectrum image of three or more axes is
 * stored with its spectrum slowest: it is moved to the end. Axes of size 1 are dropped.
 */
function arrangement(image: DmImage): { stored: number; navigate: boolean }[] {
  const rank = image.shape.length;
  const all = image.shape.map((_, i) => i);
  const spectral = isSpectral(image);
  let signal: number[];
  if (rank === 1) signal = [0];
  else if (rank === 2) {
    const spectra = spectral || textAt(image.group, 'ImageTags', 'Meta Data', 'Format') === 'Spectrum';
    signal = spectra ? [1] : [0, 1];
  } else signal = spectral ? [0] : [rank - 2, rank - 1];
  const navigation = all.filter((axis) => !signal.includes(axis));
  const kept = [
    ...navigation.map((stored) => ({ stored, navigate: true })),
    ...signal.map((stored) => ({ stored, navigate: false })),
  ].filter(({ stored }) => image.shape[stored] !== 1);
  return kept.length > 0 ? kept : [{ stored: signal[0]!, navigate: false }];
}

function spectralName(signalType: string, units: string | null): string {
  if (units === 'eV' || units === 'keV') return signalType === 'EELS' ? 'Energy loss' : 'Energy';
  if (units === 'nm' || units === 'µm') return 'Wavelength';
  return 'channel';
}

/** Micro may come as the Greek letter, as the sign, or as one Latin-1 byte. */
const unitOf = (text: string | null): string | null => {
  const unit = (text ?? '').replaceAll('μ', 'µ').trim();
  return unit === '' ? null : unit;
};

function axesOf(image: DmImage, order: readonly { stored: number; navigate: boolean }[], signalType: string): Axis[] {
  const calibrations = subgroups(groupAt(image.group, 'ImageData', 'Calibrations', 'Dimension'));
  const rank = image.shape.length;
  const signalAxes = order.filter((axis) => !axis.navigate);
  const spectrum =
    signalAxes.length === 1 && (rank === 1 || isSpectral(image) || order.length < rank || signalType !== '');
  return order.map(({ stored, navigate }) => {
    // DigitalMicrograph counts axes from the fastest
    const calibration = calibrations[rank - 1 - stored];
    const scale = (calibration && numberAt(calibration, 'Scale')) ?? 1;
    const origin = (calibration && numberAt(calibration, 'Origin')) ?? 0;
    const units = calibration ? unitOf(textAt(calibration, 'Units')) : null;
    const usable = scale !== 0;
    const place = spatialPlace(image, order, stored);
    return {
      name: spectrum && !navigate ? spectralName(signalType, units) : navigationName(place),
      units,
      size: image.shape[stored]!,
      navigate,
      scale: usable ? scale : 1,
      // the origin is in pixels; 0 − … so that no minus zero comes out
      offset: usable ? 0 - origin * scale : 0,
    };
  });
}

/** Place of an axis among those in space, counted from the fastest: 0 is x. */
function spatialPlace(image: DmImage, order: readonly { stored: number; navigate: boolean }[], stored: number): number {
  const spectrum = isSpectral(image) ? order.find((axis) => !axis.navigate)?.stored : undefined;
  return image.shape.filter((_, axis) => axis > stored && axis !== spectrum).length;
}

function unpack(file: FileBytes, tags: TagFile, image: DmImage): { bytes: Uint8Array; shape: number[] } {
  const [height = 0, width = 0] = image.shape;
  if (image.shape.length !== 2 || (image.dataType === 5 && (height !== width || height % 2 !== 0)) || width < 2) {
    throw new EigenscopeError(
      'unsupported-format',
      `Image ${image.place} of ${file.name} is a packed Fourier transform of shape [${image.shape.join(', ')}]; ${image.dataType === 5 ? 'only square ones of even side' : 'only single images'} can be unpacked. Save its modulus in DigitalMicrograph.`,
      { path: file.path },
    );
  }
  const halfWidth = Math.floor(width / 2) + 1;
  const component = image.dataType === 28 ? 8 : 4;
  const reals = image.dataType === 5 ? height * width : 2 * height * halfWidth;
  if (2 * reals * component > unpackLimit) {
    throw new EigenscopeError(
      'unsupported-format',
      `Image ${image.place} of ${file.name} is a packed Fourier transform beyond 1 GiB. Save its modulus in DigitalMicrograph.`,
      { path: file.path },
    );
  }
  const stored = new Uint8Array(reals * component);
  file.readInto(stored, image.data.offset);
  makeNative(stored, component === 8 ? 'float64' : 'float32', { littleEndian: tags.littleEndian });
  if (image.dataType === 5) {
    const full = unpackHermitian(new Float32Array(stored.buffer), height);
    return { bytes: new Uint8Array(full.buffer), shape: [height, width] };
  }
  const elements = 2 * height * 2 * (halfWidth - 1);
  const full =
    component === 8
      ? unpackHalfSpectrum(new Float64Array(stored.buffer), height, halfWidth, new Float64Array(elements))
      : unpackHalfSpectrum(new Float32Array(stored.buffer), height, halfWidth, new Float32Array(elements));
  return { bytes: new Uint8Array(full.buffer), shape: [height, 2 * (halfWidth - 1)] };
}

function layoutOf(file: FileBytes, tags: TagFile, image: DmImage, order: readonly { stored: number }[]): PixelLayout {
  const kept = order.map((axis) => axis.stored);
  const places = [...kept].sort((a, b) => a - b);
  const axisOrder = kept.map((axis) => places.indexOf(axis));
  const identity = axisOrder.every((axis, i) => axis === i);
  return {
    kind: 'raw',
    path: file.path,
    offset: image.data.offset,
    littleEndian: tags.littleEndian || itemSize(image.dtype) === 1,
    storedShape: places.map((axis) => image.shape[axis]!),
    ...(identity ? {} : { axisOrder }),
    ...(image.dtype === 'rgba8' ? { packedColour: true as const } : {}),
    stamp: file.stamp(),
  };
}

function readSignal(
  file: FileBytes,
  tags: TagFile,
  found: DmImage,
  original: Metadata,
  hints: ReadHints,
): SignalHeader {
  const warnings: string[] = [];
  const packed = found.dataType === 5 || found.dataType === 27 || found.dataType === 28;
  const whole = packed ? unpack(file, tags, found) : null;
  const image = whole ? { ...found, shape: whole.shape } : found;
  if (whole && image.shape[1] !== found.shape[1]) {
    warnings.push(
      `The Fourier transform was saved as its half; of ${found.shape[1]} columns ${image.shape[1]} can be restored.`,
    );
  }
  const order = whole ? image.shape.map((_, stored) => ({ stored, navigate: false })) : arrangement(image);
  const signalType = signalTypeOf(image);
  // the axes of a transform are those of the whole image, as the file and HyperSpy have them
  const axes = axesOf(found, order, signalType);
  if (axes.some((axis) => axis.navigate) && axes.length > 3 && !isSpectral(image)) {
    warnings.push(
      'DigitalMicrograph does not say which axes of this array are the scan: the last two as stored were taken as the images.',
    );
  }
  const units = unitOf(textAt(image.group, 'ImageData', 'Calibrations', 'Brightness', 'Units'));
  const title = textAt(image.group, 'Name') || parse(file.name).name;
  return {
    title,
    signalType,
    shape: order.map(({ stored }) => image.shape[stored]!),
    dtype: image.dtype,
    axes: calibrateByHints(file.name, axes, hints),
    quantity: { name: 'Intensity', units },
    metadata: gatanMetadata(title, file.name, signalType, units, image.group),
    originalMetadata: original,
    layout: whole ? { kind: 'bytes', bytes: whole.bytes } : layoutOf(file, tags, image, order),
    warnings,
  };
}

/** What a person may want to look up: the tags of the image beside those of the document. */
function originalTags(root: TagGroup, image: TagGroup): Metadata {
  const skipped = new Set(['ImageList', 'Thumbnails', 'DocumentObjectList']);
  const document = { kind: 'group' as const, entries: root.entries.filter((entry) => !skipped.has(entry.name)) };
  const described = image.entries.map(({ name, value }) =>
    name === 'ImageData' && isGroup(value)
      ? // the pixels are no metadata, and those of 16 bits would pass for text
        { name, value: { ...value, entries: value.entries.filter((entry) => entry.name !== 'Data') } }
      : { name, value },
  );
  return { Image: tagsToJson({ kind: 'group', entries: described }), Document: tagsToJson(document) };
}

function readHeader(file: FileBytes, hints: ReadHints): FileHeader {
  const tags = readGatanTags(file);
  const previews = previewIndices(tags.root);
  const images: DmImage[] = [];
  let refusal: EigenscopeError | null = null;
  subgroups(groupAt(tags.root, 'ImageList')).forEach((group, i) => {
    if (previews.has(i)) return;
    try {
      const image = readImage(file, group, i + 1);
      if (image) images.push(image);
    } catch (error) {
      if (!(error instanceof EigenscopeError) || error.code !== 'unsupported-format') throw error;
      refusal ??= error;
    }
  });
  if (images.length === 0) {
    if (refusal) throw refusal;
    throw new EigenscopeError(
      'unsupported-format',
      `${file.name} holds no image or spectrum, only ${tags.root.entries.length} groups of tags. Save the data again from DigitalMicrograph.`,
      { path: file.path },
    );
  }
  const signals = images.map((image) => readSignal(file, tags, image, originalTags(tags.root, image.group), hints));
  return { format: tags.version === 3 ? 'gatan-dm3' : 'gatan-dm4', signals };
}

const reader = (version: 3 | 4): Reader => ({
  id: `gatan-dm${version}`,
  title: `Gatan DigitalMicrograph ${version}`,
  extensions: [`dm${version}`],
  probe: (head) => (gatanVersion(head) === version ? 1 : 0),
  header: async (path, hints) => withFile(path, (file) => readHeader(file, hints)),
});

/** Images, spectra and spectrum images of GMS 1 and 2. */
export const gatanDm3Reader = reader(3);
/** The same with 64-bit counts: GMS 2 and later. */
export const gatanDm4Reader = reader(4);
