import { setTimeout } from 'node:timers/promises';
import { isColour, isComplex, itemSize } from '../../workers/model/dtype.ts';
import type { Axis } from '../../workers/model/axes.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import { featureCount, navigationAxes, sampleCount, signalAxes } from '../../workers/model/signal.ts';
import type { Overview } from '../../workers/tasks/overview.ts';
import type { PixelsSpectrum } from '../../workers/tasks/pixels-spectrum.ts';
import type { Place } from '../../workers/tasks/reading.ts';
import type { ComponentModel, Residual } from '../../workers/tasks/residual.ts';
import type { ServedArray } from '../app-types.ts';
import type { ReadHints } from '../../workers/model/read-hints.ts';
import type { OpenedDataset, Reduction, Result } from '../contract/methods.ts';
import type { Platform } from '../platform.ts';
import type { ArrayServer } from './array-server.ts';
import type { DatasetStore } from './dataset-store.ts';
import { checkRuns } from './mask-result.ts';
import { cubeOverview } from './overview.ts';
import type { Pool } from './pool.ts';

/** Files up to this size are loaded on opening; larger ones are read by block until a run needs them. */
const loadOnOpenBytes = 512 * 2 ** 20;
/** Loading up to this size mostly ends before a person notices, so that the first picture is the full one … */
const loadFirstBytes = 192 * 2 ** 20;
/** … but not from a slow drive, or where every pixel has to be computed: it is not waited for longer. */
const loadFirstMs = 1000;
const previewMs = 500;

/** What the window sees of a data set: images and spectra, never the cube. */
export interface DatasetViews {
  opened(id: string): Promise<OpenedDataset>;
  /** a first look at a signal of a file that is not in the project */
  ofFile(path: string, signal: number, hints: ReadHints): Promise<Result<'file.preview'>>;
  image(
    id: string,
    reduce: Reduction,
    channels: readonly [number, number] | null,
  ): Promise<ServedArray & { dtype: 'float64' }>;
  spectrumAt(id: string, at: readonly number[]): Promise<ServedArray>;
  /** box: first indices of all navigation axes, then their ends (exclusive) */
  spectrumIn(id: string, box: readonly number[], reduce: 'mean' | 'sum'): Promise<ServedArray>;
  /** mean and spread over runs of pixels: first and end (exclusive) by turns */
  spectrumOf(id: string, runs: readonly number[]): Promise<PixelsSpectrum>;
  residual(id: string, model: ComponentModel): Promise<Residual>;
}

const shapeOf = (axes: readonly Axis[]): number[] => axes.map((axis) => axis.size);

