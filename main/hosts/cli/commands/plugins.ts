import { mkdir } from 'node:fs/promises';
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { EigenscopeError } from '../../../../workers/model/errors.ts';
import { parseArguments } from '../arguments.ts';
import type { Context } from '../context.ts';

const actions = ['add', 'allow', 'remove'];

/** Custom algorithms: lists them, adds a folder, allows what is in it now, or forgets it. */
export async function plugins(args: readonly string[], context: Context): Promise<void> {
  const parsed = parseArguments(args, { json: 'switch' });
  const [action, given, ...more] = parsed.positional;
  const known = await context.plugins();
  if (action !== undefined) {
    if (!actions.includes(action) || given === undefined || more.length > 0) {
      throw new EigenscopeError(
        'bad-request',
        `plugins takes nothing, or one of ${actions.join(', ')} and a FOLDER; got ${parsed.positional.join(' ')}.`,
      );
    }
    await mkdir(context.platform.dataFolder, { recursive: true });
    const folder = resolve(given);
    if (action === 'remove') await known.remove(folder);
    else await known.add(folder);
    if (action === 'allow') {
      const real = realpathSync(folder);
      const found = (await known.list()).find((one) => one.folder === real);
      await known.allow(folder, found?.hash ?? '');
    }
  }
  const list = await known.list();
  if (parsed.switches.has('json')) {
    context.print(JSON.stringify({ plugins: list }, null, 1));
    return;
  }
  if (list.length === 0) context.print('There are no custom algorithms. Add one: eigenscope plugins add FOLDER');
  for (const { folder, manifest, state, problem, hash } of list) {
    const name = manifest === null ? '?' : `${manifest.id} ${manifest.version}`;
    context.print(`${state.padEnd(8)} ${name.padEnd(24)} ${hash?.slice(0, 12) ?? ''.padEnd(12)}  ${folder}`);
    if (problem !== null) context.print(`         ${problem}`);
  }
}
