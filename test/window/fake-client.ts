import type { Client, LoadedArray } from '../../main/contract/client.ts';
import type {
  ArrayRef,
  DatasetId,
  DatasetSummary,
  EventName,
  Events,
  OpenedDataset,
  ProjectState,
  ResultId,
} from '../../main/contract/methods.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import { appAnswers, job, type Answers } from './fake-app.ts';
import {
  cubeOf,
  deviationOf,
  imageOf,
  liveSpectrum,
  meanOf,
  nameOf,
  prepared,
  residualOf,
  summaryOf,
} from './fake-cubes.ts';
import { fakeResults } from './fake-results.ts';
import { synthetics } from './synthetic.ts';

/*
 * A client that answers from seeded data in the page, for pictures of the window. It never ships: only test/window imports it.
 */
export interface FakeOptions {
  /** names of synthetics that are open at the start */
  open: readonly string[];
  settings: Record<string, string | number>;
  readOnly: string | null;
  recovered: string | null;
  job: boolean;
  /** ids of the results that map_03 has, or null for all */
  results: readonly string[] | null;
  /** native dialogs are absent */
  web: boolean;
}

export function createFakeClient(options: FakeOptions): Client {
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const arrays = new Map<string, LoadedArray>();
  const resultArrays = new Map<string, LoadedArray>();
  const records: ResultRecord[] = [];
  const bin: { record: ResultRecord; deleted: string }[] = [];
  const history: { at: string; text: string }[] = [];
  let summaries: DatasetSummary[] = [];
  let nextArray = 1;

  const emit = <E extends EventName>(event: E, payload: Events[E]): void =>
    listeners.get(event)?.forEach((listener) => listener(payload as never));

  function keep(data: LoadedArray['data'], shape: readonly number[]): ArrayRef {
    const url = `fake/${nextArray++}`;
    arrays.set(url, { dtype: 'float64', shape: [...shape], data });
    return { url, dtype: 'float64', shape };
  }

  const opened = (name: string): OpenedDataset => {
    const { samples, source } = cubeOf(name);
    const all = Array.from({ length: samples }, (_, i) => i);
    return {
      summary: summaryOf(name),
      image: { ...keep(imageOf(name, 'sum', null), source.navigation), preview: false },
      spectrum: { ...keep(meanOf(name, all), source.signal), preview: false },
    };
  };

  const record = (id: string, name: string, dataset: string, more: Partial<ResultRecord> = {}): ResultRecord => ({
    id,
    kind: 'decomposition',
    operation: 'decomposition',
    name,
    dataset: `d-${dataset}`,
    parent: null,
    algorithm: 'SVD',
    parameters: { output_dimension: 5 },
    seed: 1,
    version: '0.1.0',
    made: '2026-11-21T14:02:00Z',
    seconds: 1.4,
    scalars: {},
    arrays: {},
    notes: [],
    axes: cubeOf(dataset).source.axes,
    starred: false,
    ...more,
  });

  const note = (text: string): void => {
    history.push({ at: new Date(2026, 10, 21, 13, 50 + history.length).toISOString(), text });
  };

  function add(name: string): void {
    if (summaries.some((s) => s.name === name)) return;
    summaries = [...summaries, summaryOf(name)];
    note(`Open ${name}`);
    const { truth } = cubeOf(name).source;
    if (name === 'map_03' && truth !== undefined) {
      for (const { record: about, arrays: held } of fakeResults(truth)) {
        if (options.results !== null && !options.results.includes(about.id)) continue;
        const shapes = Object.entries(held).map(([key, { dtype, shape }]) => [key, { dtype, shape }] as const);
        records.push(record(about.id, about.name, name, { ...about, arrays: Object.fromEntries(shapes) as never }));
        for (const [key, array] of Object.entries(held)) resultArrays.set(`${about.id} ${key}`, array);
        note(`Run ${about.name}`);
      }
    }
  }
  options.open.forEach(add);

  const state = (): ProjectState => ({
    id: 'p-1',
    path: null,
    name: 'Pt-ceria',
    readOnly: options.readOnly,
    saved: true,
    datasets: summaries,
    results: [...records],
    bin: [...bin],
    undo: history.at(-1)?.text ?? null,
    redo: null,
    history: [...history],
    layout: {},
    recovered: options.recovered,
  });
  const changed = (): ProjectState => {
    emit('project.changed', state());
    return state();
  };

  const methods: Answers = {
    ...appAnswers(options),
    'project.state': state,
    'project.new': () => {
      summaries = [];
      records.length = 0;
      history.length = 0;
      return changed();
    },
    'project.layout': () => null,
    'project.undo': () => {
      history.pop();
      return changed();
    },
    'project.redo': changed,
    'dataset.open': ({ path }) => {
      const name = path.replace(/.*\//, '').replace(/\.\w+$/, '');
      if (!(name in synthetics)) {
        throw new EigenscopeError(
          'unsupported-format',
          `${name} starts with bytes that no reader knows. Export it as .hspy, .dm4 or .rpl and open that.`,
          { bytes: '00 01 02' },
        );
      }
      add(name);
      changed();
      return { opened: [opened(name)] };
    },
    'dataset.views': ({ dataset }) => opened(nameOf(dataset)),
    'dataset.image': ({ dataset, reduce, channels }) =>
      keep(imageOf(nameOf(dataset), reduce, channels), cubeOf(nameOf(dataset)).source.navigation),
    'dataset.metadata': () => ({
      metadata: {
        General: { title: 'map_03', date: '2026-05-02' },
        Acquisition_instrument: { TEM: { beam_energy: 200, camera_length: 30 } },
      },
      original: {
        ImageList: { TagGroup0: { ImageData: { Dimensions: [1024, 128, 128] }, Name: 'EELS Spectrum Image' } },
      },
    }),
    'dataset.axes': ({ dataset, axes }) => {
      summaries = summaries.map((s) =>
        s.id === dataset ? { ...s, axes: s.axes.map((a, i) => ({ ...a, ...(axes[i] ?? {}) })) } : s,
      );
      note('Set scale');
      return changed();
    },
    'prepare.check': ({ dataset, operation, parameters }) => prepared(dataset, operation, parameters).answer,
    'prepare.preview': ({ dataset, operation, parameters, at }) => {
      const { source, features, values } = cubeOf(nameOf(dataset));
      const made = prepared(dataset, operation, parameters);
      const pixel = at.reduce((index, v, i) => index * (source.navigation[i] ?? 1) + v, 0);
      const before = Float64Array.from(values.subarray(pixel * features, (pixel + 1) * features));
      const after = made.of(before);
      return {
        axes: made.axes,
        quantity: { name: 'Intensity', units: 'counts' },
        at: [...at],
        before: keep(before, source.signal),
        after: keep(after, [after.length]),
      };
    },
    'dataset.close': ({ dataset }) => {
      summaries = summaries.filter((s) => s.id !== dataset);
      note(`Close ${nameOf(dataset)}`);
      return changed();
    },
    'job.list': () => ({ jobs: options.job ? [job] : [] }),
    'job.check': () => ({
      problems: [],
      limits: {},
      bytes: 4e8,
      freeBytes: 6.1e9,
      scratchBytes: 0,
      seconds: 12,
      samples: 16384,
      features: 1024,
    }),
    'job.cancel': ({ job: id }) => {
      emit('job.changed', { ...job, id, status: 'cancelled' });
      return null;
    },
    'result.array': ({ result, name, columns }) => {
      const array = resultArrays.get(`${result} ${name}`);
      if (array === undefined) throw new EigenscopeError('not-found', `${result} has no ${name}.`);
      const url = `fake/${nextArray++}`;
      const [rows = 0, all = 1] = array.shape;
      const [first, end] = columns ?? [0, all];
      const isWhole = columns === null || (first === 0 && end >= all);
      const data = isWhole
        ? array.data
        : Float64Array.from(
            { length: rows * (end - first) },
            (_, i) => array.data[Math.floor(i / (end - first)) * all + first + (i % (end - first))] as number,
          );
      const shape = isWhole ? [...array.shape] : [rows, end - first];
      arrays.set(url, { dtype: array.dtype, shape, data });
      return { url, dtype: array.dtype as ArrayRef['dtype'], shape };
    },
    'result.residual': ({ result, components }) => {
      const found = records.find((r) => r.id === result);
      const name = nameOf((found?.dataset ?? 'd-map_03') as DatasetId);
      const { source } = cubeOf(name);
      const prefix = resultArrays.has(`${result} bss_factors`) ? 'bss_' : '';
      const arrayOf = (key: string) => resultArrays.get(`${result} ${prefix}${key}`);
      const left = residualOf(name, arrayOf('factors'), arrayOf('loadings'), components);
      return {
        map: keep(left.map, source.navigation),
        spectrum: keep(left.spectrum, source.signal),
        spread: keep(left.spread, source.signal),
        relativeError: left.relativeError,
      };
    },
    'dataset.pixels': ({ dataset, runs }) => {
      const name = nameOf(dataset);
      const { source } = cubeOf(name);
      const pixels = runs.flatMap((first, i) =>
        i % 2 === 0 ? Array.from({ length: (runs[i + 1] ?? first) - first }, (_, j) => first + j) : [],
      );
      const mean = meanOf(name, pixels);
      return { mean: keep(mean, source.signal), spread: keep(deviationOf(name, pixels, mean), source.signal) };
    },
    'dataset.mask': ({ dataset, runs, name, parent }) => {
      const { samples, source } = cubeOf(nameOf(dataset));
      const data = new Uint8Array(samples);
      for (let i = 0; i < runs.length; i += 2) data.fill(1, runs[i], runs[i + 1]);
      const id = `r-mask-${records.length}`;
      const about = { dtype: 'bool' as const, shape: [...source.navigation] };
      const scalars = { masked_pixels: data.reduce((n, v) => n + v, 0) };
      const arrays = { navigation_mask: about };
      const made = { kind: 'mask' as const, operation: 'navigation_mask', algorithm: null, parameters: {} };
      records.push(record(id, name, nameOf(dataset), { ...made, parent, arrays, scalars }));
      resultArrays.set(`${id} navigation_mask`, { ...about, data });
      note(`Make ${name}`);
      return changed();
    },
    'result.display': ({ result, display, what }) => {
      const at = records.findIndex((r) => r.id === result);
      const { display: _, ...before } = records[at] as ResultRecord;
      records[at] = display === null ? before : { ...before, display };
      note(`${what} of ${before.name}`);
      return changed();
    },
    'result.rename': ({ result, name }) => {
      const found = records.find((r) => r.id === result);
      if (found !== undefined) found.name = name;
      note(`Rename ${name}`);
      return changed();
    },
    'result.star': ({ result, starred }) => {
      const found = records.find((r) => r.id === result);
      if (found !== undefined) found.starred = starred;
      return changed();
    },
    'result.delete': ({ result }) => {
      const at = records.findIndex((r) => r.id === result);
      const [gone] = records.splice(at, 1);
      if (gone !== undefined) bin.push({ record: gone, deleted: new Date().toISOString() });
      note(`Delete ${gone?.name ?? ''}`);
      return changed();
    },
    'result.restore': ({ result }) => {
      const at = bin.findIndex((b) => (b.record.id as ResultId) === result);
      const [back] = bin.splice(at, 1);
      if (back !== undefined) records.push(back.record);
      return changed();
    },
  };

  return {
    async call(method, params) {
      const answer = methods[method] as ((p: unknown) => unknown) | undefined;
      if (answer === undefined)
        throw new EigenscopeError('not-found', `The fake client has no ${method}. Use the real services.`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return answer(params) as never;
    },
    on(event, listener) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set);
      set.add(listener as (payload: never) => void);
      return () => set.delete(listener as (payload: never) => void);
    },
    async array(url) {
      await new Promise((resolve) => setTimeout(resolve, 4));
      if (url.startsWith('live/')) return liveSpectrum(url);
      const found = arrays.get(url);
      if (found === undefined) throw new EigenscopeError('not-found', `There is no array ${url}.`);
      return found;
    },
  };
}
