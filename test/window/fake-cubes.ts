import type { LoadedArray } from '../../main/contract/client.ts';
import type { DatasetId, DatasetSummary, Params } from '../../main/contract/methods.ts';
import { featureCount, sampleCount } from '../../workers/model/signal.ts';
import { synthetics, type Synthetic } from './synthetic.ts';

/* Seeded data of the fake client, and what is computed from them in the page. */

interface Cube {
  source: Synthetic;
  samples: number;
  features: number;
  values: Float32Array;
}

const cubes = new Map<string, Cube>();

export function cubeOf(name: string): Cube {
  let cube = cubes.get(name);
  if (cube === undefined) {
    const source = (synthetics[name] ?? synthetics['map_03'])?.() as Synthetic;
    const samples = sampleCount(source.axes);
    const features = featureCount(source.axes);
    const values = new Float32Array(samples * features);
    for (let p = 0; p < samples; p++) for (let c = 0; c < features; c++) values[p * features + c] = source.at(p, c);
    cube = { source, samples, features, values };
    cubes.set(name, cube);
  }
  return cube;
}

export function summaryOf(name: string): DatasetSummary {
  const { source, samples, features } = cubeOf(name);
  return {
    id: `d-${name}` as DatasetId,
    name,
    file: `/data/session 12/${name}.dm4`,
    signal: 0,
    format: 'gatan-dm4',
    title: name,
    signalType: source.signal.length === 1 ? 'EELS' : '',
    shape: source.axes.map((a) => a.size),
    dtype: 'uint16',
    axes: source.axes,
    quantity: { name: 'Intensity', units: 'counts' },
    bytes: samples * features * 2,
    samples,
    features,
    residency: 'memory',
    missing: null,
    steps: [],
    madeOf: null,
    warnings: [],
  };
}
/** Names of data sets from their ids. */
export const nameOf = (id: DatasetId): string => id.slice(2);

/** An image over some channels, all of them for null. */
export function imageOf(
  name: string,
  reduce: 'sum' | 'mean' | 'max',
  channels: readonly [number, number] | null,
): Float64Array {
  const { samples, features, values } = cubeOf(name);
  const [a, b] = channels ?? [0, features];
  const out = new Float64Array(samples);
  for (let p = 0; p < samples; p++) {
    let total = reduce === 'max' ? -Infinity : 0;
    for (let c = a; c < b; c++) {
      const v = values[p * features + c] ?? 0;
      total = reduce === 'max' ? Math.max(total, v) : total + v;
    }
    out[p] = reduce === 'mean' ? total / (b - a) : total;
  }
  return out;
}

/** Mean (or sum) of the spectra of some pixels. */
export function meanOf(name: string, pixels: readonly number[], isSum = false): Float64Array {
  const { features, values } = cubeOf(name);
  const out = new Float64Array(features);
  for (const p of pixels) for (let c = 0; c < features; c++) out[c] = (out[c] ?? 0) + (values[p * features + c] ?? 0);
  return isSum ? out : out.map((v) => v / pixels.length);
}

/** Standard deviation over some pixels around their mean. */
export function deviationOf(name: string, pixels: readonly number[], mean: Float64Array): Float64Array {
  const { features, values } = cubeOf(name);
  const spread = new Float64Array(features);
  for (const p of pixels) {
    for (let c = 0; c < features; c++)
      spread[c] = (spread[c] ?? 0) + ((values[p * features + c] ?? 0) - (mean[c] ?? 0)) ** 2;
  }
  return spread.map((v) => Math.sqrt(v / (pixels.length - 1)));
}

