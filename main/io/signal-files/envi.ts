import { extname } from 'node:path';
import type { Axis } from '../../../workers/model/axes.ts';
import { axisValues, isCalibrated } from '../../../workers/model/axes.ts';
import type { DType } from '../../../workers/model/dtype.ts';
import { elementCount, itemSize } from '../../../workers/model/dtype.ts';
import { enviTypes } from '../../../workers/readers/envi/raster.ts';
import { requireSpace } from '../free-space.ts';
import { numberIn, oneLine, textIn } from './metadata-values.ts';
import type { SignalToWrite, WriteSignal } from './signal-to-write.ts';
import { writeDataAndHeader } from './two-files.ts';
import { writeInOrder } from './write-in-order.ts';

/** The type in the file: ENVI has no signed bytes, truth values and half floats. */
const storedType = (dtype: DType): DType =>
  dtype === 'bool' ? 'uint8' : dtype === 'int8' ? 'int16' : dtype === 'float16' ? 'float32' : dtype;

const codeOf = (dtype: DType): string => Object.entries(enviTypes).find(([, type]) => type === dtype)![0];

/** Braces and line breaks would end a list, commas its parts. */
const listPart = (text: string): string => oneLine(text).replaceAll(/[{}]/g, '').replaceAll(',', ' ');

const list = (parts: readonly (string | number)[]): string => `{\n ${parts.join(',\n ')}}`;

interface Arrangement {
  order: number[];
  samples: Axis | undefined;
  lines: Axis | undefined;
  /** the axis of the wavelengths */
  bands: Axis | undefined;
  isLibrary: boolean;
}

function arrange({ axes }: SignalToWrite): Arrangement {
  const indices = axes.map((_, i) => i);
  const navigation = indices.filter((i) => axes[i]!.navigate);
  const signal = indices.filter((i) => !axes[i]!.navigate);
  const order = [...navigation, ...signal];
  // without a place on two axes it is a list of spectra: their channels are "samples"
  const isLibrary = navigation.length < 2 && signal.length === 1;
  if (isLibrary) {
    const channels = axes[signal[0]!]!;
    return { order, samples: channels, lines: axes[navigation[0] ?? -1], bands: channels, isLibrary };
  }
  const long = (from: readonly number[]): Axis[] => from.map((i) => axes[i]!).filter((axis) => axis.size !== 1);
  if (signal.length > 1 && long(signal).length === 2) {
    const [lines, samples] = long(signal);
    return { order, lines, samples, bands: undefined, isLibrary };
  }
  const pixels = navigation.map((i) => axes[i]!);
  while (pixels.length > 2)
    pixels.splice(
      Math.max(
        0,
        pixels.findIndex((axis) => axis.size === 1),
      ),
      1,
    );
  const [lines, samples] = pixels;
  return {
    order,
    lines,
    samples,
    bands: signal.length === 0 ? undefined : (long(signal)[0] ?? axes[signal[0]!]),
    isLibrary,
  };
}

const hasPositions = (axis: Axis): boolean =>
  isCalibrated(axis) || axis.values !== undefined || axis.scale !== 1 || axis.offset !== 0;

function headerText(signal: SignalToWrite, how: Arrangement, dtype: DType): string {
  const { lines, samples, bands, isLibrary } = how;
  const { metadata } = signal;
  const bandNames = (metadata['Signal'] as { band_names?: unknown } | undefined)?.band_names;
  const names =
    Array.isArray(bandNames) && bandNames.length === bands?.size ? bandNames.map(String).map(listPart) : null;
  const [date, time] = [textIn(metadata, 'General.date'), textIn(metadata, 'General.time')];
  const ignore = numberIn(metadata, 'Signal.data_ignore_value');
  const factor = numberIn(metadata, 'Signal.reflectance_scale_factor');
  const hasSize = !isLibrary && lines !== undefined && samples !== undefined && [lines, samples].some(hasPositions);
  const units = samples?.units ?? lines?.units;
  const text = [
    'ENVI',
    `description = {${listPart(signal.title)}}`,
    `samples = ${samples?.size ?? 1}`,
    `lines = ${lines?.size ?? 1}`,
    `bands = ${isLibrary ? 1 : (bands?.size ?? 1)}`,
    'header offset = 0',
    `file type = ${isLibrary ? 'ENVI Spectral Library' : 'ENVI Standard'}`,
    `data type = ${codeOf(dtype)}`,
    // a library has one band, and one band is the same in every order
    `interleave = ${isLibrary || bands === undefined ? 'bsq' : 'bip'}`,
    'byte order = 0',
    ...(hasSize
      ? [
          `pixel size = {${Math.abs(samples!.scale)}, ${Math.abs(lines!.scale)}${units ? `, units=${listPart(units)}` : ''}}`,
        ]
      : []),
    ...(date === null ? [] : [`acquisition time = ${date}${time === null ? '' : `T${time}`}`]),
    ...(ignore === null ? [] : [`data ignore value = ${ignore}`]),
    ...(factor === null ? [] : [`reflectance scale factor = ${factor}`]),
    ...(names === null ? [] : [`band names = ${list(names)}`]),
    ...(bands === undefined || !hasPositions(bands)
      ? []
      : [
          `wavelength units = ${bands.units ? listPart(bands.units) : 'Unknown'}`,
          `wavelength = ${list([...axisValues(bands)])}`,
        ]),
  ];
  return `${text.join('\n')}\n`;
}

/** What an ENVI header has no word for. */
function losses({ axes }: SignalToWrite, { lines, samples, isLibrary }: Arrangement): string[] {
  const places = isLibrary
    ? axes.filter((axis) => axis.navigate)
    : [lines, samples].filter((axis) => axis !== undefined);
  const lost = places.filter((axis) => axis.offset !== 0 || axis.scale < 0 || (isLibrary && isCalibrated(axis)));
  const [y, x] = [lines?.units ?? null, samples?.units ?? null];
  return [
    ...(lost.length === 0
      ? []
      : [
          `An ENVI header keeps the size of a pixel, not where it is: the offsets of ${lost.map(({ name }) => `“${name}”`).join(' and ')} are not in the file.`,
        ]),
    ...(isLibrary || y === x ? [] : [`An ENVI header has one unit for both sides of a pixel; ${x ?? y} is written.`]),
  ];
}

/** NAME.hdr and NAME.dat. */
export const enviPaths = (path: string): { header: string; data: string } => ({
  header: path,
  data: `${path.slice(0, path.length - extname(path).length)}.dat`,
});

/**
 * Writes spectra as ENVI: NAME.hdr and NAME.dat, interleaved by pixel. Spectra along fewer than two axes become a
 * spectral library, an image one band.
 * @throws EigenscopeError `exists`, `disk-full`, `not-writable`; what the pixels throw
 */
export const writeEnvi: WriteSignal = async (path, signal, options) => {
  const paths = enviPaths(path);
  const dtype = storedType(signal.dtype);
  const arrangement = arrange(signal);
  await requireSpace(path, elementCount(signal.shape) * itemSize(dtype));
  await writeDataAndHeader(paths, Buffer.from(headerText(signal, arrangement, dtype), 'utf8'), options, (file) =>
    writeInOrder(file, paths.data, signal, { at: 0, order: arrangement.order, dtype }),
  );
  return {
    files: [paths.header, paths.data],
    notes: [
      ...(dtype === signal.dtype ? [] : [`${signal.dtype} is written as ${dtype}, which ENVI has.`]),
      ...losses(signal, arrangement),
    ],
  };
};
