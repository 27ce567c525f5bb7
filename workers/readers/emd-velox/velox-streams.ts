import { elementCount } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { Metadata, ReadOptions, SignalHeader } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import { elementType } from '../hdf5-dtype.ts';
import type { Hdf5File } from '../hdf5-open.ts';
import { checkDataset } from '../hdf5-pixels.ts';
import { childPath, kindOf } from '../hdf5-tree.ts';
import { describeDataset, readDatasetNumbers } from '../hdf5-values.ts';
import type { ReadHints } from '../reader.ts';
import { countPixels } from './stream-index.ts';
import { indexOf, openWords, scanToJson, type StoredStream, type StreamScan } from './stream-pixels.ts';
import { detectorsOf, energyAxis, frameAxis, spatialAxes } from './velox-axes.ts';
import { veloxGroups, type VeloxImage } from './velox-images.ts';
import { numberAt, readJsonColumn, readJsonText, textAt } from './velox-json.ts';
import { veloxMetadata } from './velox-metadata.ts';
import { scannedSize, scanSizes, type ScanSize } from './velox-scan.ts';

/** Words of the widest stream type that is met: more channels than words can name are a damaged file. */
const mostChannels = 65_536;
/** Mean number of words per pixel from which a channel may pass what 16 bits hold: four times all counts of a pixel. */
const crowdedPixel = 16_384;

interface Recording {
  group: string;
  stored: StoredStream;
  channels: number;
  settings: Metadata | null;
  original: Metadata | null;
}

function readRecording(file: Hdf5File, group: string): Recording | null {
  const dataset = childPath(group, 'Data');
  const type = describeDataset(file, dataset);
  const dtype = elementType(type);
  const shape = type.shape ?? [];
  if (dtype !== 'uint8' && dtype !== 'uint16' && dtype !== 'uint32') return null;
  if (shape.length > 2 || (shape[1] ?? 1) !== 1 || !(shape[0]! >= 1)) return null;
  const settings = readJsonText(file, childPath(group, 'AcquisitionSettings'));
  const original = readJsonColumn(file, childPath(group, 'Metadata'), 0);
  const wordBytes = dtype === 'uint8' ? 1 : dtype === 'uint16' ? 2 : 4;
  const told = numberAt(settings, 'bincount');
  const channels = told === null ? Math.min(4096, 2 ** (8 * wordBytes) - 1) : told;
  if (!Number.isInteger(channels) || channels < 1 || channels > mostChannels) {
    throw new EigenscopeError(
      'corrupt-file',
      `${file.path}: ${group} says that its spectra have ${channels} channels; from 1 to ${mostChannels} are possible. Copy the file again from its source.`,
      { path: file.path },
    );
  }
  checkDataset(file, { kind: 'hdf5', path: file.path, dataset, storedShape: shape }, type, dtype);
  return { group, stored: { dataset, words: shape[0]!, wordBytes, rank: shape.length }, channels, settings, original };
}

/** Streams of the detectors of one recording, in the order of the detectors' names. */
function recordingsOf(file: Hdf5File): Recording[][] {
  const together = new Map<string, Recording[]>();
  for (const group of veloxGroups(file, 'SpectrumStream')) {
    const recording = readRecording(file, group);
    if (recording === null) continue;
    const { channels, settings } = recording;
    const key = [
      channels,
      numberAt(settings, 'RasterScanDefinition', 'Width'),
      numberAt(settings, 'RasterScanDefinition', 'Height'),
    ].join();
    together.set(key, [...(together.get(key) ?? []), recording]);
  }
  const name = ({ original }: Recording): string => textAt(original, 'BinaryResult', 'Detector') ?? '';
  return [...together.values()].map((group) =>
    group.toSorted((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0)),
  );
}

/** Frames that the recording is said to have: the last position in the settings of the spectrum image. */
function framesTold(file: Hdf5File): number | null {
  for (const group of kindOf(file, '/Data/SpectrumImage') === 'group' ? veloxGroups(file, 'SpectrumImage') : []) {
    const end = numberAt(readJsonText(file, childPath(group, 'SpectrumImageSettings')), 'endFramePosition');
    if (end !== null && Number.isInteger(end) && end >= 1) return end;
  }
  return null;
}