/** What the first components of a result leave of the data: per pixel, per channel, and as a share of all. */
export function residualOf(
  name: string,
  factors: LoadedArray | undefined,
  loadings: LoadedArray | undefined,
  components: number,
): { map: Float64Array; spectrum: Float64Array; spread: Float64Array; relativeError: number } {
  const { samples, features, values } = cubeOf(name);
  const k = factors?.shape[1] ?? 0;
  const map = new Float64Array(samples);
  const spectrum = new Float64Array(features);
  const spread = new Float64Array(features);
  let all = 0;
  let leftOver = 0;
  for (let p = 0; p < samples; p++) {
    for (let c = 0; c < features; c++) {
      const value = values[p * features + c] ?? 0;
      let left = value;
      for (let a = 0; a < Math.min(k, components); a++)
        left -= ((loadings?.data[p * k + a] as number) ?? 0) * ((factors?.data[c * k + a] as number) ?? 0);
      map[p] = (map[p] ?? 0) + left * left;
      spectrum[c] = (spectrum[c] ?? 0) + left / samples;
      spread[c] = (spread[c] ?? 0) + (left * left) / samples;
      all += value * value;
      leftOver += left * left;
    }
  }
  return {
    map: map.map((v) => Math.sqrt(v / features)),
    spectrum,
    spread: spread.map(Math.sqrt),
    relativeError: Math.sqrt(leftOver / all),
  };
}

/** Crop and normalise along the signal axis, as the services do; other steps leave the data as they are. */
export function prepared(dataset: DatasetId, operation: string, parameters: Params<'prepare.check'>['parameters']) {
  const { source, samples, features } = cubeOf(nameOf(dataset));
  const axis = source.axes.at(-1) as (typeof source.axes)[number];
  const isCut = operation === 'crop' && parameters['axis'] === axis.name;
  const cutAt = (value: unknown, otherwise: number): number =>
    typeof value === 'number' ? Math.round((value - axis.offset) / axis.scale) : otherwise;
  const first = isCut ? Math.max(0, cutAt(parameters['start'], 0)) : 0;
  const end = isCut ? Math.min(axis.size, cutAt(parameters['end'], axis.size)) : axis.size;
  const axes = source.axes.with(-1, { ...axis, size: end - first, offset: axis.offset + first * axis.scale });
  const outcome = {
    shape: axes.map((a) => a.size),
    dtype: 'uint16' as const,
    axes,
    bytes: 2 * samples * (isCut ? end - first : features),
  };
  const isEmpty = end <= first;
  const message = `start: nothing of ${axis.name} (${axis.size} values) is left. Give a wider range.`;
  return {
    axes,
    answer: isEmpty ? { problems: [{ param: 'start', message }], outcome: null } : { problems: [], outcome },
    of(spectrum: Float64Array): Float64Array {
      if (operation !== 'normalize') return isCut ? spectrum.slice(first, end) : spectrum;
      const sum = spectrum.reduce((a, b) => a + b, 0);
      return spectrum.map((v) => v / sum);
    },
  };
}

/** A spectrum as the address of a live array asks for it. */
export function liveSpectrum(url: string): LoadedArray {
  const [, id = '', query = ''] = /^live\/([^/]+)\/spectrum\?(.*)$/.exec(url) ?? [];
  const name = nameOf(id as DatasetId);
  const { source } = cubeOf(name);
  const search = new URLSearchParams(query);
  const numbers = (text: string | null): number[] =>
    (text ?? '')
      .split(',')
      .filter((t) => t !== '')
      .map(Number);
  const at = numbers(search.get('at'));
  const box = numbers(search.get('box'));
  const shape = source.navigation;
  const pixels: number[] = [];
  const starts = box.length > 0 ? box.slice(0, shape.length) : at;
  const ends = box.length > 0 ? box.slice(shape.length) : at.map((v) => v + 1);
  const walk = (axis: number, index: number): void => {
    if (axis === shape.length) {
      pixels.push(index);
      return;
    }
    for (let i = starts[axis] ?? 0; i < (ends[axis] ?? 1); i++) walk(axis + 1, index * (shape[axis] ?? 1) + i);
  };
  walk(0, 0);
  return { dtype: 'float64', shape: [...source.signal], data: meanOf(name, pixels, search.get('reduce') === 'sum') };
}
