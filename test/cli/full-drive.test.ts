import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counts, npyBytes, openShell, recipeOf, svdStep } from './harness.ts';

const shell = openShell();
const minute = 120_000;
const small = shell.path('small');

const mount = (): void =>
  void execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32k', 'tmpfs', small], { stdio: 'pipe' });
const unmount = (): void => void execFileSync('umount', [small], { stdio: 'pipe' });

/** Why this account cannot make a drive of 32 KiB; null where it can. */
function whyNoSmallDrive(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can make a small drive';
  try {
    mkdirSync(small);
    mount();
    unmount();
    return null;
  } catch (error) {
    return `no small drive: ${(error as Error).message.split('\n')[0]}`;
  }
}

const reason = whyNoSmallDrive();
const why = reason === null ? '' : ` (skipped: ${reason})`;

/** Files, of any name, and how many bytes they hold. */
const left = (folder: string): string[] =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => statSync(join(folder, name)).isFile());

beforeAll(() => {
  shell.write('si.npy', npyBytes([20, 20, 16], counts([20, 20, 16])));
  shell.write('tiny.npy', npyBytes([3, 3, 4], counts([3, 3, 4])));
  shell.write('svd.json', recipeOf([svdStep]));
});

describe.skipIf(reason !== null)(`a full drive${why}`, { timeout: minute }, () => {
  beforeAll(mount);
  afterAll(unmount);

  const cases: Record<string, string[]> = {
    'the folder of a step': ['run', 'svd.json', '--out', 'small/out'],
    'an array': ['run', 'svd.json', '--out', 'wide', '--set', 'outputs=[{"of":"svd","file":"../small/s.npz"}]'],
    'a .hspy file': ['convert', 'larger.npy', 'small/s.hspy'],
    'a .npy file': ['convert', 'larger.npy', 'small/s.npy'],
    'a session': ['run', 'svd.json', '--set', 'outputs=[{"of":"*","file":"small/s.eigs"}]'],
    tables: ['run', 'svd.json', '--set', 'outputs=[{"of":"svd","file":"small/s.csv"}]'],
  };
  it.each(Object.keys(cases))('says so and leaves nothing: %s', async (name) => {
    shell.write('larger.npy', npyBytes([40, 40, 16], counts([40, 40, 16])));
    const { status, error, err } = await shell.run(...cases[name]!);
    expect([status, error.split('\n').length], err).toEqual([5, 1]);
    expect(error).toMatch(/^The drive is full: \S+ was not written\. Free some space/);
    // tables that are whole stay, and were listed
    expect(left(small).filter((file) => !/^s-(factors|loadings)\.csv$/.test(file))).toEqual([]);
  });

  it('keeps the old file when the new one does not fit', async () => {
    for (const file of left(small)) execFileSync('rm', [join(small, file)]);
    expect((await shell.run('convert', 'tiny.npy', 'small/kept.npy')).status).toBe(0);
    const full = await shell.run('convert', 'larger.npy', 'small/kept.npy', '--force');
    expect(full.status).toBe(5);
    expect(left(small)).toEqual(['kept.npy']);
    expect(statSync(shell.path('small/kept.npy')).size).toBe(128 + 3 * 3 * 4 * 4);
  });

  it('a drive that is read-only is found out before the work', async () => {
    execFileSync('mount', ['-o', 'remount,ro', small]);
    const { status, error, err } = await shell.run('run', 'svd.json', '--out', 'small/ro');
    expect([status, err.includes('Singular value')]).toEqual([5, false]);
    expect(error).toMatch(/cannot be written: the drive is read-only\. Choose another place/);
  });
});

describe.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('a folder without permission', () => {
  it('is found out before the work', { timeout: minute }, async () => {
    mkdirSync(shell.path('locked'));
    chmodSync(shell.path('locked'), 0o500);
    const { status, error } = await shell.run('run', 'svd.json', '--out', 'locked/out');
    expect([status, error]).toEqual([5, expect.stringMatching(/permission was denied\. Choose another place/)]);
    chmodSync(shell.path('locked'), 0o700);
  });
});