/** The word at which the second frame begins, from the table of frames of newer files; null when there is none. */
function secondFrame(file: Hdf5File, { group, stored }: Recording): number | null {
  const path = childPath(group, 'FrameLocationTable');
  if (kindOf(file, path) !== 'dataset') return null;
  const { shape } = describeDataset(file, path);
  if (!shape || elementCount(shape) > 2 ** 20) return null;
  const [first, second] = readDatasetNumbers(file, path)?.values ?? [];
  return first === 0 && second !== undefined && second > 0 && second <= stored.words ? second : null;
}

/**
 * The size of a scan: of those that the file tells, the one with as many pixels as a frame of the stream has. The stream
 * is looked through only when the image of the scan and the scanned area differ.
 */
async function chooseSize(
  file: Hdf5File,
  recording: Recording,
  sizes: readonly ScanSize[],
  told: number | null,
): Promise<ScanSize> {
  const [best] = sizes;
  if (best === undefined) {
    throw new EigenscopeError(
      'unsupported-format',
      `${file.path}: the size of the scan of ${recording.group} is told nowhere in the file. Open it with an image of the scan in it.`,
      { path: file.path },
    );
  }
  const area = scannedSize(recording.original);
  const isConfirmed = area !== null && area.height === best.height && area.width === best.width;
  if (isConfirmed || sizes.every(({ height, width }) => height * width === best.height * best.width)) return best;
  const reader = await openWords(file.path, file.stamp, recording.stored, false);
  try {
    const second = secondFrame(file, recording);
    if (second !== null) {
      const pixels = countPixels(reader, second);
      return sizes.find(({ height, width }) => height * width === pixels) ?? best;
    }
    const pixels = countPixels(reader);
    const misfit = ({ height, width }: ScanSize): number => {
      const frames = told ?? Math.max(1, Math.ceil(pixels / (height * width)));
      return Math.abs(frames * height * width - pixels);
    };
    return sizes.reduce((a, b) => (misfit(b) < misfit(a) ? b : a));
  } finally {
    reader.close();
  }
}

/** Refuses a map far larger than what was recorded: every pixel that was reached has at least its end in the stream. */
function checkPlausible(file: Hdf5File, group: string, { height, width }: ScanSize, words: number): void {
  if (height * width <= Math.max(1024, 4 * words)) return;
  throw new EigenscopeError(
    'truncated-file',
    `${file.path}: ${group} is a scan of ${width} × ${height} pixels, but its stream holds only ${words} words: less than a quarter of one frame. The recording was broken off, or the file is damaged.`,
    { path: file.path, expected: height * width, found: words },
  );
}

/** The detectors to read: all, or the one asked for. */
function chooseDetectors(file: Hdf5File, recordings: Recording[], detector: number | undefined): Recording[] {
  if (detector === undefined) return recordings;
  const one = recordings[detector];
  if (one !== undefined) return [one];
  throw new EigenscopeError(
    'parameter-out-of-range',
    `${file.path} has ${recordings.length} X-ray detector(s): the detector must be from 0 to ${recordings.length - 1}; got ${detector}.`,
    { path: file.path, detector },
  );
}

/** First frame and end as they are there; the stream is looked through for their number. */
async function chooseFrames(
  file: Hdf5File,
  recordings: readonly Recording[],
  { height, width }: ScanSize,
  hints: ReadHints,
): Promise<[first: number, end: number]> {
  let frames = 1;
  for (const { stored } of recordings) {
    const reader = await openWords(file.path, file.stamp, stored, false);
    try {
      frames = Math.max(frames, indexOf(file.path, file.stamp, stored, reader, width, height).frames);
    } finally {
      reader.close();
    }
  }
  const [first, end] = hints.frames ?? [0, frames];
  if (first < frames) return [first, Math.min(end, frames)];
  throw new EigenscopeError(
    'parameter-out-of-range',
    `${file.path} has ${frames} frame(s): the first must be from 0 to ${frames - 1}; got ${first}.`,
    { path: file.path, frames },
  );
}

