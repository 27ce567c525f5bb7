import type {
  JobId,
  DatasetId,
  JobState,
  MethodName,
  Params,
  PluginInfo,
  Result,
} from '../../main/contract/methods.ts';
import { readManifest } from '../../workers/specs/plugin-manifest.ts';
import type { FakeOptions } from './fake-client.ts';
import { cubeOf } from './fake-cubes.ts';
import { synthetics } from './synthetic.ts';

/* Answers of the fake client that do not depend on the project: the program, files, algorithms of one's own, a job. */

export type Answers = { [M in MethodName]?: (params: Params<M>) => Result<M> };

export const job: JobState = {
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
export function appAnswers(options: FakeOptions): Answers {
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

  return {
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
  };
}
