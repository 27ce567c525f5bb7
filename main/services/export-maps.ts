import { basename, dirname, extname, join } from 'node:path';
import type { Axis } from '../../workers/model/axes.ts';
import { plainAxis } from '../../workers/model/axes.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { ResultArray, ResultRecord } from '../../workers/model/result.ts';
import { navigationAxes } from '../../workers/model/signal.ts';
import type { WriteOptions } from '../io/atomic-write.ts';
import type { SignalToWrite, WrittenSignal } from '../io/signal-files/signal-to-write.ts';
import { writeSignal } from '../io/signal-writers.ts';

/** Arrays with a value for every pixel, in the order of asking: what a result looks like as maps. */
const mapArrays = ['bss_loadings', 'loadings', 'labels', 'navigation_mask'] as const;

export interface ResultMaps {
  /** name of the array they are from */
  name: (typeof mapArrays)[number];
  /** navigation axes, slowest first */
  axes: Axis[];
  count: number;
  /** map c [pixels], float32; pixels without a value are NaN */
  map(c: number): Float32Array;
}

/**
 * The maps of a result: one per component, the labels of a clustering (−1 = none), a mask (1 = left out).
 * @throws EigenscopeError `bad-request` when it holds none
 */
export function mapsOf(record: ResultRecord, arrays: Readonly<Record<string, ResultArray>>): ResultMaps {
  const axes = navigationAxes(record.axes);
  const pixels = axes.reduce((n, axis) => n * axis.size, 1);
  // one component of a result of a separation has both: its own first
  const name = mapArrays.find((one) => arrays[one] !== undefined && arrays[one].shape[0] !== undefined);
  const array = name === undefined ? undefined : arrays[name]!;
  const count = array === undefined || pixels === 0 ? 0 : array.data.length / pixels;
  if (name === undefined || array === undefined || !Number.isInteger(count) || count < 1 || axes.length === 0) {
    throw new EigenscopeError('bad-request', `“${record.name}” holds no maps; save it as .npz or .csv.`, {
      result: record.id,
    });
  }
  const { data } = array;
  const map = (c: number): Float32Array => {
    const values = new Float32Array(pixels);
    for (let p = 0; p < pixels; p++) values[p] = data[p * count + c]!;
    return values;
  };
  return { name, axes, count, map };
}

const words: Readonly<Record<ResultMaps['name'], string>> = {
  bss_loadings: 'loadings',
  loadings: 'loadings',
  labels: 'cluster labels',
  navigation_mask: 'mask',
};

/** Some of the maps as a signal. */
function mapSignal(record: ResultRecord, { name, axes, map }: ResultMaps, first: number, count: number): SignalToWrite {
  const pages = count === 1 ? [] : [plainAxis('component', count, true)];
  const all = [...pages, ...axes.map((axis) => ({ ...axis, navigate: false }))];
  return {
    title: `${record.name}, ${words[name]}`,
    signalType: '',
    shape: all.map((axis) => axis.size),
    dtype: 'float32',
    axes: all,
    quantity: { name: words[name], units: null },
    metadata: {},
    originalMetadata: {},
    *blocks() {
      for (let c = first; c < first + count; c++) yield map(c);
    },
  };
}

/** Labels as greys that can be told apart: 0 for none, the last cluster white. */
function labelGreys(labels: Float32Array): { greys: Uint8Array; note: string } {
  const clusters = labels.reduce((most, label) => Math.max(most, label), 0) + 1;
  return {
    greys: Uint8Array.from(labels, (label) => (label >= 0 ? Math.round((255 * (label + 1)) / clusters) : 0)),
    note: `Cluster n is grey n × 255 / ${clusters}, rounded; pixels in none are black.`,
  };
}

/** The pictures of several maps: NAME-01.png, NAME-02.png …; of one map, the path itself. */
export function picturePlaces(path: string, count: number): string[] {
  if (count === 1) return [path];
  const stem = join(dirname(path), basename(path, extname(path)));
  const width = Math.max(2, String(count).length);
  return Array.from({ length: count }, (_, i) => `${stem}-${String(i + 1).padStart(width, '0')}${extname(path)}`);
}

/**
 * Writes the maps of a result with the calibration of its navigation axes: float32 TIFF, one page per component, or
 * PNG in 16-bit greys, one file per component (black is its smallest value, white its largest).
 * @throws EigenscopeError `bad-request` when the result holds no maps, `exists`, `disk-full`, `not-writable`
 */
export async function writeMaps(
  path: string,
  record: ResultRecord,
  arrays: Readonly<Record<string, ResultArray>>,
  options: WriteOptions,
): Promise<WrittenSignal> {
  const found = mapsOf(record, arrays);
  if (extname(path).toLowerCase() !== '.png')
    return writeSignal(path, mapSignal(record, found, 0, found.count), options);
  const written: WrittenSignal = { files: [], notes: [] };
  for (const [i, place] of picturePlaces(path, found.count).entries()) {
    const one = mapSignal(record, found, i, 1);
    const labels = found.name === 'labels' ? labelGreys(found.map(i)) : null;
    const picture: SignalToWrite = labels === null ? one : { ...one, dtype: 'uint8', blocks: () => [labels.greys] };
    const { files, notes } = await writeSignal(place, picture, options);
    written.files.push(...files);
    written.notes.push(...(labels === null ? notes.map((note) => `${basename(place)}: ${note}`) : [labels.note]));
  }
  return written;
}
