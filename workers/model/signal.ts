import type { Axis } from './axes.ts';
import type { DType } from './dtype.ts';

/** A tree of metadata as it came from the file: plain JSON values only. */
export type MetadataValue = string | number | boolean | null | MetadataValue[] | { [key: string]: MetadataValue };
export type Metadata = { [key: string]: MetadataValue };

/** Size and time of a file when its header was read: pixels are never read from a file that was written again since. */
export interface FileStamp {
  size: number;
  mtimeMs: number;
}

/**
 * Where the pixels of a signal are, so that they can be read by block from any thread.
 * `storedShape` is the C-order shape in the file; `axisOrder[i]` is the stored axis that becomes axis i of the
 * signal (identity when absent), e.g. DM spectrum images store energy slowest: [1, 2, 0].
 */
export type PixelLayout =
  | {
      kind: 'raw';
      path: string;
      /** byte offset of the first element */
      offset: number;
      littleEndian: boolean;
      storedShape: readonly number[];
      axisOrder?: readonly number[];
      /** rgba8 only: each pixel is one 32-bit word 0xAARRGGBB (bytes B, G, R, A when little-endian) */
      packedColour?: true;
      stamp?: FileStamp;
    }
  | {
      kind: 'hdf5';
      path: string;
      dataset: string;
      storedShape: readonly number[];
      axisOrder?: readonly number[];
      stamp?: FileStamp;
    }
  /**
   * Equal frames, the last axes of the signal, at any place of one or several files: with headers between them, split
   * over files, some missing. Frames follow one another as the leading axes count.
   */
  | {
      kind: 'frames';
      files: readonly { path: string; stamp: FileStamp }[];
      /** how many of the last axes of the signal make a frame */
      frameRank: number;
      /** `count` frames of a file, the first at byte `first`, each `step` bytes after the one before; `file` −1: missing, read as 0 or NaN */
      runs: readonly { file: number; first: number; step: number; count: number }[];
      littleEndian: boolean;
      /** rows of a frame are stored from the bottom up */
      flipped?: true;
    }
  /** what only its own decoder can read (event lists, compressed maps, pages, chunks): `workers/readers/codecs.ts` names it */
  | {
      kind: 'coded';
      codec: string;
      path: string;
      stamp: FileStamp;
      /** what the decoder needs beside the file: plain values, small */
      about: Metadata;
    }
  /** what a preparation step makes of other signals, computed when it is read: nothing is copied */
  | {
      kind: 'derived';
      /** id of the step: crop, rebin, remove_background … */
      operation: string;
      values: Metadata;
      /** what the step found out about all of the data beforehand: small arrays by name */
      measured: Readonly<Record<string, Float64Array>>;
      of: SignalHeader;
      /** further signals that parameters name: references, masks, what is stacked */
      inputs: Readonly<Record<string, readonly SignalHeader[]>>;
    }
  /** small arrays decoded with the header (text formats, packed FFTs): little-endian bytes in the signal's own C order */
  | { kind: 'bytes'; bytes: Uint8Array };

/** What a person may choose of a recording before it is opened; fields are there where they apply. */
export interface ReadOptions {
  /** frames recorded one after another, of which some may be read; null: several, counted when they are read */
  frames?: number | null;
  /** the frames are summed unless each is wanted for itself */
  summed?: true;
  /** detectors recorded together and summed, by index: one of them may be read alone */
  detectors?: readonly string[];
}

/** One signal of a file: everything but its pixels. Shape and axes in C order, slowest first. */
export interface SignalHeader {
  title: string;
  /** HyperSpy's signal type: EELS, EDS_TEM, EDS_SEM, CL, Luminescence, diffraction … or empty */
  signalType: string;
  shape: readonly number[];
  dtype: DType;
  axes: readonly Axis[];
  /** name and unit of the values, e.g. { name: 'Intensity', units: 'counts' }; null units when unknown */
  quantity: { name: string; units: string | null };
  metadata: Metadata;
  originalMetadata: Metadata;
  layout: PixelLayout;
  /** things a person should know about how the file was read ("NPOINTS says 1024, 1020 values found") */
  warnings: readonly string[];
  /** what can be chosen about how it is read, where there is something to choose */
  options?: ReadOptions;
}

export interface FileHeader {
  /** reader id: numpy, hspy, hdf5, nexus, gatan-dm3, gatan-dm4, ripple, msa … */
  format: string;
  signals: readonly SignalHeader[];
}

/** Navigation first, then signal: the order of unfolding into X [samples × features]. */
export const navigationAxes = (axes: readonly Axis[]): Axis[] => axes.filter((a) => a.navigate);
export const signalAxes = (axes: readonly Axis[]): Axis[] => axes.filter((a) => !a.navigate);

/** Product of the navigation sizes: rows of X, called samples or pixels. */
export const sampleCount = (axes: readonly Axis[]): number => navigationAxes(axes).reduce((n, a) => n * a.size, 1);
/** Product of the signal sizes: columns of X, called features or channels. */
export const featureCount = (axes: readonly Axis[]): number => signalAxes(axes).reduce((n, a) => n * a.size, 1);
