import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Metadata } from '../../workers/model/signal.ts';
import type { AppInfo } from '../contract/methods.ts';
import { leastMemory } from './memory.ts';
import type { KeptPlugin } from './plugins.ts';
import { writeAtomically } from '../io/atomic-write.ts';

type Recent = AppInfo['recent'][number];

interface Kept {
  recent: Recent[];
  /** what the window keeps: theme, scale, last used parameters; opaque here */
  window: Metadata;
  /** the project folder in use; still set after a crash */
  openProject: string | null;
  /** folders of custom algorithms, and which files of theirs were allowed */
  plugins: readonly KeptPlugin[];
}

export interface Settings {
  recent(): readonly Recent[];
  noteRecent(path: string, name?: string): Promise<void>;
  window(): Metadata;
  setWindow(settings: Metadata): Promise<void>;
  /** whether scratch files may be written without being asked for each time */
  writesScratch(): boolean;
  /** the most memory that data and results may take, bytes, as the window keeps it under `memoryLimit`; null = a share of what is free */
  memoryLimit(): number | null;
  openProject(): string | null;
  setOpenProject(folder: string | null): Promise<void>;
  plugins(): readonly KeptPlugin[];
  setPlugins(plugins: readonly KeptPlugin[]): Promise<void>;
}

const mostRecent = 12;

/** Settings of this user on this computer; a damaged file counts as none, because nothing in it is worth refusing to start. */
export async function openSettings(dataFolder: string): Promise<Settings> {
  const file = join(dataFolder, 'settings.json');
  const kept: Kept = { recent: [], window: {}, openProject: null, plugins: [] };
  try {
    const read = JSON.parse(await readFile(file, 'utf8')) as Partial<Kept>;
    if (Array.isArray(read.recent))
      kept.recent = read.recent.filter((r) => typeof r?.path === 'string').slice(0, mostRecent);
    if (typeof read.window === 'object' && read.window !== null) kept.window = read.window;
    if (typeof read.openProject === 'string') kept.openProject = read.openProject;
    if (Array.isArray(read.plugins)) {
      kept.plugins = read.plugins.filter(
        (p) => typeof p?.folder === 'string' && (p.hash === null || typeof p.hash === 'string'),
      );
    }
  } catch {
    // a first start, or a file that cannot be understood
  }
  let writing: Promise<void> = Promise.resolve();
  const write = (): Promise<void> => {
    writing = writing
      .catch(() => {})
      .then(() =>
        writeAtomically(file, { overwrite: true }, async (handle) => {
          await handle.writeFile(JSON.stringify(kept, null, 1));
        }),
      )
      .then(() => undefined);
    return writing;
  };
  return {
    recent: () => kept.recent,
    noteRecent(path, name = basename(path)) {
      const opened = new Date().toISOString();
      kept.recent = [{ path, name, opened }, ...kept.recent.filter((r) => r.path !== path)].slice(0, mostRecent);
      return write();
    },
    window: () => kept.window,
    writesScratch: () => kept.window['writesScratch'] === true,
    setWindow(settings) {
      kept.window = settings;
      return write();
    },
    memoryLimit() {
      const bytes = kept.window['memoryLimit'];
      return typeof bytes === 'number' && bytes >= leastMemory ? bytes : null;
    },
    openProject: () => kept.openProject,
    plugins: () => kept.plugins,
    setPlugins(plugins) {
      kept.plugins = plugins;
      return write();
    },
    setOpenProject(folder) {
      kept.openProject = folder;
      return write();
    },
  };
}
