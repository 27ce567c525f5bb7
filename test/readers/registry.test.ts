import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allReaders, openHeader } from '../../workers/readers/registry.ts';
import { buildDm3, buildDm4 } from './builders/dm.ts';
import { buildNpy, buildNpz } from './builders/numpy.ts';
import { buildMsa, buildRipple } from './builders/text.ts';
import { temporaryFiles } from './builders/temporary.ts';

const { write, folder } = temporaryFiles();
const npy = buildNpy({ shape: [2, 3] });

describe('openHeader', () => {
  it.each([
    ['numpy', npy],
    ['numpy', buildNpz({ 'a.npy': npy })],
    ['gatan-dm3', buildDm3({ shape: [2, 3] })],
    ['gatan-dm4', buildDm4({ shape: [2, 3] })],
    ['msa', buildMsa({ values: [1, 2] })],
  ])('finds %s by its bytes whatever the file is called', async (format, bytes) => {
    for (const name of ['data', 'data.txt', 'data.hspy', 'data.dm3', 'data.raw']) {
      expect((await openHeader(write(name, bytes))).format).toBe(format);
    }
  });

  it('names a file, its first bytes and what can be opened when it knows no format', async () => {
    const opening = openHeader(write('notes.xyz', 'Dear diary'));
    await expect(opening).rejects.toMatchObject({ code: 'unsupported-format' });
    await expect(opening).rejects.toThrow(/notes\.xyz.*“Dear dia”.*\.npy/);
    await expect(openHeader(write('paper.xyz', '%PDF-1.7'))).rejects.toThrow(/paper\.xyz is a PDF.*“%PDF-1\.7”/);
    await expect(openHeader(write('a.xyz', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0])))).rejects.toThrow(
      /gzip archive.*Unpack it first/,
    );
  });

  it.each([
    ['Andor Technology Multi-Channel File', 'Andor'],
    ['\n\n\xfe\xfe\0\0\0\0', 'Bruker OPUS'],
    ['PEPE2D constant interval DataSet file', 'PerkinElmer'],
    ['CDF\x01\0\0\0\0', 'netCDF 3'],
    ['\x1c\x01\0\0APBDATA', 'JEOL'],
    ['BZh91AY&SY', 'bzip2'],
    ['SIMPLE  =                    T', 'FITS'],
  ])('says what a file that begins with %j is', async (start, name) => {
    const opening = openHeader(write('foreign.bin', Buffer.from(start.padEnd(64, '\0'), 'latin1')));
    await expect(opening).rejects.toMatchObject({ code: 'unsupported-format', message: expect.stringContaining(name) });
  });

  it('says what the description of an EMPAD recording is and where its numbers are', async () => {
    const xml = '<root name="scan"><timestamp isoformat="2019-06-06"/><raw_file filename="scan_x4_y4.raw"/></root>';
    await expect(openHeader(write('scan.xml', xml))).rejects.toThrow(/EMPAD.*\.raw.*130 rows/);
  });

  it('refuses an empty file, a missing one and a folder in words', async () => {
    await expect(openHeader(write('empty.npy', ''))).rejects.toThrow(/empty\.npy is empty/);
    await expect(openHeader(join(folder, 'nowhere.npy'))).rejects.toMatchObject({ code: 'file-not-found' });
    const inside = join(folder, 'folder');
    mkdirSync(inside);
    await expect(openHeader(inside)).rejects.toMatchObject({ code: 'not-readable' });
    const empty = join(folder, 'folder.zspy');
    mkdirSync(empty);
    await expect(openHeader(empty)).rejects.toThrow(/holds no Zarr data/);
  });

  it.skipIf(process.platform === 'win32')('refuses a pipe instead of waiting for it', async () => {
    const pipe = join(folder, 'pipe.npy');
    execFileSync('mkfifo', [pipe]);
    await expect(openHeader(pipe)).rejects.toThrow(/pipe\.npy is a device or a pipe/);
  });

  it('opens a ripple pair from its data', async () => {
    const { rpl, raw } = buildRipple({ width: 2, height: 2, depth: 3, recordBy: 'vector' });
    write('both.rpl', rpl);
    expect((await openHeader(write('both.raw', raw))).format).toBe('ripple');
  });
});

describe.each(allReaders.map((reader) => [reader.title, reader] as const))('every reader: %s', (_, reader) => {
  it('has an id, extensions in lower case without a dot, and a title', () => {
    expect(reader.id).toMatch(/^[a-z0-9-]+$/);
    expect(reader.title.length).toBeGreaterThan(3);
    for (const extension of reader.extensions) expect(extension).toMatch(/^[a-z0-9]+$/);
  });

  it('never throws on foreign bytes when probing', () => {
    for (const length of [0, 1, 3, 7, 12, 15, 16, 4096]) {
      for (const fill of [0, 0x20, 0x7f, 0xff]) {
        const sure = reader.probe(new Uint8Array(length).fill(fill), 'foreign.bin');
        expect(sure).toBeGreaterThanOrEqual(0);
        expect(sure).toBeLessThan(0.5);
      }
    }
  });
});
