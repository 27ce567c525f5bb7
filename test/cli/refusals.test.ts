import { existsSync, mkdirSync, readdirSync, truncateSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeHollowHdf5 } from '../readers/builders/hollow-hdf5.ts';
import { counts, npyBytes, openShell, recipeOf, svdStep } from './harness.ts';

/* What can go wrong, one case a line: what is typed, the exit status, what the one line on standard error says. */

const shell = openShell();
const shape = [8, 9, 16];
const data = counts(shape);
const minute = 120_000;

/** Everything in the working folder, hidden leftovers included. */
const listing = (): string[] => readdirSync(shell.folder, { recursive: true }).map(String).sort();

async function refused(status: number, says: RegExp, ...args: string[]): Promise<void> {
  const before = listing();
  const done = await shell.run(...args);
  expect(done.error, done.err).toMatch(says);
  expect(done.error.split('\n')).toHaveLength(1);
  expect(done.status, done.err).toBe(status);
  expect(done.err).not.toMatch(/^\s+at |internal error/m);
  expect(done.out).toBe('');
  expect(listing()).toEqual(before);
}

beforeAll(() => {
  const good = npyBytes(shape, data);
  shell.write('si.npy', good);
  shell.write('ok.json', recipeOf([svdStep]));
  mkdirSync(shell.path('folder'));
});

