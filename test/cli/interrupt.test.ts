import { once } from 'node:events';
import { existsSync, readdirSync, truncateSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { counts, npyBytes, openShell, recipeOf, svdStep } from './harness.ts';

const shell = openShell();
const minute = 120_000;

/** Waits until something is so; the test's own timeout ends a wait in vain. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(20);
}

const unfinished = (): string[] =>
  readdirSync(shell.folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.part'));

describe.skipIf(process.platform === 'win32')('Ctrl+C', { timeout: minute }, () => {
  beforeAll(() => {
    shell.write('si.npy', npyBytes([8, 9, 16], counts([8, 9, 16])));
    shell.write('large.npy', npyBytes([128, 128, 1024], counts([128, 128, 1024])));
    // 8 GB of zeros that take no room
    shell.write('vast.npy', npyBytes([1], counts([1]), [2000, 1000, 1000]));
    truncateSync(shell.path('vast.npy'), 128 + 8e9);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('%s in a long run keeps and lists what was finished', async (signal) => {
    const long = { ...svdStep, id: 'long', of: 'large', parameters: { svd_solver: 'full' } };
    const inputs = { si: { file: 'si.npy' }, large: { file: 'large.npy' } };
    const outputs = [{ of: 'svd', file: 'svd.npz' }];
    shell.write('long.json', recipeOf([svdStep, long], { inputs, outputs }));
    const { child, err, ended } = shell.start('run', 'long.json', '--out', signal);
    await until(() => err().includes('long: Singular value'));
    await wait(100);
    const asked = performance.now();
    child.kill(signal);
    const { status, places, error, err: all } = await ended;
    // a busy computer is slow, but not as slow as the decomposition
    expect(performance.now() - asked).toBeLessThan(10_000);
    expect(status, all).toBe(130);
    expect(error).toBe('cancelled; what had been finished before is kept.');
    expect(places).toEqual([shell.path(`${signal}/svd`)]);
    expect(readdirSync(shell.path(signal))).toEqual(['svd']);
    expect(existsSync(shell.path(`${signal}/svd/scalars.json`))).toBe(true);
  });

  it('while a file is being written leaves nothing of it', async () => {
    const { child, ended } = shell.start('convert', 'vast.npy', 'copy.npy');
    await until(() => unfinished().length > 0);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ status: 130, places: [] });
    expect(unfinished()).toEqual([]);
    expect(existsSync(shell.path('copy.npy'))).toBe(false);
  });

  it('a reader that stops listening does not end the work', async () => {
    shell.write('short.json', recipeOf([svdStep, { ...svdStep, id: 'again' }]));
    const { child, ended } = shell.start('run', 'short.json', '--out', 'short', '--progress', 'none');
    child.stdout!.destroy();
    await once(child, 'exit');
    expect(await ended).toMatchObject({ status: 0, err: '' });
    expect(readdirSync(shell.path('short'))).toEqual(['again', 'svd']);
  });
});
