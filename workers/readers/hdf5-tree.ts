import { EigenscopeError } from '../model/errors.ts';
import { explainHdf5Failure } from './hdf5-errors.ts';
import type { Hdf5File } from './hdf5-open.ts';

export type Hdf5Kind = 'group' | 'dataset' | 'datatype' | 'broken-link' | 'external-link' | 'missing';

const mostObjects = 100_000;
const deepest = 64;

export const childPath = (group: string, name: string): string => (group === '/' ? `/${name}` : `${group}/${name}`);

/** What stands at a path; links are followed. */
export function kindOf(file: Hdf5File, path: string): Hdf5Kind {
  const { module, id } = file;
  let type: number;
  try {
    type = path === '/' ? module.H5G_GROUP : module.get_type(id, path);
  } catch (thrown) {
    const error = explainHdf5Failure(file.path, `what is at ${path}`, thrown);
    if (error.cause instanceof WebAssembly.RuntimeError) throw error;
    return 'missing';
  }
  if (type === module.H5G_GROUP) return 'group';
  if (type === module.H5G_DATASET) return 'dataset';
  if (type === module.H5G_TYPE) return 'datatype';
  if (type === module.H5G_LINK) return 'broken-link';
  if (type === module.H5G_UDLINK) return 'external-link';
  return 'missing';
}

/** Names in a group, in the order of creation where the file keeps it, else by name. */
export function childNames(file: Hdf5File, group: string): string[] {
  try {
    return file.module.get_names(file.id, group, false);
  } catch (thrown) {
    throw explainHdf5Failure(file.path, `the group ${group}`, thrown);
  }
}

export interface Hdf5Entry {
  path: string;
  kind: Hdf5Kind;
}

/** File address of an object: two names of one object (hard or soft links) have the same. */
export function objectAddress(file: Hdf5File, path: string): bigint {
  try {
    const reference = file.module.create_object_reference(file.id, path);
    return new DataView(Uint8Array.from(reference).buffer).getBigUint64(0, true);
  } catch (thrown) {
    throw explainHdf5Failure(file.path, path, thrown);
  }
}

/** Whether a part of the path is a link into another file. */
export function leadsOutside(file: Hdf5File, path: string): boolean {
  const parts = path.split('/').filter((part) => part !== '');
  try {
    return parts.some((_, i) => {
      const link = file.module.get_external_link(file.id, `/${parts.slice(0, i + 1).join('/')}`) as {
        filename?: string;
      };
      return link.filename !== undefined;
    });
  } catch (thrown) {
    throw explainHdf5Failure(file.path, path, thrown);
  }
}

/**
 * All objects below a group, depth first, under all their names; a link back to a group that holds it is not followed.
 * @throws EigenscopeError corrupt-file when there are more than 100 000
 */
export function walkHdf5(file: Hdf5File, root = '/'): Hdf5Entry[] {
  const entries: Hdf5Entry[] = [];
  const visit = (path: string, above: readonly bigint[]): void => {
    const kind = kindOf(file, path);
    const address = kind === 'group' ? objectAddress(file, path) : -1n;
    if (above.includes(address)) return;
    entries.push({ path, kind });
    if (entries.length > mostObjects) {
      throw new EigenscopeError('corrupt-file', `${file.path} lists more than ${mostObjects} objects.`, {
        path: file.path,
      });
    }
    if (kind !== 'group' || above.length >= deepest) return;
    for (const name of childNames(file, path)) visit(childPath(path, name), [...above, address]);
  };
  visit(root, []);
  return entries;
}
