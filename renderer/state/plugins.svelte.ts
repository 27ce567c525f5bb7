/*
 * Custom algorithms: what is in the folders the user has added, and which of them may run.
 *   plugins.list              as the services answered last
 *   readPlugins()             asks for them; once at start, and whenever the dialog opens
 *   addPlugin()               asks for a plugin.json
 *   allowPlugin(plugin), removePlugin(plugin)
 * Descriptions of the allowed ones go into the registry, so that wizard, form and help find them like any other.
 */
import type { PluginInfo } from '../../main/contract/methods.ts';
import { customOf } from '../../workers/specs/plugin-manifest.ts';
import { setCustomAlgorithms } from '../../workers/specs/registry.ts';
import { choosePathsToOpen } from './choose-path.ts';
import { client } from './connection.ts';
import { attempt } from './toasts.svelte.ts';

class Plugins {
  list = $state.raw<readonly PluginInfo[]>([]);
}

export const plugins = new Plugins();

function take({ plugins: list }: { plugins: readonly PluginInfo[] }): void {
  const allowed = list.filter(({ state, manifest }) => state === 'allowed' && manifest !== null);
  const { algorithms, preprocessings } = customOf(allowed.map(({ manifest }) => manifest!));
  setCustomAlgorithms(algorithms, preprocessings);
  plugins.list = list;
}

export async function readPlugins(): Promise<void> {
  await attempt(async () => take(await client().call('plugins.list', {})));
}

export async function addPlugin(): Promise<void> {
  const [path] = await choosePathsToOpen('Choose the plugin.json of a custom algorithm', ['json']);
  if (path === undefined) return;
  const folder = path.replace(/[\\/][^\\/]*$/, '');
  await attempt(async () => take(await client().call('plugins.add', { folder })));
}

export async function allowPlugin({ folder, hash }: PluginInfo): Promise<void> {
  await attempt(async () => take(await client().call('plugins.allow', { folder, hash: hash ?? '' })));
}

export async function removePlugin({ folder }: PluginInfo): Promise<void> {
  await attempt(async () => take(await client().call('plugins.remove', { folder })));
}
