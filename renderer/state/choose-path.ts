/*
 * Asking for a path, natively where the host can, else in the page.
 *   choosePathsToOpen(title, extensions, folders?)  chosen paths, possibly none; folders: of data that are kept as one
 *   choosePathToSave(title, name, extensions)       path with an extension, or null
 */
import { hasNativeDialogs } from './app.svelte.ts';
import { client } from './connection.ts';
import { askForFile } from './dialogs.svelte.ts';
import { withExtension } from './path-kinds.ts';

export async function choosePathsToOpen(
  title: string,
  extensions: readonly string[],
  folders = false,
): Promise<readonly string[]> {
  if (hasNativeDialogs()) {
    return (await client().call('dialog.open', { title, extensions, ...(folders ? { folders } : {}) })).paths;
  }
  const path = await askForFile({ mode: 'open', title, name: '', extensions, button: 'Open' });
  return path === null ? [] : [path];
}

export async function choosePathToSave(
  title: string,
  name: string,
  extensions: readonly string[],
): Promise<string | null> {
  const path = hasNativeDialogs()
    ? (await client().call('dialog.save', { title, name, extensions })).path
    : await askForFile({ mode: 'save', title, name, extensions, button: 'Save' });
  return path === null ? null : withExtension(path, extensions);
}
