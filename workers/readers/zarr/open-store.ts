import { statSync } from 'node:fs';
import { openFolderStore } from './folder-store.ts';
import type { ZarrStore } from './store.ts';
import { openZipStore } from './zip-store.ts';

/**
 * Opens a folder or a zip as a store; whether it holds Zarr is for the caller to see.
 * @throws EigenscopeError `file-not-found`, `not-readable`, `truncated-file`, `corrupt-file`
 */
export function openZarrStore(path: string): ZarrStore {
  const info = statSync(path, { throwIfNoEntry: false });
  return info?.isDirectory() ? openFolderStore(path) : openZipStore(path);
}