/** @param onComplete the full overview is there, after a preview had been shown */
export function createDatasetViews(
  platform: Platform,
  pool: Pool,
  arrays: ArrayServer,
  datasets: DatasetStore,
  onComplete: (id: string) => void,
): DatasetViews {
  const overviews = new Map<string, Overview>();
  const completing = new Map<string, Promise<void>>();

  const float64 = (shape: readonly number[], data: Float64Array) =>
    ({ dtype: 'float64', shape, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) }) as const;

  const fullOverview = (place: Place): Promise<Overview> =>
    'source' in place && place.source.kind === 'shared'
      ? cubeOverview(pool, place.source)
      : pool.run('overview', { place });

  const sumUp = async (id: string): Promise<void> => {
    const { bytes, name } = datasets.summary(id);
    try {
      if (bytes <= loadOnOpenBytes && bytes <= platform.freeMemory() / 3 && datasets.fits(id)) await datasets.load(id);
      overviews.set(id, await fullOverview(datasets.place(id)));
      onComplete(id);
    } catch (error) {
      // Closed meanwhile, or the program ends: nobody waits for it any more.
      if (error instanceof EigenscopeError && (error.code === 'not-found' || error.code === 'cancelled')) return;
      platform.log(`overview of ${name}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      completing.delete(id);
    }
  };

  const overviewOf = async (id: string): Promise<Overview> => {
    const known = overviews.get(id);
    if (known !== undefined) return known;
    if (datasets.summary(id).bytes <= loadFirstBytes && datasets.fits(id)) {
      await Promise.race([datasets.load(id), setTimeout(loadFirstMs, undefined, { ref: false })]);
    }
    const place = datasets.place(id);
    const first =
      'source' in place ? await fullOverview(place) : await pool.run('preview', { place, milliseconds: previewMs });
    overviews.set(id, first);
    if (!first.complete && !completing.has(id)) completing.set(id, sumUp(id));
    return first;
  };

  return {
    async opened(id) {
      if (datasets.summary(id).missing !== null) {
        const empty = { ...arrays.offer('float64', [0], new Float64Array(0)), preview: false };
        return { summary: datasets.summary(id), image: empty, spectrum: empty };
      }
      const overview = await overviewOf(id);
      const preview = !overview.complete;
      const { axes } = datasets.signal(id);
      return {
        summary: datasets.summary(id),
        image: { ...arrays.offer('float64', shapeOf(navigationAxes(axes)), overview.image), preview },
        spectrum: { ...arrays.offer('float64', shapeOf(signalAxes(axes)), overview.spectrum), preview },
      };
    },

    async ofFile(path, index, hints) {
      const { signals } = await datasets.header(path, hints);
      const signal = signals[index];
      if (signal === undefined) {
        throw new EigenscopeError(
          'parameter-out-of-range',
          `The file holds ${signals.length} signals, numbered from 0; there is no signal ${index}.`,
          { path, signal: index },
        );
      }
      const { shape, dtype, axes } = signal;
      const { image, spectrum } = await pool.run('preview', { place: { signal }, milliseconds: previewMs });
      return {
        shape,
        dtype,
        axes,
        image: arrays.offer('float64', shapeOf(navigationAxes(axes)), image),
        spectrum: arrays.offer('float64', shapeOf(signalAxes(axes)), spectrum),
      };
    },

    async image(id, reduce, channels) {
      const { axes } = datasets.signal(id);
      const features = featureCount(axes);
      const [first, end] = channels ?? [0, features];
      if (!(first >= 0 && end <= features && first < end)) {
        throw new EigenscopeError(
          'parameter-out-of-range',
          `Channels must be within 0 to ${features}, the first below the end; got ${first} to ${end}.`,
          { first, end, features },
        );
      }
      const data = await pool.run('navigator', {
        place: datasets.place(id),
        request: { reduce, channels: [first, end] },
      });
      const shape = shapeOf(navigationAxes(axes));
      return float64(shape, data);
    },

    async spectrumAt(id, at) {
      const { axes } = datasets.signal(id);
      const navigation = navigationAxes(axes);
      const shape = shapeOf(signalAxes(axes));
      if (
        at.length !== navigation.length ||
        at.some((i, a) => !(Number.isInteger(i) && i >= 0 && i < navigation[a]!.size))
      ) {
        throw new EigenscopeError(
          'parameter-out-of-range',
          `A position needs ${navigation.length} whole numbers within ${shapeOf(navigation).join(' × ')}; got ${at.join(', ')}.`,
        );
      }
      const sample = at.reduce((row, i, a) => row * navigation[a]!.size + i, 0);
      const place = datasets.place(id);
      const source = 'source' in place && place.source.kind === 'shared' ? place.source : null;
      if (source !== null && !isComplex(source.dtype) && !isColour(source.dtype)) {
        const rowBytes = source.features * itemSize(source.dtype);
        // A copy: the page's answer must not change while it is being sent.
        return {
          dtype: source.dtype,
          shape,
          bytes: new Uint8Array(source.buffer, sample * rowBytes, rowBytes).slice(),
        };
      }
      const box = { first: at, end: at.map((i) => i + 1), reduce: 'sum' } as const;
      const data = await pool.run('boxSpectrum', { place, box, navigation: shapeOf(navigation) });
      return float64(shape, data);
    },

    async spectrumIn(id, box, reduce) {
      const { axes } = datasets.signal(id);
      const navigation = shapeOf(navigationAxes(axes));
      const n = navigation.length;
      const start = box.slice(0, n);
      const end = box.slice(n);
      const bad =
        end.length !== n ||
        start.some((s, a) => !(Number.isInteger(s) && s >= 0 && s < end[a]! && end[a]! <= navigation[a]!));
      if (bad) {
        throw new EigenscopeError(
          'parameter-out-of-range',
          `A box needs ${n} first and ${n} end positions within ${navigation.join(' × ')}; got ${box.join(', ')}.`,
        );
      }
      const data = await pool.run('boxSpectrum', {
        place: datasets.place(id),
        box: { first: start, end, reduce },
        navigation,
      });
      const shape = shapeOf(signalAxes(axes));
      return float64(shape, data);
    },

    async spectrumOf(id, runs) {
      const { axes } = datasets.signal(id);
      checkRuns(runs, sampleCount(axes));
      return pool.run('pixelsSpectrum', { place: datasets.place(id), runs });
    },

    residual: (id, model) => pool.run('residual', { place: datasets.place(id), model }),
  };
}
