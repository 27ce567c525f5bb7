import type { Axis } from '../../workers/model/axes.ts';
import type { DType } from '../../workers/model/dtype.ts';
import { isColour, isComplex } from '../../workers/model/dtype.ts';
import { navigationAxes, signalAxes } from '../../workers/model/signal.ts';

/** What decides whether a format can hold a signal: the type of its elements and its axes in array order. */
export interface SignalForm {
  dtype: DType;
  axes: readonly Axis[];
}

/**
 * A format that data are written in: the one description that the window's dialog, the command line and the outputs of
 * recipes follow. `main/io/signal-writers.ts` has the writer of each.
 */
export interface SignalFormat {
  id: string;
  title: string;
  /** lower case, without the dot; the first is the usual one */
  extensions: readonly string[];
  /** Why a signal cannot be written so, and what to do instead, as the rest of a sentence; null when it can. */
  refusal(signal: SignalForm): string | null;
}

const count = (n: number, what: string): string => `${n === 0 ? 'no' : n} ${what} ax${n === 1 ? 'is' : 'es'}`;

/** "2 navigation axes and 1 signal axis" */
const describeAxes = ({ axes }: SignalForm): string =>
  `${count(navigationAxes(axes).length, 'navigation')} and ${count(signalAxes(axes).length, 'signal')}`;

/** Axes of size 1 do not count for formats of a fixed number of axes: they are left out. */
const longAxes = ({ axes }: SignalForm): Axis[] => axes.filter((axis) => axis.size !== 1);

const longRanks = (signal: SignalForm): { navigation: number; signal: number } => ({
  navigation: navigationAxes(longAxes(signal)).length,
  signal: signalAxes(longAxes(signal)).length,
});

const listed = ({ axes }: SignalForm): Axis | undefined => axes.find((axis) => axis.values !== undefined);

const noComplex = (dtype: DType): string | null =>
  isComplex(dtype) ? `the data are ${dtype}, complex numbers; save them as .hspy or .npy` : null;
const noColour = (dtype: DType): string | null =>
  isColour(dtype) ? `the data are colours (${dtype}); save them as .tif or .png` : null;
const navigationFirst = ({ axes }: SignalForm): string | null =>
  axes.slice(0, navigationAxes(axes).length).every((axis) => axis.navigate)
    ? null
    : 'its signal axes are stored before the navigation axes; save as .hspy, .rpl or .tif';
const noListedAxis = (signal: SignalForm): string | null => {
  const axis = listed(signal);
  return axis === undefined
    ? null
    : `the axis “${axis.name}” is not evenly spaced, which this format cannot say; save as .hspy, .hdr (ENVI) or .csv`;
};

/** Pages, rows, columns: what a stack of images is made of. */
function stackRefusal(signal: SignalForm, mostPageAxes: number, others: string): string | null {
  const rank = longAxes(signal).length;
  if (rank > mostPageAxes + 2)
    return `it has ${rank} axes, more than this format has; save as ${others}, or sum or crop an axis first`;
  if (signal.axes.length < 2) return 'a single spectrum is no image; save it as .msa, .csv or .hspy';
  return null;
}

