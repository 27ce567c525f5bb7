import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Seed } from '../seeds.ts';

/* Public sample files, where they are beside the project, each with all the files it leads to. */

const folder = fileURLToPath(new URL('../../../../shared/samples/', import.meta.url));
/** Sample files larger than this are left out: the limits are for files below it. */
const largest = 10 * 2 ** 20;

interface Entry {
  path: string;
  format: string;
  companions?: string[];
}

/** Files that a reader looks for beside another one and that the manifest does not name. */
const alsoBeside: Readonly<Record<string, readonly string[]>> = {
  'edax/synthetic_map_2byte.spd': ['edax/Live Map 2_Img.ipr', 'edax/single_spect.spc'],
};
/** Names by which the companions would be found. */
const namesBeside: Readonly<Record<string, string>> = {
  'edax/Live Map 2_Img.ipr': 'synthetic_map_2byte_Img.ipr',
  'edax/single_spect.spc': 'synthetic_map_2byte.spc',
};

const bytesOf = (path: string): Uint8Array | null => {
  const found = statSync(folder + path, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size < largest ? readFileSync(folder + path) : null;
};

/** Companions that are data sets of their own as well. */
const isOpenedAlone = (path: string): boolean => /\.(ser|pts|img|map|raw)$/i.test(path);

function seedOf(path: string, companions: readonly string[]): Seed[] {
  const bytes = bytesOf(path);
  if (bytes === null) return [];
  const files: Record<string, Uint8Array> = { [basename(path)]: bytes };
  for (const companion of companions) {
    const other = bytesOf(companion);
    if (other !== null) files[namesBeside[companion] ?? relative(dirname(path), companion)] = other;
  }
  return [{ name: path, files }];
}

/** A store in a folder: the description of its array comes first. */
function storeSeed(path: string, filesOfStore: readonly string[]): Seed[] {
  const name = basename(path);
  const isDescription = (file: string): number => (file.endsWith('data/.zarray') ? 0 : 1);
  const sorted = filesOfStore.toSorted((a, b) => isDescription(a) - isDescription(b));
  return [
    {
      name: path,
      files: Object.fromEntries(sorted.map((file) => [join(name, file), readFileSync(join(folder, path, file))])),
    },
  ];
}

/** Every sample file as a seed, by format; none where the samples are not. */
export function sampleSeeds(): Map<string, Seed[]> {
  const seeds = new Map<string, Seed[]>();
  if (!existsSync(`${folder}manifest.json`)) return seeds;
  const { files } = JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8')) as { files: Entry[] };
  for (const { path, format, companions = [] } of files) {
    const beside = [...companions, ...(alsoBeside[path] ?? [])];
    const isFolder = statSync(folder + path, { throwIfNoEntry: false })?.isDirectory() === true;
    const found = isFolder
      ? storeSeed(
          path,
          readdirSync(folder + path, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => relative(folder + path, join(entry.parentPath, entry.name))),
        )
      : seedOf(path, beside);
    const alone = companions.filter(isOpenedAlone).flatMap((companion) => seedOf(companion, []));
    seeds.set(format, [...(seeds.get(format) ?? []), ...found, ...alone]);
  }
  return seeds;
}
