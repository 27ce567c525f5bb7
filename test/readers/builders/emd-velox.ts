import type { Seed } from '../seeds.ts';
import { array, buildHdf5, group, texts, type DatasetNode, type GroupNode } from './hdf5.ts';

/* Velox EMD from its description: kinds of data under /Data, JSON in texts and in columns of bytes. */

const json = (value: unknown): DatasetNode => texts(JSON.stringify(value));

/** A column of bytes for each frame, padded with NUL. */
function metadata(tree: unknown, frames: number, rows = 2048): DatasetNode {
  const text = new TextEncoder().encode(JSON.stringify(tree));
  const bytes = new Uint8Array(rows * frames);
  for (let frame = 0; frame < frames; frame++) text.forEach((byte, i) => (bytes[i * frames + frame] = byte));
  return array(bytes, [rows, frames], { chunks: [rows, 1], gzip: 4 });
}

const id = (number: number): string => number.toString(16).padStart(32, '0');

/** What microscopes tell, numbers written as text. */
function instrument(detector: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    Core: { MetadataDefinitionVersion: '7.9' },
    Instrument: { InstrumentClass: 'Talos' },
    Acquisition: { AcquisitionStartDatetime: { DateTime: '1488794276' } },
    Optics: { AccelerationVoltage: '200000', CameraLength: '0.098' },
    Stage: { Position: { x: '-0.000416', y: '0.0004', z: '0' }, AlphaTilt: '0.1', BetaTilt: '0' },
    BinaryResult: {
      Detector: detector,
      PixelSize: { width: '5e-9', height: '4e-9' },
      PixelUnitX: 'm',
      PixelUnitY: 'm',
      Offset: { x: '-1e-8', y: '2e-8' },
    },
    Detectors: {
      'Detector-0': { DetectorName: 'HAADF', DetectorType: 'ScanningDetector' },
      'Detector-1': {
        DetectorName: 'SuperXG21',
        DetectorType: 'AnalyticalDetector',
        Dispersion: '10',
        OffsetEnergy: '-250',
        ElevationAngle: '0.3141592653589793',
        AzimuthAngle: '0.7853981633974483',
      },
      'Detector-2': {
        DetectorName: 'SuperXG22',
        DetectorType: 'AnalyticalDetector',
        Dispersion: '10',
        OffsetEnergy: '-250',
        ElevationAngle: '0.3141592653589793',
        AzimuthAngle: '2.356194490192345',
      },
    },
    ...more,
  };
}

/** Events: [frame][pixel] → channels in the order of their arrival. */
export type Events = readonly (readonly (readonly number[])[])[];

/** Words of a stream: the channels of a pixel, then the largest word. `isBroken` leaves the last end out. */
export function encode(events: Events, end: number, isBroken = false): number[] {
  const words = events.flatMap((frame) => frame.flatMap((pixel) => [...pixel, end]));
  return isBroken ? words.slice(0, -1) : words;
}

export interface VeloxOptions {
  height: number;
  width: number;
  channels: number;
  /** one stream for each detector */
  streams: readonly (readonly number[])[];
  wordBits?: 8 | 16 | 32;
  /** size of an image of another part of the sample, named first */
  survey?: readonly [height: number, width: number];
  /** frames of the image that was recorded together with the spectra: values of each pixel, [height][width][frame] */
  image?: Uint16Array;
  frames: number;
  version: '4' | '11';
  gzip?: number;
  /** words at which frames begin, for each stream */
  frameTable?: readonly number[];
  /** a spectrum of one place: nothing tells of a scan */
  isPoint?: boolean;
}

const words = { 8: Uint8Array, 16: Uint16Array, 32: Uint32Array } as const;

