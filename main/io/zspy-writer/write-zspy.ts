import { lstat, readdir } from 'node:fs/promises';
import { EigenscopeError } from '../../../workers/model/errors.ts';
import { writeAtomically, writeFolderAtomically, type WriteOptions } from '../atomic-write.ts';
import type { AttributeValue, GroupNode, Hdf5Node } from '../hdf5-writer/tree.ts';
import { hspyTree, type HspyFile } from '../hspy-writer.ts';
import { folderSink, zipSink, type ZarrSink } from './sink.ts';
import { putArray, putTexts } from './zarr-array.ts';

/** Zarr's own reader for version 2 takes ASCII alone. */
const encode = (text: string): Uint8Array =>
  new TextEncoder().encode(
    text.replaceAll(/[^\n\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );

/** A value as Python reads it back: floats keep their point, NaN and infinities are bare words. */
function jsonOf(value: AttributeValue): string {
  if (value.kind !== 'float') return JSON.stringify(value.value);
  const text = Object.is(value.value, -0) ? '-0' : String(value.value);
  return /[.eN]|Infinity/.test(text) ? text : `${text}.0`;
}

const attributesOf = (attributes: ReadonlyMap<string, AttributeValue>): string => {
  const lines = [...attributes].map(([name, value]) => `    ${JSON.stringify(name)}: ${jsonOf(value)}`);
  return `{\n${lines.join(',\n')}\n}`;
};

/** Names become names of files: what a drive of another system would refuse, or Zarr reads as something else, is replaced. */
const fileName = (name: string): string => {
  // eslint-disable-next-line no-control-regex
  const clean = name.replaceAll(/[\\:*?"<>|\u0000-\u001f]/g, '-');
  return clean.startsWith('.') ? `_${clean}` : clean;
};

async function putNode(sink: ZarrSink, key: string, node: Hdf5Node): Promise<void> {
  if (node.kind === 'dataset') return putArray(sink, key, node);
  if (node.kind === 'texts') return putTexts(sink, key, node);
  const below = key === '' ? '' : `${key}/`;
  await sink.put(`${below}.zgroup`, encode('{\n    "zarr_format": 2\n}'));
  if (node.attributes.size > 0) await sink.put(`${below}.zattrs`, encode(attributesOf(node.attributes)));
  const taken = new Set<string>();
  for (const [name, child] of node.children) {
    const wanted = fileName(name);
    let free = wanted;
    // names that differ in their case alone are one name on some drives
    for (let n = 1; taken.has(free.toLowerCase()); n++) free = `${wanted}-${n}`;
    taken.add(free.toLowerCase());
    await putNode(sink, `${below}${free}`, child);
  }
}

async function writeTree(sink: ZarrSink, root: GroupNode): Promise<void> {
  await putNode(sink, '', root);
  await sink.end();
}

/** Refuses to replace a folder that is something else than a store: it would be gone as a whole. */
async function checkReplaceable(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (!found?.isDirectory()) return;
  const names = await readdir(path).catch(() => []);
  if (names.length === 0 || names.some((name) => ['.zgroup', '.zattrs', '.zarray', 'zarr.json'].includes(name))) return;
  throw new EigenscopeError(
    'exists',
    `${path} is a folder with other things in it, not a Zarr store, and is not replaced. Choose another name.`,
    { path },
  );
}

/** How a store is kept. HyperSpy 1.7 opens folders, RosettaSciIO zips as well. */
export interface ZspyOptions extends WriteOptions {
  container?: 'folder' | 'zip';
}

/**
 * Writes signals as a HyperSpy store (.zspy, Zarr version 2), whole or not at all: as a folder, or as one zip. Pixels are
 * streamed chunk by chunk; with learning results, HyperSpy has them at hand after loading.
 * @throws EigenscopeError `exists` (also for a folder that is no store), `disk-full`, `not-writable`, `shape-mismatch`
 */
export async function writeZspy(path: string, file: HspyFile, options: ZspyOptions): Promise<void> {
  const root = hspyTree(file, 'ZSpy');
  await checkReplaceable(path);
  if (options.container === 'zip') {
    await writeAtomically(path, options, (handle) => writeTree(zipSink(handle), root));
  } else {
    await writeFolderAtomically(path, options, (folder) => writeTree(folderSink(folder), root));
  }
}