/** What can be chosen of a recording; how many frames there are is known only once all of its stream was read. */
function optionsOf(told: number | null, all: readonly Recording[]): { options?: ReadOptions } {
  const nameOf = ({ original }: Recording, i: number): string =>
    textAt(original, 'BinaryResult', 'Detector') ?? `Detector ${i + 1}`;
  const options: ReadOptions = {
    ...(told === 1 ? {} : { frames: told, summed: true }),
    ...(all.length > 1 ? { detectors: all.map(nameOf) } : {}),
  };
  return Object.keys(options).length === 0 ? {} : { options };
}

/** Spectrum images of X-ray events as counts [height, width, channels], all frames and detectors summed unless asked otherwise. */
export async function readVeloxStreams(
  file: Hdf5File,
  images: readonly VeloxImage[],
  linked: readonly string[],
  hints: ReadHints,
): Promise<SignalHeader[]> {
  const signals: SignalHeader[] = [];
  const told = framesTold(file);
  for (const all of recordingsOf(file)) {
    const recordings = chooseDetectors(file, all, hints.detector);
    const [first] = recordings;
    if (first === undefined) continue;
    const { original, settings, channels } = first;
    const sizes = scanSizes(images, linked, original, settings);
    // of a spectrum of one place the file holds the counts as well
    if (sizes.length === 0 && veloxGroups(file, 'Spectrum').length > 0) continue;
    const size = await chooseSize(file, first, sizes, told);
    const words = Math.max(...recordings.map(({ stored }) => stored.words));
    checkPlausible(file, first.group, size, words);
    const sumFrames = hints.sumFrames !== false;
    const chosen = sumFrames && hints.frames === undefined ? null : await chooseFrames(file, recordings, size, hints);
    const { height, width } = size;
    const axes = [
      ...(sumFrames || chosen === null ? [] : [{ ...frameAxis(original, chosen[1] - chosen[0]) }]),
      ...spatialAxes(original, height, width, true),
      energyAxis('X-ray energy', original, channels),
    ];
    const shape = axes.map((axis) => axis.size);
    // a channel cannot pass what 16 bits hold unless pixels are crowded: then 32 bits are taken
    const total = recordings.reduce((sum, { stored }) => sum + stored.words, 0);
    const dtype = total > 0xffff && total / (height * width) > crowdedPixel ? 'uint32' : 'uint16';
    checkedBytes(file.path, shape, dtype);
    const scan: StreamScan = {
      streams: recordings.map(({ stored }) => stored),
      height,
      width,
      channels,
      first: chosen?.[0] ?? 0,
      end: chosen?.[1] ?? null,
      sumFrames,
    };
    const signalType = 'EDS_TEM';
    const originals = recordings.map((recording) => recording.original);
    const names = originals.map((tree) => textAt(tree, 'BinaryResult', 'Detector')).filter((name) => name !== null);
    const frames = chosen === null ? told : chosen[1] - chosen[0];
    signals.push({
      title: 'EDS',
      signalType,
      shape,
      dtype,
      axes,
      quantity: { name: 'X-rays', units: 'Counts' },
      metadata: veloxMetadata(file.path, 'EDS', signalType, original, {
        detectors: originals.flatMap(detectorsOf),
        more: { number_of_frames: frames, detector_name: names.length === 0 ? null : names.join(', ') },
      }),
      originalMetadata: { ...original, ...(settings === null ? {} : { AcquisitionSettings: settings }) },
      layout: { kind: 'coded', codec: 'velox', path: file.path, stamp: file.stamp, about: scanToJson(scan) },
      ...optionsOf(told, all),
      warnings: original === null ? [`The metadata of ${first.group} cannot be read: its axes have no units.`] : [],
    });
  }
  return signals;
}
