import { existsSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import type { DType } from '../../model/dtype.ts';
import { openHdf5, type Hdf5File } from '../hdf5-open.ts';
import { describeDataset } from '../hdf5-values.ts';
import { openChunks, type Chunks } from './open-chunks.ts';

const mostLinks = 8;

interface Place {
  path: string;
  dataset: string;
}

/** Where the first link into another file on the way to a data set leads; null without one, or when it leaves the folder. */
export function linkedPlace(file: Hdf5File, dataset: string): Place | null {
  const parts = dataset.split('/').filter((part) => part !== '');
  for (let i = 1; i <= parts.length; i++) {
    const link = file.module.get_external_link(file.id, `/${parts.slice(0, i).join('/')}`) as {
      filename?: string;
      obj_path?: string;
    };
    if (link.filename === undefined || link.obj_path === undefined) continue;
    const folder = resolve(dirname(file.path));
    const path = resolve(folder, link.filename);
    const target = `/${[link.obj_path.replace(/^\/+|\/+$/g, ''), ...parts.slice(i)].join('/')}`;
    return path.startsWith(folder.endsWith(sep) ? folder : folder + sep) && existsSync(path)
      ? { path, dataset: target }
      : null;
  }
  return null;
}

/**
 * The chunks of a data set that a link finds in another file of the same folder, as the master files of detectors do.
 * @returns null where it is not there, has another shape, or cannot be read without the library
 * @throws EigenscopeError file errors of that file
 */
export async function openLinkedChunks(
  file: Hdf5File,
  dataset: string,
  shape: readonly number[],
  dtype: DType,
  left = mostLinks,
): Promise<Chunks | null> {
  const place = left > 0 ? linkedPlace(file, dataset) : null;
  if (place === null) return null;
  const home = await openHdf5(place.path);
  try {
    const further = await openLinkedChunks(home, place.dataset, shape, dtype, left - 1);
    if (further !== null) return further;
    const type = describeDataset(home, place.dataset);
    return type.shape?.join() === shape.join() ? openChunks(home, place.dataset, type, dtype) : null;
  } finally {
    home.close();
  }
}
