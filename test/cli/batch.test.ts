import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { counts, npyBytes, openShell, recipeOf, svdStep } from './harness.ts';

const shell = openShell();

describe('eigenscope batch', { timeout: 120_000 }, () => {
  beforeAll(() => {
    shell.write('a.npy', npyBytes([8, 9, 16], counts([8, 9, 16])));
    shell.write('b.npy', npyBytes([5, 4, 12], counts([5, 4, 12])));
    shell.write('bad.npy', 'no array');
    shell.write('svd.json', recipeOf([svdStep], { outputs: [{ of: 'svd', file: 'svd.npz' }] }));
  });

  it('runs one recipe on many files, goes on past a bad one and says so with status 4', async () => {
    const { status, places } = await shell.run('batch', 'svd.json', 'a.npy', 'bad.npy', 'b.npy', '--out', 'night');
    expect(status).toBe(4);
    expect(places[0]).toMatch(/^a\.npy +done in/);
    expect(places[1]).toMatch(/^bad\.npy +failed: bad\.npy/);
    expect(places[2]).toMatch(/^b\.npy +done in/);
    expect(places[3]).toMatch(/^2 of 3 done/);
    for (const name of ['a', 'b']) {
      expect(existsSync(shell.path(`night/${name}/svd/factors.npy`))).toBe(true);
      expect(existsSync(shell.path(`night/${name}/svd.npz`))).toBe(true);
    }
    expect(existsSync(shell.path('night/bad'))).toBe(false);
  });

  it('ends with 0 when all went well, and refuses to replace results', async () => {
    expect((await shell.run('batch', 'svd.json', 'a.npy', '--out', 'good')).status).toBe(0);
    const { status, places } = await shell.run('batch', 'svd.json', 'a.npy', '--out', 'good');
    expect(status).toBe(4);
    expect(places[0]).toMatch(/failed: .*is already there/);
  });

  it('says what it takes, and refuses a wrong recipe once', async () => {
    expect(await shell.run('batch', 'svd.json')).toMatchObject({
      status: 2,
      error: expect.stringMatching(/RECIPE FILE/) as string,
    });
    shell.write('wrong.json', '{"eigenscope": 1}');
    expect((await shell.run('batch', 'wrong.json', 'a.npy')).status).toBe(2);
  });
});
