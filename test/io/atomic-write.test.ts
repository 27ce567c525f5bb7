import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeAtomically, writeFolderAtomically } from '../../main/io/atomic-write.ts';
import { dataset, group } from '../../main/io/hdf5-writer/tree.ts';
import { writeHdf5 } from '../../main/io/hdf5-writer/write-hdf5.ts';
import { writeNpy } from '../../main/io/npy-writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'eigenscope-atomic-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const put = (text: string) => async (file: { writeFile(data: string): Promise<void> }) => file.writeFile(text);

/** Mounts need root and a kernel that allows them here. */
function mountTmpfs(path: string, options: string): boolean {
  try {
    mkdirSync(path);
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
const unmount = (path: string) => {
  try {
    execFileSync('umount', [path], { stdio: 'ignore' });
  } catch {
    // Nothing was mounted.
  }
};

describe('writeAtomically', () => {
  it('writes a new file', async () => {
    const path = join(folder, 'new.txt');
    await writeAtomically(path, { overwrite: false }, put('first'));
    expect(readFileSync(path, 'utf8')).toBe('first');
  });

  it('refuses an existing file without overwrite, before anything is computed', async () => {
    const path = join(folder, 'there.txt');
    writeFileSync(path, 'old');
    let called = false;
    const write = async () => {
      called = true;
    };
    await expect(writeAtomically(path, { overwrite: false }, write)).rejects.toMatchObject({ code: 'exists' });
    expect(called).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  it('does not replace a file that appeared while it wrote', async () => {
    const path = join(folder, 'race.txt');
    const write = async () => writeFileSync(path, 'theirs');
    await expect(writeAtomically(path, { overwrite: false }, write)).rejects.toMatchObject({ code: 'exists' });
    expect(readFileSync(path, 'utf8')).toBe('theirs');
  });

  it('replaces with overwrite and keeps the permissions of the old file', async () => {
    const path = join(folder, 'mode.txt');
    writeFileSync(path, 'old');
    chmodSync(path, 0o640);
    await writeAtomically(path, { overwrite: true }, put('new'));
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it('keeps the old file and leaves nothing else when writing fails', async () => {
    const place = join(folder, 'failing');
    mkdirSync(place);
    const path = join(place, 'kept.txt');
    writeFileSync(path, 'old');
    const write = async (file: { writeFile(data: string): Promise<void> }) => {
      await file.writeFile('half of the ne');
      throw new Error('stopped');
    };
    await expect(writeAtomically(path, { overwrite: true }, write)).rejects.toThrow('stopped');
    expect(readdirSync(place)).toEqual(['kept.txt']);
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  it('writes through a link to the file it points at', async () => {
    const target = join(folder, 'target.txt');
    const link = join(folder, 'link.txt');
    writeFileSync(target, 'old');
    symlinkSync(target, link);
    await writeAtomically(link, { overwrite: true }, put('new'));
    expect(readFileSync(target, 'utf8')).toBe('new');
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it.each([
    ['a folder that is not there', () => join(folder, 'no', 'where.txt')],
    ['a path under a file', () => join(folder, 'new.txt', 'below.txt')],
    ['a name that is too long', () => join(folder, 'x'.repeat(400))],
    ['a folder in its place', () => join(folder, 'failing')],
  ])('%s is not writable, in a sentence', async (_name, path) => {
    const failure = writeAtomically(path(), { overwrite: true }, put('x'));
    await expect(failure).rejects.toMatchObject({
      name: 'EigenscopeError',
      code: expect.stringMatching(/^not-writable$/),
    });
  });
});

describe('writeFolderAtomically', () => {
  it('replaces a folder as a whole, or leaves it', async () => {
    const path = join(folder, 'results');
    await writeFolderAtomically(path, { overwrite: false }, async (at) => writeFileSync(join(at, 'a'), '1'));
    await expect(writeFolderAtomically(path, { overwrite: false }, async () => undefined)).rejects.toMatchObject({
      code: 'exists',
    });
    const failing = writeFolderAtomically(path, { overwrite: true }, async (at) => {
      writeFileSync(join(at, 'b'), '2');
      throw new Error('stopped');
    });
    await expect(failing).rejects.toThrow('stopped');
    expect(readdirSync(path)).toEqual(['a']);
    await writeFolderAtomically(path, { overwrite: true }, async (at) => writeFileSync(join(at, 'c'), '3'));
    expect(readdirSync(path)).toEqual(['c']);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

const small = join(folder, 'small');
const isSmall = process.platform === 'linux' && mountTmpfs(small, 'size=256k');
describe.skipIf(!isSmall)('on a full drive (needs root to mount one)', () => {
  afterAll(() => unmount(small));

  it.each([
    [
      'a .npy file',
      (path: string) => writeNpy(path, 'float64', [200_000], new Float64Array(200_000), { overwrite: true }),
    ],
    [
      'an HDF5 file',
      (path: string) =>
        writeHdf5(path, group({}, { a: dataset('float64', [200_000], new Float64Array(200_000)) }), {
          overwrite: true,
        }),
    ],
    [
      'a folder',
      (path: string) =>
        writeFolderAtomically(path, { overwrite: true }, async (at) =>
          writeFileSync(join(at, 'a'), Buffer.alloc(2 ** 20)),
        ),
    ],
  ])('%s fails as disk-full, the old one stays and the space is free again', async (name, write) => {
    const path = join(small, name.split(' ').at(-1)!);
    if (name === 'a folder') mkdirSync(path);
    else writeFileSync(path, 'old');
    await expect(write(path)).rejects.toMatchObject({ name: 'EigenscopeError', code: 'disk-full' });
    expect(existsSync(path)).toBe(true);
    if (name !== 'a folder') expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(small).filter((entry) => entry.endsWith('.part'))).toEqual([]);
  });
});

const fixed = join(folder, 'fixed');
const isFixed = process.platform === 'linux' && mountTmpfs(fixed, 'ro');
describe.skipIf(!isFixed)('on a read-only drive (needs root to mount one)', () => {
  afterAll(() => unmount(fixed));

  it('nothing can be written, and it says why', async () => {
    const failure = writeAtomically(join(fixed, 'a.txt'), { overwrite: false }, put('x'));
    await expect(failure).rejects.toMatchObject({
      code: 'not-writable',
      message: expect.stringContaining('read-only'),
    });
  });
});
