/** What a host must supply; services know no host. */
export interface Platform {
  host: 'electron' | 'web' | 'cli';
  version: string;
  /** settings, recent files, autosaved projects; writable */
  dataFolder: string;
  /** the shipped assets (sample data, fonts, help) */
  assetsFolder: string;
  /** the built pool entry, a file */
  workerFile: string;
  /** the built entry of the threads of custom algorithms, a file */
  pluginFile: string;
  threads: number;
  freeMemory(): number;
  /** the most memory that data and results may take, bytes; left out: the user's setting, else a share of what is free */
  memoryLimit?: number;
  totalMemory(): number;
  /** native dialogs, or null where the page shows its own */
  dialogs: {
    open(options: { title: string; extensions: readonly string[]; folders?: boolean }): Promise<readonly string[]>;
    save(options: { title: string; name: string; extensions: readonly string[] }): Promise<string | null>;
  } | null;
  /** how often the files of open data are looked at, ms; every few seconds when left out */
  watchMs?: number;
  /** folders the page may list and open from; null = anywhere (dialogs decide) */
  roots: readonly string[] | null;
  log(line: string): void;
}