/** A spectrum image with its image, as versions 4 to 10 link them through operations, or 11 through shared properties. */
export function buildVelox(options: VeloxOptions): Promise<Uint8Array> {
  const { height, width, channels, streams, wordBits = 16, survey, frames, version, gzip, frameTable } = options;
  const image = options.image ?? new Uint16Array(height * width * frames).map((_, i) => i);
  const images: Record<string, GroupNode> = {};
  if (survey !== undefined) {
    images[id(0xa)] = group({
      Data: array(new Float32Array(survey[0] * survey[1]).fill(1.5), [...survey, 1]),
      Metadata: metadata(instrument('BF'), 1),
    });
  }
  const scan = {
    Scan: {
      ScanSize: { width: String(8 * width), height: String(8 * height) },
      ScanArea: { left: '0.5', right: '0.625', top: '0.25', bottom: '0.375' },
      FrameTime: '0.5',
    },
  };
  if (!options.isPoint)
    images[id(0xb)] = group({
      Data: array(image, [height, width, frames], {
        chunks: [height, width, 1],
        ...(gzip === undefined ? {} : { gzip }),
      }),
      Metadata: metadata(instrument('HAADF', scan), frames),
    });
  const imagePath = `/Data/Image/${id(0xb)}`;
  const settings = {
    bincount: String(channels),
    StreamEncoding: `uint${wordBits}`,
    ...(options.isPoint ? {} : { RasterScanDefinition: { Width: String(8 * width), Height: String(8 * height) } }),
  };
  const recorded = Object.fromEntries(
    streams.map((stream, i) => [
      id(0xc0 + i),
      group({
        Data: array(new words[wordBits](stream), [stream.length, 1], {
          chunks: [Math.min(8, stream.length), 1],
          ...(gzip === undefined ? {} : { gzip }),
        }),
        Metadata: metadata(instrument(`SuperXG2${i + 1}`, options.isPoint ? {} : scan), frames),
        AcquisitionSettings: json(settings),
        ...(frameTable === undefined
          ? {}
          : { FrameLocationTable: array(BigUint64Array.from(frameTable, BigInt), [frameTable.length, 1]) }),
      }),
    ]),
  );
  const links: Record<string, GroupNode> =
    version === '4'
      ? {
          Features: group({
            SIFeature: group({ [id(1)]: json({ stemInputOperations: [`/Operations/StemInputOperation/${id(2)}`] }) }),
          }),
          Operations: group({
            StemInputOperation: group({ [id(2)]: json({ dataPath: imagePath, detector: 'HAADF' }) }),
          }),
          Presentation: group({
            Displays: group({
              ImageDisplay: group({ [id(3)]: json({ dataPath: imagePath, display: { id: 'HAADF', label: 'HAADF' } }) }),
            }),
          }),
        }
      : {
          Features: group({
            SIFeature: group({
              [id(1)]: json({
                stem: { stemDetectors: [{ data: `/SharedProperties/ImageSeriesDataReference/${id(2)}` }] },
              }),
            }),
          }),
          SharedProperties: group({ ImageSeriesDataReference: group({ [id(2)]: json({ dataPath: imagePath }) }) }),
          Displays: group({
            ImageDisplay: group({
              [id(3)]: json({ data: `/SharedProperties/ImageSeriesDataReference/${id(2)}`, title: 'Dark field' }),
            }),
          }),
        };
  return buildHdf5(
    group({
      Version: json({ version, format: 'Velox' }),
      Data: group({
        Image: group(images),
        SpectrumStream: group(recorded),
        Spectrum: group({
          [id(0xd)]: group({
            Data: array(
              new Uint32Array(channels).map((_, i) => i),
              [channels, 1],
            ),
            Metadata: metadata(instrument('SuperXG22'), 1),
          }),
        }),
        SpectrumImage: group({
          [id(0xe)]: group({
            Data: array(new Uint8Array(16), [16, 1]),
            SpectrumImageSettings: json({ endFramePosition: String(frames) }),
          }),
        }),
      }),
      ...links,
    }),
  );
}

/** Energy losses of a map, stored as (height, energy, width). */
export function buildVeloxEels(height: number, width: number, channels: number): Promise<Uint8Array> {
  const values = new Float32Array(height * channels * width).map((_, i) => i);
  return buildHdf5(
    group({
      Version: json({ version: '13', format: 'Velox' }),
      Data: group({
        EelsSpectrumImage: group({
          [id(1)]: group({
            Data: array(values, [height, channels, width], { chunks: [1, channels, width] }),
            Metadata: metadata(instrument('EELS'), 1),
            AcquisitionMetadata: metadata({ Data: { offset: '100', dispersion: '0.25' } }, 1),
          }),
        }),
      }),
    }),
  );
}

const few: Events = [
  [[1, 1, 3], [], [7], [0, 2], [5], [5, 5]],
  [[1], [2], [], [], [6, 7], [4]],
];

export const veloxSeeds: readonly Seed[] = [
  {
    name: 'emd-velox, two detectors',
    files: {
      'x.emd': await buildVelox({
        height: 2,
        width: 3,
        channels: 8,
        streams: [encode(few, 65535), encode(few, 65535, true)],
        frames: 2,
        version: '4',
      }),
    },
  },
  {
    name: 'emd-velox, version 11 with bytes, packed',
    files: {
      'x.emd': await buildVelox({
        height: 2,
        width: 3,
        channels: 8,
        streams: [encode(few, 255)],
        wordBits: 8,
        frames: 2,
        version: '11',
        gzip: 4,
        survey: [4, 4],
        frameTable: [0, 15],
      }),
    },
  },
  { name: 'emd-velox, energy losses', files: { 'x.emd': await buildVeloxEels(2, 3, 4) } },
];
