import type { BaseWindow, Dialog, FileFilter, OpenDialogOptions } from 'electron';
import { basename, dirname } from 'node:path';
import { signalFormats } from '../../contract/signal-formats.ts';
import type { Platform } from '../../platform.ts';

/** A project is a folder; where a dialog cannot offer files and folders at once, this file in it stands for it. */
const projectFile = 'manifest.json';
const projectFolder = /\.eigenproject$/i;
/** What may be a folder. */
const folderExtensions = ['eigenproject', 'zspy', 'zarr'];

/** Filters of a dialog; "all files" comes last, because extensions in labs are often wrong. */
export function filtersOf(extensions: readonly string[]): FileFilter[] {
  const names = extensions.map((extension) => extension.replace(/^\./, '')).filter((name) => name !== '');
  const all: FileFilter = { name: 'All files', extensions: ['*'] };
  return names.length === 0 ? [all] : [{ name: 'Supported files', extensions: names }, all];
}

/** Filters of a dialog for saving: one for each format, so that choosing one gives the file its extension. */
export function saveFiltersOf(extensions: readonly string[]): FileFilter[] {
  if (extensions.length < 2) return filtersOf(extensions).filter((filter) => filter.extensions[0] !== '*');
  const filters: FileFilter[] = [];
  for (const extension of extensions) {
    const format = signalFormats.find((one) => one.extensions.includes(extension));
    const title = format?.title ?? extension.toUpperCase();
    const there = filters.find(({ name }) => name === title);
    if (there === undefined) filters.push({ name: title, extensions: [extension] });
    else there.extensions.push(extension);
  }
  return filters;
}

/** Files that stand for the Zarr store whose top they lie in. */
const storeFiles = ['.zgroup', '.zarray', '.zattrs', '.zmetadata', 'zarr.json'];

/** The project or store that was meant by choosing the file inside its folder; any other path as it is. */
export function folderOf(path: string): string {
  const folder = dirname(path);
  const isProject = basename(path) === projectFile && projectFolder.test(folder);
  return isProject || storeFiles.includes(basename(path)) ? folder : path;
}

/** The system's dialogs, over our window while there is one. */
export function createDialogs(
  dialog: Pick<Dialog, 'showOpenDialog' | 'showSaveDialog'>,
  window: () => BaseWindow | null,
  platform: NodeJS.Platform = process.platform,
): NonNullable<Platform['dialogs']> {
  return {
    async open({ title, extensions, folders = false }) {
      const names = extensions.map((extension) => extension.replace(/^\./, ''));
      // only macOS chooses files and folders in one dialog; elsewhere folders are asked for by themselves
      const offersFolders = names.some((name) => folderExtensions.includes(name)) && platform === 'darwin';
      const standIn = names.includes('eigenproject') && !offersFolders ? ['json'] : [];
      const options: OpenDialogOptions = folders
        ? { title, properties: ['openDirectory', 'multiSelections'] }
        : {
            title,
            filters: filtersOf([...extensions, ...standIn]),
            properties: ['openFile', 'multiSelections', ...(offersFolders ? ['openDirectory' as const] : [])],
          };
      const owner = window();
      const { canceled, filePaths } = await (owner === null
        ? dialog.showOpenDialog(options)
        : dialog.showOpenDialog(owner, options));
      return canceled ? [] : filePaths.map(folderOf);
    },
    async save({ title, name, extensions }) {
      const filters = saveFiltersOf(extensions);
      const options = { title, defaultPath: name, filters };
      const owner = window();
      const { canceled, filePath } = await (owner === null
        ? dialog.showSaveDialog(options)
        : dialog.showSaveDialog(owner, options));
      return canceled || filePath === '' ? null : filePath;
    },
  };
}
