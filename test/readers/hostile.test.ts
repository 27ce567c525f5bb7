import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { elementCount, itemSize } from '../../workers/model/dtype.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import { gatanDm3Reader, gatanDm4Reader } from '../../workers/readers/gatan.ts';
import { msaReader } from '../../workers/readers/msa.ts';
import { npyReader } from '../../workers/readers/npy.ts';
import { npzReader } from '../../workers/readers/npz.ts';
import { loadCube, stats } from '../../workers/readers/pixels.ts';
import type { Reader } from '../../workers/readers/reader.ts';
import { rippleReader } from '../../workers/readers/ripple.ts';
import { buildDm3, buildDm4 } from './builders/dm.ts';
import { buildNpy, buildNpz } from './builders/numpy.ts';
import { buildMsa, buildRipple } from './builders/text.ts';
import { temporaryFiles } from './builders/temporary.ts';

/* Damaged files must be read or refused in words: never a crash, a hang or a wish for much memory. */

const { write } = temporaryFiles();
const mutants = 300;

/** Small repeatable generator (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** One of many kinds of damage: bits, bytes, words of extreme value, a cut, a piece doubled, zeroed or moved. */
function damage(bytes: Uint8Array, random: () => number): Buffer {
  const below = (n: number): number => Math.floor(random() * Math.max(1, n));
  // headers are at the front: most of the damage goes there
  const place = (): number => below(random() < 0.7 ? Math.min(bytes.length, 400) : bytes.length);
  const out = Buffer.from(bytes);
  const times = 1 + below(3);
  for (let i = 0; i < times; i++) {
    const at = place();
    switch (below(7)) {
      case 0:
        out[at] = out[at]! ^ (1 << below(8));
        break;
      case 1:
        out[at] = below(256);
        break;
      case 2:
        out.fill([0x00, 0xff, 0x7f, 0x80][below(4)]!, at, Math.min(out.length, at + [1, 2, 4, 8][below(4)]!));
        break;
      case 3:
        return out.subarray(0, at);
      case 4:
        return Buffer.concat([out.subarray(0, at), out.subarray(below(at)), out.subarray(at)]).subarray(
          0,
          2 * out.length,
        );
      case 5:
        return Buffer.concat([out.subarray(0, at), out.subarray(at + 1 + below(16))]);
      default:
        out.copyWithin(at, place(), Math.min(out.length, place() + 8));
    }
  }
  return out;
}

/** Reads everything there is to read; anything but a clean refusal is a failure. Returns whether it was refused. */
async function readAll(reader: Reader, path: string, size: number): Promise<boolean> {
  try {
    const { signals } = await reader.header(path, {});
    for (const signal of signals) {
      const bytes = elementCount(signal.shape) * itemSize(signal.dtype);
      // nothing is ever larger than its file, but for what was compressed
      expect(bytes).toBeLessThanOrEqual(1100 * size + 4096);
      expect(signal.shape.every((n) => Number.isSafeInteger(n) && n > 0)).toBe(true);
      await loadCube(signal, new SharedArrayBuffer(bytes));
      await stats(signal);
    }
    return false;
  } catch (error) {
    if (!(error instanceof EigenscopeError)) throw error;
    expect(error.message.length).toBeGreaterThan(20);
    expect(error.message.length).toBeLessThan(600);
    return true;
  }
}

const ripple = buildRipple({
  width: 4,
  height: 3,
  depth: 5,
  recordBy: 'vector',
  extra: { signal: 'EELS', title: 'x' },
});
const array = buildNpy({ shape: [3, 4, 5], dtype: 'uint16' });
const files: [string, Reader, Uint8Array, string][] = [
  ['DM3', gatanDm3Reader, buildDm3({ shape: [3, 4, 5], spectrumImage: true, signal: 'EELS' }), 'x.dm3'],
  ['DM4', gatanDm4Reader, buildDm4({ shape: [3, 4, 5], spectrumImage: true, signal: 'EELS' }), 'x.dm4'],
  ['DM4, big-endian', gatanDm4Reader, buildDm4({ shape: [3, 4], bigEndian: true }), 'y.dm4'],
  ['NPY', npyReader, array, 'x.npy'],
  ['NPY in Fortran order', npyReader, buildNpy({ shape: [3, 4, 5], fortranOrder: true, version: 2 }), 'y.npy'],
  ['NPZ', npzReader, buildNpz({ 'a.npy': array, 'b.npy': buildNpy({ shape: [4] }) }), 'x.npz'],
  ['NPZ, compressed', npzReader, buildNpz({ 'a.npy': array, 'b.npy': buildNpy({ shape: [4] }) }, true), 'y.npz'],
  ['ripple header', rippleReader, ripple.rpl, 'x.rpl'],
  ['MSA', msaReader, buildMsa({ values: [1, 2, 3, 4, 5], positions: [1, 2, 3, 4, 5] }), 'x.msa'],
];

describe.each(files)('damaged %s', (title, reader, bytes, name) => {
  it(`is read or refused in words, ${mutants} times`, async () => {
    if (name === 'x.rpl') write('x.raw', ripple.raw);
    expect(await readAll(reader, write(name, bytes), bytes.length)).toBe(false);
    const random = generator(title.length * 7919 + bytes.length);
    let refused = 0;
    for (let i = 0; i < mutants; i++) {
      const broken = damage(bytes, random);
      const size = broken.length + (name === 'x.rpl' ? ripple.raw.length : 0);
      try {
        if (await readAll(reader, write(name, broken), size)) refused++;
      } catch (error) {
        throw new Error(`mutant ${i}: ${broken.toString('base64').slice(0, 2000)}`, { cause: error });
      }
    }
    expect(refused).toBeGreaterThan(mutants / 10);
  });

  it('cut at every length is refused or read, and never grows', async () => {
    for (let length = 0; length < Math.min(bytes.length, 600); length += 7) {
      await readAll(reader, write(name, bytes.subarray(0, length)), bytes.length + ripple.raw.length);
    }
  });
});

const samples = fileURLToPath(new URL('../../../shared/samples/', import.meta.url));
const folders = ['dm', 'dm/1D', 'dm/2D', 'dm/3D', 'dm/nion', 'numpy', 'msa'].filter((folder) =>
  existsSync(samples + folder),
);
const byExtension: Readonly<Record<string, Reader>> = {
  dm3: gatanDm3Reader,
  dm4: gatanDm4Reader,
  npy: npyReader,
  npz: npzReader,
  msa: msaReader,
};
const small = folders
  .flatMap((folder) => readdirSync(samples + folder).map((name) => `${folder}/${name}`))
  .filter((path) => byExtension[path.split('.').at(-1)!] !== undefined && readFileSync(samples + path).length < 50_000);

describe.skipIf(small.length === 0)('damaged sample files', () => {
  it.each(small)('%s is read or refused in words', async (path) => {
    const bytes = readFileSync(samples + path);
    const random = generator(bytes.length);
    const extension = path.split('.').at(-1)!;
    for (let i = 0; i < 30; i++) {
      const broken = damage(bytes, random);
      await readAll(byExtension[extension]!, write(`sample.${extension}`, broken), broken.length);
    }
  });
});
