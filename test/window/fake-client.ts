import type { Client, LoadedArray } from '../../main/contract/client.ts';
import type {
  ArrayRef,
  DatasetId,
  DatasetSummary,
  EventName,
  Events,
  JobId,
  JobState,
  MethodName,
  OpenedDataset,
  Params,
  PluginInfo,
  ProjectState,
  Result,
  ResultId,
} from '../../main/contract/methods.ts';
import { readManifest } from '../../workers/specs/plugin-manifest.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import { featureCount, sampleCount } from '../../workers/model/signal.ts';
import { fakeResults } from './fake-results.ts';
import { synthetics, type Synthetic } from './synthetic.ts';

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

interface Cube {
  source: Synthetic;
  samples: number;
  features: number;
  values: Float32Array;
}

export function createFakeClient(options: FakeOptions): Client {
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const arrays = new Map<string, LoadedArray>();
  const cubes = new Map<string, Cube>();
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

  function cubeOf(name: string): Cube {
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

  function summaryOf(name: string): DatasetSummary {
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
  const nameOf = (id: DatasetId): string => id.slice(2);

  function image(name: string, reduce: 'sum' | 'mean' | 'max', channels: readonly [number, number] | null): ArrayRef {
    const { samples, features, values, source } = cubeOf(name);
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
    return keep(out, source.navigation);
  }

  function meanOf(name: string, pixels: readonly number[], isSum = false): Float64Array {
    const { features, values } = cubeOf(name);
    const out = new Float64Array(features);
    for (const p of pixels) for (let c = 0; c < features; c++) out[c] = (out[c] ?? 0) + (values[p * features + c] ?? 0);
    return isSum ? out : out.map((v) => v / pixels.length);
  }

  const opened = (name: string): OpenedDataset => {
    const { samples, source } = cubeOf(name);
    const all = Array.from({ length: samples }, (_, i) => i);
    return {
      summary: summaryOf(name),
      image: { ...image(name, 'sum', null), preview: false },
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

  /** Crop and normalise along the signal axis, as the services do; other steps leave the data as they are. */
  function prepared(dataset: DatasetId, operation: string, parameters: Params<'prepare.check'>['parameters']) {
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

  const job: JobState = {
    id: 'j1' as JobId,
    name: 'NMF 6',
    dataset: 'd-map_03' as DatasetId,
    algorithm: 'NMF',
    status: 'running',
    phase: 'iteration 124 of 200',
    fraction: 0.62,
    elapsedSeconds: 20,
    leftSeconds: 14,
    curve: Array.from({ length: 124 }, (_, i) => [i + 1, 1200 + 900 * Math.exp(-i / 14)]).flat(),
    canKeep: true,
    result: null,
    error: null,
  };

  const files = Object.keys(synthetics).map((name, i) => ({
    name: `${name}.dm4`,
    path: `/data/session 12/${name}.dm4`,
    folder: false,
    data: false,
    bytes: 4e6 * (i + 1),
    modified: '2026-10-02T10:00:00Z',
  }));

  const example = readManifest({
    eigenscope: 1,
    id: 'successive_projections',
    version: '1.0.0',
    title: 'Successive projections',
    summary: 'Takes the most different measured spectra as factors and fits every pixel with them.',
    module: 'index.mjs',
  });
  let pluginList: readonly PluginInfo[] = [
    { folder: '/home/lab/algorithms/spa', hash: '5f'.repeat(32), manifest: example, state: 'allowed', problem: null },
    {
      folder: '/home/lab/algorithms/vca',
      hash: 'a7'.repeat(32),
      manifest: { ...example, id: 'vca', title: 'Vertex component analysis', version: '0.3' },
      state: 'changed',
      problem: 'Its files have changed since it was allowed.',
    },
  ];

  const methods: { [M in MethodName]?: (params: Params<M>) => Result<M> } = {
    'plugins.list': () => ({ plugins: pluginList }),
    'plugins.allow': ({ folder }) => {
      pluginList = pluginList.map((one) => (one.folder === folder ? { ...one, state: 'allowed', problem: null } : one));
      return { plugins: pluginList };
    },
    'plugins.remove': ({ folder }) => {
      pluginList = pluginList.filter((one) => one.folder !== folder);
      return { plugins: pluginList };
    },
    'app.info': () => ({
      version: '0.1.0',
      host: options.web ? 'web' : 'electron',
      platform: 'linux',
      threads: 8,
      freeBytes: 6.1e9,
      totalBytes: 16e9,
      formats: [
        { id: 'hspy', title: 'HyperSpy', extensions: ['hspy'] },
        { id: 'gatan-dm4', title: 'Gatan DM4', extensions: ['dm3', 'dm4'] },
        { id: 'msa', title: 'EMSA/MSA', extensions: ['msa'] },
        { id: 'numpy', title: 'NumPy', extensions: ['npy', 'npz'] },
        { id: 'ripple', title: 'Ripple', extensions: ['rpl'] },
      ],
      sample: '/app/map_03.dm4',
      roots: options.web ? ['/data'] : null,
      recent: [
        { path: '/home/lab/Pt-ceria.eigenproject', name: 'Pt-ceria', opened: '2026-11-21T09:12:00Z' },
        {
          path: '/home/lab/CdTe grain boundary.eigenproject',
          name: 'CdTe grain boundary',
          opened: '2026-11-20T16:40:00Z',
        },
        { path: '/data/session 12/map_03.dm4', name: 'map_03.dm4', opened: '2026-11-18T16:40:00Z' },
      ],
      settings: options.settings,
    }),
    'app.settings': ({ settings }) => settings,
    'dialog.open': () => ({ paths: ['/data/session 12/map_03.dm4'] }),
    'dialog.save': () => ({ path: null }),
    'files.list': () => ({
      folder: '/data/session 12',
      parent: '/data',
      entries: [
        {
          name: 'older',
          path: '/data/session 12/older',
          folder: true,
          data: false,
          bytes: 0,
          modified: '2026-09-02T10:00:00Z',
        },
        {
          name: 'Pt-ceria.eigenproject',
          path: '/data/session 12/Pt-ceria.eigenproject',
          folder: true,
          data: false,
          bytes: 0,
          modified: '2026-09-02T10:00:00Z',
        },
        ...files,
      ],
    }),
    'file.info': ({ path }) => {
      const name = path.replace(/.*\//, '').replace(/\.\w+$/, '');
      const { source } = cubeOf(name);
      const one = {
        index: 0,
        title: name,
        shape: source.axes.map((a) => a.size),
        dtype: 'uint16' as const,
        axes: source.axes,
        bytes: 3e7,
        options: null,
      };
      const haadf = {
        ...one,
        index: 1,
        title: 'HAADF',
        shape: [128, 128],
        axes: source.axes.slice(0, 2),
        bytes: 32768,
      };
      return { format: 'gatan-dm4', signals: name === 'stack_11' ? [one, haadf] : [one] };
    },
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
    'dataset.image': ({ dataset, reduce, channels }) => image(nameOf(dataset), reduce, channels),
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
      const { samples, features, values, source } = cubeOf(nameOf((found?.dataset ?? 'd-map_03') as DatasetId));
      const prefix = resultArrays.has(`${result} bss_factors`) ? 'bss_' : '';
      const factors = resultArrays.get(`${result} ${prefix}factors`);
      const loadings = resultArrays.get(`${result} ${prefix}loadings`);
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
        map: keep(
          map.map((v) => Math.sqrt(v / features)),
          source.navigation,
        ),
        spectrum: keep(spectrum, source.signal),
        spread: keep(spread.map(Math.sqrt), source.signal),
        relativeError: Math.sqrt(leftOver / all),
      };
    },
    'dataset.pixels': ({ dataset, runs }) => {
      const { features, values, source } = cubeOf(nameOf(dataset));
      const pixels = runs.flatMap((first, i) =>
        i % 2 === 0 ? Array.from({ length: (runs[i + 1] ?? first) - first }, (_, j) => first + j) : [],
      );
      const mean = meanOf(nameOf(dataset), pixels);
      const spread = new Float64Array(features);
      for (const p of pixels) {
        for (let c = 0; c < features; c++)
          spread[c] = (spread[c] ?? 0) + ((values[p * features + c] ?? 0) - (mean[c] ?? 0)) ** 2;
      }
      const deviation = spread.map((v) => Math.sqrt(v / (pixels.length - 1)));
      return { mean: keep(mean, source.signal), spread: keep(deviation, source.signal) };
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

  function live(url: string): LoadedArray {
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
      if (url.startsWith('live/')) return live(url);
      const found = arrays.get(url);
      if (found === undefined) throw new EigenscopeError('not-found', `There is no array ${url}.`);
      return found;
    },
  };
}