export const signalFormats: readonly SignalFormat[] = [
  { id: 'hspy', title: 'HyperSpy (HDF5)', extensions: ['hspy'], refusal: () => null },
  { id: 'zspy', title: 'HyperSpy (Zarr, a folder)', extensions: ['zspy'], refusal: () => null },
  { id: 'npy', title: 'NumPy array', extensions: ['npy'], refusal: () => null },
  { id: 'npz', title: 'NumPy arrays of data and axes', extensions: ['npz'], refusal: () => null },
  {
    id: 'tiff',
    title: 'TIFF stack (ImageJ, Fiji)',
    extensions: ['tif', 'tiff'],
    refusal(signal) {
      if (isColour(signal.dtype) && signal.axes.length > 5) return 'it has too many axes of colours; save it as .hspy';
      return stackRefusal(signal, 3, '.hspy');
    },
  },
  {
    id: 'ripple',
    title: 'Ripple (RPL + RAW)',
    extensions: ['rpl'],
    refusal(signal) {
      const ranks = longRanks(signal);
      const fits = ranks.signal <= 1 ? ranks.navigation <= 2 : ranks.signal === 2 && ranks.navigation <= 1;
      return (
        noComplex(signal.dtype) ??
        noColour(signal.dtype) ??
        noListedAxis(signal) ??
        (fits
          ? null
          : `it has ${describeAxes(signal)}; a ripple file holds spectra at up to 2 navigation axes, or images along one; save as .hspy`)
      );
    },
  },
  {
    id: 'envi',
    title: 'ENVI (HDR + data)',
    extensions: ['hdr'],
    refusal(signal) {
      const ranks = longRanks(signal);
      const fits = ranks.signal <= 1 ? ranks.navigation <= 2 : ranks.signal === 2 && ranks.navigation === 0;
      const badAxis = signal.axes.find(
        (axis) => axis.values !== undefined && (axis.navigate || signalAxes(signal.axes).length > 1),
      );
      return (
        noColour(signal.dtype) ??
        (badAxis === undefined
          ? null
          : `the axis “${badAxis.name}” is not evenly spaced, which this format says of wavelengths only; save as .hspy`) ??
        (fits
          ? null
          : `it has ${describeAxes(signal)}; an ENVI file holds spectra at up to 2 navigation axes, or one image; save as .hspy or .tif`)
      );
    },
  },
  {
    id: 'mrc',
    title: 'MRC stack',
    extensions: ['mrc'],
    refusal(signal) {
      if (isColour(signal.dtype)) return noColour(signal.dtype);
      if (signal.dtype === 'complex128')
        return 'the data are complex128, and MRC holds complex64; save as .hspy or .npy';
      return stackRefusal(signal, 1, '.hspy, or .blo for diffraction patterns');
    },
  },
  {
    id: 'blockfile',
    title: 'Blockfile (ASTAR)',
    extensions: ['blo'],
    refusal(signal) {
      const navigation = navigationAxes(signal.axes);
      const pattern = signalAxes(signal.axes);
      if (pattern.length !== 2 || navigation.length > 2) {
        return `it has ${describeAxes(signal)}; a blockfile holds one diffraction pattern per pixel (2 navigation and 2 signal axes); save as .hspy or .tif`;
      }
      if (pattern[0]!.size !== pattern[1]!.size) {
        return `its patterns are ${pattern[0]!.size} × ${pattern[1]!.size}, and those of a blockfile are square; crop or rebin them first, or save as .hspy`;
      }
      if (signal.axes.some((axis) => axis.size > 65_535))
        return 'an axis has more than 65 535 steps; crop it, or save as .hspy';
      return noComplex(signal.dtype) ?? noColour(signal.dtype) ?? noListedAxis(signal) ?? navigationFirst(signal);
    },
  },
  {
    id: 'msa',
    title: 'EMSA/MAS spectrum (ISO 22029)',
    extensions: ['msa', 'emsa'],
    refusal(signal) {
      const ranks = longRanks(signal);
      if (ranks.navigation > 0) {
        return `it has ${count(ranks.navigation, 'navigation')}, and an .msa file holds one spectrum; save as .hspy or .rpl, or choose or sum pixels first`;
      }
      if (ranks.signal > 1) return 'it is an image, and an .msa file holds one spectrum; save as .tif or .hspy';
      return noComplex(signal.dtype) ?? noColour(signal.dtype);
    },
  },
  {
    id: 'csv',
    title: 'Table of text (CSV)',
    extensions: ['csv'],
    refusal(signal) {
      const ranks = longRanks(signal);
      if (ranks.signal > 1 && ranks.navigation > 0) {
        return `it has ${describeAxes(signal)}; a table holds spectra, or one image; save as .tif or .hspy`;
      }
      if (ranks.signal > 2) return `it has ${describeAxes(signal)}; save as .hspy`;
      return noComplex(signal.dtype) ?? noColour(signal.dtype) ?? navigationFirst(signal);
    },
  },
  {
    id: 'png',
    title: 'PNG picture',
    extensions: ['png'],
    refusal(signal) {
      if (longAxes(signal).length > 2) {
        return `it has ${longAxes(signal).length} axes, and a picture has two; save as .tif, or draw a map of it in a figure`;
      }
      if (signal.axes.length < 2) return 'a single spectrum is no picture; save it as .msa or .csv';
      return noComplex(signal.dtype);
    },
  },
];

const extensionOf = (path: string): string => /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';

/** The format of a path's extension, null when none has it. */
export const signalFormatOf = (path: string): SignalFormat | null =>
  signalFormats.find(({ extensions }) => extensions.includes(extensionOf(path))) ?? null;

/** ".hspy, .npy, .tif …": every format by its usual extension. */
export const signalExtensions = (): string[] => signalFormats.map(({ extensions }) => `.${extensions[0]}`);

/** The formats that can hold a signal, in the order of the list. */
export const formatsFor = (signal: SignalForm): SignalFormat[] =>
  signalFormats.filter((format) => format.refusal(signal) === null);