describe('a wrong command line', { timeout: minute }, () => {
  it.each<[RegExp, ...string[]]>([
    [/no command “decomposee”; there are info, convert/, 'decomposee'],
    [/no flag --outt here; there are --out/, 'run', 'ok.json', '--outt', 'x'],
    [/no flag --k here; .*--output_dimension/, 'decompose', 'si.npy', '--k', '3'],
    [/run takes RECIPE; got nothing/, 'run'],
    [/--threads takes a whole number from 1; got “0”/, 'info', 'si.npy', '--threads', '0'],
    [/--seed takes a whole number from 0; got “-1”/, 'run', 'ok.json', '--out', 'x', '--seed', '-1'],
    [/--progress takes json, none or auto/, 'info', 'si.npy', '--progress', 'loud'],
    [/no algorithm XVD for decomposition\. The algorithms are SVD/, 'decompose', 'si.npy', '--algorithm', 'XVD'],
    [/^--centre: centre must be one of navigation, signal; got "both"/, 'decompose', 'si.npy', '--centre', 'both'],
    [/^--output_dimension: .* from 1 to 16 .*; got 17/, 'decompose', 'si.npy', '--output_dimension', '17'],
    [/c\.xyz: data are written as \.hspy, .*\.npy, .*\.tif, \.rpl/, 'convert', 'si.npy', 'c.xyz'],
    [/--signal 4: si\.npy holds 1 signals/, 'convert', 'si.npy', 'c.npy', '--signal', '4'],
    [/--probe 0:8,0,0: the signal's shape is 8 × 9 × 16/, 'info', 'si.npy', '--probe', '0:8,0,0'],
    [/--set takes path=value/, 'run', 'ok.json', '--set', 'seed'],
    [/absent\.json is not there/, 'run', 'absent.json', '--out', 'x'],
    [/folder is a folder; a recipe is a JSON file/, 'run', 'folder', '--out', 'x'],
    [/si\.npy is not JSON/, 'run', 'si.npy', '--out', 'x'],
  ])('%s', (says, ...args) => refused(2, says, ...args));
});

describe('a wrong recipe is refused before anything is read, with the place in it', { timeout: minute }, () => {
  const parameters = (given: object): object[] => [{ ...svdStep, parameters: given }];
  const model = { id: 'model', do: 'get_decomposition_model', of: 'svd' };
  // there is no such file: a run that read its inputs first would say so instead
  const nowhere = { inputs: { si: { file: 'absent.npy' } } };
  it.each<[RegExp, string]>([
    [/is not JSON: .*position 1/, '{'],
    [/recipe: must be an object; got null/, 'null'],
    [/inputs: must be an object; got nothing/, '{"eigenscope": 1}'],
    [/eigenscope: must be 1, .*; got 2/, recipeOf([svdStep], { ...nowhere, eigenscope: 2 })],
    [/recipe\.stpes: is not known here; known are eigenscope, seed, inputs, steps/, recipeOf([], { stpes: [] })],
    [/inputs\.si\.fil: is not known here/, recipeOf([svdStep], { inputs: { si: { fil: 'x' } } })],
    [/steps\[1\]\.id: “svd” is used already/, recipeOf([svdStep, svdStep], nowhere)],
    [
      /steps\[0\]\.of: names “model”; before this step there are si/,
      recipeOf([{ ...svdStep, of: 'model' }, model], nowhere),
    ],
    [/steps\[0\]\.id: may hold letters/, recipeOf([{ ...svdStep, id: '../up' }], nowhere)],
    [/steps\[0\]\.do: There is no operation decompose\./, recipeOf([{ ...svdStep, do: 'decompose' }], nowhere)],
    [/steps\[0\]\.algorithm: There is no algorithm XVD/, recipeOf([{ ...svdStep, algorithm: 'XVD' }], nowhere)],
    [
      /steps\[0\]\.parameters\.output_dimension: .* whole number from 1 .*; got 0/,
      recipeOf(parameters({ output_dimension: 0 }), nowhere),
    ],
    [/steps\[0\]\.parameters\.centr: There is no parameter centr/, recipeOf(parameters({ centr: 'signal' }), nowhere)],
    [
      /steps\[0\]\.parameters\.centre: .*normalize_poissonian_noise/,
      recipeOf(parameters({ centre: 'signal', normalize_poissonian_noise: true }), nowhere),
    ],
    [
      /steps\[0\]\.parameters\.signal_mask: names “constructor”; the inputs are si/,
      recipeOf(parameters({ signal_mask: 'constructor' }), nowhere),
    ],
    [/steps\[0\]\.of: .* needs a decomposition; “si” is an input/, recipeOf([{ ...model, of: 'si' }], nowhere)],
    [
      /steps\[2\]\.of: .* needs a decomposition; “model” is a model/,
      recipeOf([svdStep, model, { ...model, id: 'again', of: 'model' }], nowhere),
    ],
    [
      /steps\[1\]\.of: “decomposition” needs an input \(si\); “svd” is a decomposition/,
      recipeOf([svdStep, { ...svdStep, id: 'again', of: 'svd' }], nowhere),
    ],
    [
      /outputs\[0\]\.file: a model .* can be written as \.hspy, .*\.npy, .*\.tif, .*; got “m\.xyz”/,
      recipeOf([svdStep, model], { ...nowhere, outputs: [{ of: 'model', file: 'm.xyz' }] }),
    ],
    [
      /outputs\[1\]\.file: .*s\.npz would be written twice/,
      recipeOf([svdStep], { ...nowhere, outputs: [1, 2].map(() => ({ of: 'svd', file: 's.npz' })) }),
    ],
    [
      /outputs\[0\]\.of: names “bss”; there are si, svd and \*/,
      recipeOf([svdStep], { outputs: [{ of: 'bss', file: 'b.npz' }] }),
    ],
  ])('%s', async (says, recipe) => {
    shell.write('wrong.json', recipe);
    await refused(2, says, 'run', 'wrong.json', '--out', 'x');
  });

  it('a shape that does not fit the file is the fault of the recipe', async () => {
    const inputs = { si: { file: 'si.npy', navigationShape: [7, 9] } };
    shell.write('shape.json', recipeOf([svdStep], { inputs }));
    await refused(2, /^inputs\.si: .*7 × 9 does not divide the 1152 values/, 'run', 'shape.json', '--out', 'x');
    shell.write('shape.json', recipeOf([svdStep], { inputs: { si: { file: 'si.npy', signal: 3 } } }));
    await refused(2, /^inputs\.si\.signal: si\.npy holds 1 signals/, 'run', 'shape.json', '--out', 'x');
  });

  it('takes the mark that editors on Windows put before the text', async () => {
    shell.write('marked.json', `\ufeff${recipeOf([svdStep])}`);
    expect((await shell.run('run', 'marked.json', '--out', 'marked')).status).toBe(0);
  });

  it('a run that would write nothing', () =>
    refused(2, /no outputs, so nothing would be written.*--out DIR/, 'run', 'ok.json'));
});

describe('an input that cannot be read', { timeout: minute }, () => {
  const good = npyBytes(shape, data);
  const flipped = Buffer.from(good);
  flipped[3] = flipped[3]! ^ 0x10;
  const files: Record<string, [Uint8Array, RegExp]> = {
    'empty.npy': [new Uint8Array(), /empty\.npy is empty \(0 bytes\)/],
    'short.npy': [good.subarray(0, 1000), /short\.npy is shorter than its header says: 1000 of 4736 bytes/],
    'flipped.npy': [flipped, /flipped\.npy .*\./],
    'promising.npy': [npyBytes(shape, data, [8, 9, 99]), /4736 of 28640 bytes are there/],
    'endless.npy': [npyBytes(shape, data, [2 ** 40, 2 ** 40, 16]), /endless\.npy .*\./],
    'letter.npy': [Buffer.from('Dear Sir or Madam'), /letter\.npy .*\./],
    'letter.dm4': [Buffer.from('Dear Sir or Madam'), /letter\.dm4 .*\./],
    'letter.hspy': [Buffer.from('Dear Sir or Madam'), /letter\.hspy .*\./],
  };
  it('a file that is not there', () => refused(3, /absent\.npy is not there/, 'info', 'absent.npy'));
  it('a folder', () => refused(3, /folder .*\./, 'info', 'folder'));
  it.each(Object.keys(files))('%s', async (name) => {
    const [bytes, says] = files[name]!;
    shell.write(name, bytes);
    await refused(3, says, 'decompose', name, '--out', 'x');
  });
  it('a mask that is not there', () =>
    refused(3, /absent\.npy is not there/, 'decompose', 'si.npy', '--navigation_mask', 'absent.npy', '--out', 'x'));
  it('a session that is another file', () => refused(3, /not a session of Eigenscope/, 'session', 'si.npy'));
  it('a session that is cut short', async () => {
    shell.write('session.json', recipeOf([svdStep], { outputs: [{ of: '*', file: 's.eigs' }] }));
    expect((await shell.run('run', 'session.json')).status).toBe(0);
    truncateSync(shell.path('s.eigs'), 3000);
    await refused(3, /s\.eigs is not a sound archive.*Copy it again/, 'session', 's.eigs');
  });
  it('reads a file whose name has the wrong extension by its content', async () => {
    shell.write('renamed.dm4', good);
    const { status, out } = await shell.run('info', 'renamed.dm4', '--json');
    expect([status, (JSON.parse(out) as { format: string }).format]).toEqual([0, 'numpy']);
  });
});

describe('data that the algorithm cannot run on', { timeout: minute }, () => {
  const changed = (value: number): Buffer =>
    npyBytes(
      shape,
      data.map((v, i) => (i === 20 ? value : v)),
    );
  const mask = (of: readonly number[], value: 0 | 1): Buffer =>
    npyBytes(of, new Uint8Array(of.reduce((a, b) => a * b, 1)).fill(value));
  beforeAll(() => {
    shell.write('nan.npy', changed(NaN));
    shell.write('infinite.npy', changed(-Infinity));
    shell.write('negative.npy', changed(-2));
    shell.write('one-pixel.npy', npyBytes([1, 1, 16], counts([16])));
    shell.write('all.npy', mask([8, 9], 1));
    shell.write('turned.npy', mask([9, 8], 0));
    shell.write('channels.npy', mask([16], 1));
    // 1.3 TB in a file of some hundred bytes
    writeHollowHdf5(shell.path('hollow.h5'), [400, 1000, 400_000]);
    // 400 GB of holes: the file is as long as its header says and takes no room
    shell.write('vast.npy', npyBytes([1], counts([1]), [100_000, 1000, 1000]));
    truncateSync(shell.path('vast.npy'), 128 + 4e11);
  });
  it.each<[RegExp, ...string[]]>([
    [/^SVD: 1 of 1152 values is not a finite number \(NaN or infinity\), in 1 of 72 pixels\. Mask/, 'nan.npy'],
    [/^SVD: 1 of 1152 values is not a finite number/, 'infinite.npy'],
    [
      /values? (is|are) negative \(the lowest is -2\).*Switch the scaling off/,
      'negative.npy',
      '--normalize_poissonian_noise',
    ],
    [/The data have 1 pixel;.* at least 2/, 'one-pixel.npy'],
    [/All 72 pixels are masked.*Clear the navigation mask/, 'si.npy', '--navigation_mask', 'all.npy'],
    [/All 16 channels are masked.*mask/, 'si.npy', '--signal_mask', 'channels.npy'],
    [/navigation_mask has shape \(9, 8\); \(8, 9\) is needed/, 'si.npy', '--navigation_mask', 'turned.npy'],
    [/needs about \d+ MiB and \d+ MiB are free\. .*(crop|bin)/, 'hollow.h5'],
    [/holds 160000000000 values, too many/, 'si.npy', '--navigation_mask', 'hollow.h5'],
    [/needs about \d+ MiB and \d+ MiB are free\. .*(crop|bin)/, 'vast.npy'],
  ])('%s', (says, file, ...flags) => refused(4, says, 'decompose', file, ...flags, '--out', 'x'));

  it('keeps the steps before the one that fails, and lists them', async () => {
    shell.write(
      'second.json',
      recipeOf([svdStep, { ...svdStep, id: 'bad', of: 'hole' }], {
        inputs: { si: { file: 'si.npy' }, hole: { file: 'nan.npy' } },
      }),
    );
    const { status, places, error } = await shell.run('run', 'second.json', '--out', 'second');
    expect([status, places]).toEqual([4, [shell.path('second/svd')]]);
    expect(error).toMatch(/^bad: 1 of 1152/);
    expect(readdirSync(shell.path('second'))).toEqual(['svd']);
  });
});

describe('an output that cannot be written', { timeout: minute }, () => {
  it('is refused where something is, until --force', async () => {
    const args = ['run', 'ok.json', '--out', 'twice'];
    expect((await shell.run(...args)).status).toBe(0);
    await refused(5, /twice\/svd is already there\. .*\(--force\)/, ...args);
    expect((await shell.run(...args, '--force')).status).toBe(0);
    expect((await shell.run('convert', 'si.npy', 'copy.npy')).status).toBe(0);
    await refused(5, /copy\.npy is already there/, 'convert', 'si.npy', 'copy.npy');
  });
  it('is refused before the work where it can be seen', async () => {
    await refused(5, /si\.npy is a file, not a folder/, 'run', 'ok.json', '--out', 'si.npy/x');
    shell.write(
      'late.json',
      recipeOf([svdStep], { inputs: { si: { file: 'nan.npy' } }, outputs: [{ of: 'svd', file: 'copy.npz/s.npz' }] }),
    );
    shell.write('copy.npz', '');
    await refused(5, /copy\.npz is a file, not a folder/, 'run', 'late.json');
  });
  it('is refused where the folder is not there or takes no files', async () => {
    await refused(5, /none\/c\.npy cannot be written: the folder does not exist/, 'convert', 'si.npy', 'none/c.npy');
    // /proc takes no folders, not even from root
    if (existsSync('/proc/self')) await refused(5, /cannot be written/, 'run', 'ok.json', '--out', '/proc/eigenscope');
  });
});
