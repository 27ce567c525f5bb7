/* Who may import what: the table of the house, as data. A test reads every import and applies it. */

export interface ImportRule {
  /** what the rule is about, shown when it is broken */
  name: string;
  /** files it holds for */
  applies(path: string): boolean;
  /** whether such a file may import this: a path relative to the project, or a package */
  allows(imported: string): boolean;
}

const isOwn = (imported: string): boolean => /^(main|renderer|workers|test|assets)\//.test(imported);
const inside =
  (...folders: string[]) =>
  (path: string): boolean =>
    folders.some((folder) => path.startsWith(`${folder}/`));

const pureFolders = inside('workers/model', 'workers/specs', 'workers/figure', 'main/contract');
// an estimate of memory and time is part of a description; some families share one
const isSpec = (path: string): boolean => /^workers\/algorithms\/.*\/(spec|estimate)\.ts$/.test(path);

/** The parts without files, windows, threads or packages: what the page may share with the pool. */
export const isPure = (path: string): boolean => pureFolders(path) || isSpec(path);

/** Arrays in memory: what preparation steps share with the readers. */
const isArrayCode = (path: string): boolean => /^workers\/readers\/(elements|permute|pixel-source)\.ts$/.test(path);

export const importRules: readonly ImportRule[] = [
  {
    name: 'the vocabulary (model, specs, figure, contract, every spec.ts) is pure: it imports only itself',
    applies: isPure,
    allows: isPure,
  },
  {
    name: 'workers/kernels stands alone',
    // what builds them is a script of its own
    applies: (path) => inside('workers/kernels')(path) && !path.endsWith('.mjs'),
    allows: (imported) => inside('workers/kernels', 'workers/model')(imported),
  },
  {
    name: 'workers/linalg and workers/algorithms know no files, no threads and no system',
    applies: inside('workers/linalg', 'workers/algorithms'),
    allows: (imported) =>
      isOwn(imported)
        ? inside('workers')(imported) &&
          (isArrayCode(imported) || !inside('workers/readers', 'workers/tasks')(imported))
        : imported === 'ml-matrix',
  },
  {
    name: 'workers import nothing of main or renderer, and not Electron',
    applies: inside('workers'),
    allows: (imported) => (isOwn(imported) ? inside('workers')(imported) : imported !== 'electron'),
  },
  {
    name: 'main imports nothing of renderer',
    applies: inside('main'),
    allows: (imported) => !inside('renderer', 'test')(imported),
  },
  {
    name: 'pixels are read by threads: what has to be unpacked or computed would keep the window waiting',
    applies: inside('main'),
    allows: (imported) => !/^workers\/readers\/(pixels|derived-pixels)\.ts$/.test(imported),
  },
  {
    name: 'services know no host',
    applies: (path) => inside('main/services', 'main/io')(path) || path === 'main/app.ts' || path === 'main/router.ts',
    allows: (imported) => !inside('main/hosts')(imported),
  },
  {
    name: 'only main/hosts/electron imports Electron',
    applies: (path) => !inside('main/hosts/electron')(path),
    allows: (imported) => !/^electron(\/|$)/.test(imported),
  },
  {
    name: 'the renderer imports itself, the contract, pure parts of workers, Svelte and ECharts',
    applies: inside('renderer'),
    allows: (imported) =>
      isOwn(imported)
        ? inside('renderer', 'assets')(imported) || isPure(imported)
        : /^(svelte|echarts)(\/|$)/.test(imported),
  },
];
