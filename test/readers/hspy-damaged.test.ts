import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { dataset, group, text } from '../../main/io/hdf5-writer/tree.ts';
import { writeHdf5 } from '../../main/io/hdf5-writer/write-hdf5.ts';
import { writeHspy } from '../../main/io/hspy-writer.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import { hdf5Reader } from '../../workers/readers/hdf5.ts';
import { hspyReader } from '../../workers/readers/hspy.ts';
import { readHspyLearningResults } from '../../workers/readers/learning-results-hspy.ts';
import { openPixels } from '../../workers/readers/pixels.ts';
import { temporaryFiles } from './builders/temporary.ts';

const files = temporaryFiles();
let sound: Uint8Array = new Uint8Array(0);

/** 32 bits of a fixed sequence (xorshift): the same mutants on every run. */
function sequence(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

async function makeSound(): Promise<Uint8Array> {
  const path = join(files.folder, 'sound.hspy');
  await writeHspy(
    path,
    {
      signals: [
        {
          title: 'map',
          signalType: 'EELS',
          shape: [4, 5, 30],
          dtype: 'uint16',
          axes: [
            { name: 'y', units: 'nm', size: 4, navigate: true, scale: 1, offset: 0 },
            { name: 'x', units: 'nm', size: 5, navigate: true, scale: 1, offset: 0 },
            { name: 'Energy', units: 'eV', size: 30, navigate: false, scale: 0.5, offset: 100 },
          ],
          metadata: { Sample: { elements: ['Fe', 'Pt'] }, list: [1, 2, 3], mixed: [1, 'a', [2]] },
          originalMetadata: { a: 'text', b: { c: 1.5, d: null } },
          data: Uint16Array.from({ length: 600 }, (_, i) => i * 3),
          learning: {
            arrays: { factors: { dtype: 'float64', shape: [30, 2], data: new Float64Array(60).fill(2) } },
            scalars: { output_dimension: 2 },
          },
          provenance: '{"eigenscope":1}',
        },
      ],
    },
    { overwrite: true },
  );
  // A Buffer would share its bytes with its slices.
  return new Uint8Array(readFileSync(path));
}

/** Everything a person would do with a file: header, all pixels, learning results. */
async function readEverything(path: string): Promise<void> {
  const { signals } = await hdf5Reader.header(path, {});
  for (const signal of signals) {
    const source = await openPixels(signal);
    try {
      // Only what a window would ask for: the first plane.
      const rest = signal.shape.map((size, axis) => (axis === 0 ? Math.min(1, size) : Math.min(size, 64)));
      source.read(
        signal.shape.map(() => 0),
        rest,
      );
    } finally {
      source.close();
    }
  }
  await readHspyLearningResults(path).catch((thrown: unknown) => {
    if (!(thrown instanceof EigenscopeError && thrown.code === 'not-found')) throw thrown;
  });
}

type Outcome = 'read' | string;

async function outcomeOf(path: string): Promise<Outcome> {
  try {
    await readEverything(path);
    return 'read';
  } catch (thrown) {
    if (thrown instanceof EigenscopeError) return thrown.code;
    throw thrown;
  }
}

beforeAll(async () => {
  sound = await makeSound();
});

describe('damaged HyperSpy files', () => {
  it('the sound one is read', async () => {
    expect(await outcomeOf(files.write('again.hspy', sound))).toBe('read');
  });

  it.each([
    ['an empty file', (): Uint8Array => new Uint8Array(0), 'truncated-file'],
    ['eight bytes', () => sound.subarray(0, 8), 'corrupt-file'],
    ['the first half', () => sound.subarray(0, sound.length / 2), 'truncated-file'],
    ['all but the last byte', () => sound.subarray(0, sound.length - 1), 'truncated-file'],
    [
      'a picture under another name',
      (): Uint8Array => Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...new Uint8Array(600)),
      'unsupported-format',
    ],
    ['text under another name', () => new TextEncoder().encode('energy, counts\n'.repeat(99)), 'unsupported-format'],
    ['zeros', () => new Uint8Array(5000), 'unsupported-format'],
  ])('%s is refused', async (_name, bytes, code) => {
    const path = files.write('bad.hspy', bytes());
    await expect(hspyReader.header(path, {})).rejects.toMatchObject({ name: 'EigenscopeError', code });
  });

  it('a file that is not there and a folder are told apart', async () => {
    await expect(hspyReader.header(join(files.folder, 'nowhere.hspy'), {})).rejects.toMatchObject({
      code: 'file-not-found',
    });
    await expect(hspyReader.header(files.folder, {})).rejects.toMatchObject({ code: 'not-readable' });
  });

  it('an HDF5 file of somebody else is refused by the HyperSpy reader and named', async () => {
    const path = join(files.folder, 'other.h5');
    await writeHdf5(path, group({}, { a: dataset('float32', [2], Float32Array.of(1, 2)) }), { overwrite: true });
    await expect(hspyReader.header(path, {})).rejects.toMatchObject({ code: 'unsupported-format' });
  });

  it(
    '400 mutants (flipped bits, overwritten and cut bytes) are read or refused in plain words, never worse',
    { timeout: 120_000 },
    async () => {
      const random = sequence(20_261_121);
      const outcomes = new Map<Outcome, number>();
      for (let n = 0; n < 400; n++) {
        const bytes = sound.slice();
        const kind = n % 4;
        const at = random() % bytes.length;
        if (kind === 0) bytes[at]! ^= 1 << (random() % 8);
        else if (kind === 1) for (let i = 0; i < 8; i++) bytes[random() % bytes.length] = random() & 255;
        else if (kind === 2) bytes.fill(random() & 1 ? 255 : 0, at, at + 1 + (random() % 16));
        // Names of their own: a name that failed once costs a fresh library.
        const path = join(files.folder, `mutant-${n}.hspy`);
        writeFileSync(path, kind === 3 ? bytes.subarray(0, at) : bytes);
        const outcome = await outcomeOf(path);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
      const total = [...outcomes.values()].reduce((a, b) => a + b, 0);
      expect(total).toBe(400);
      // Most damage is in headers with checksums, or cuts the file: it must be noticed, not shown as data.
      expect(total - (outcomes.get('read') ?? 0)).toBeGreaterThan(150);
      expect(
        [...outcomes.keys()].filter(
          (code) => !['read', 'corrupt-file', 'truncated-file', 'unsupported-format', 'not-found'].includes(code),
        ),
      ).toEqual([]);
    },
  );
});

describe('files that promise more than they hold', () => {
  it('a few hundred bytes that declare a terabyte open, and reading refuses before memory is asked for', async () => {
    const path = join(files.folder, 'promise.h5');
    const { writeHollowHdf5 } = await import('./builders/hollow-hdf5.ts');
    await writeHollowHdf5(path, [1000, 1000, 1000, 125]);
    const { signals } = await hdf5Reader.header(path, {});
    expect(signals[0]!.shape).toEqual([1000, 1000, 1000, 125]);
    const before = process.memoryUsage().rss;
    await expect(openPixels(signals[0]!)).rejects.toMatchObject({ code: 'truncated-file' });
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
  });

  it('a shape beyond all numbers is refused with the header', async () => {
    const path = join(files.folder, 'beyond.h5');
    const { writeHollowHdf5 } = await import('./builders/hollow-hdf5.ts');
    await writeHollowHdf5(path, [2 ** 40, 2 ** 20]);
    await expect(hdf5Reader.header(path, {})).rejects.toMatchObject({ name: 'EigenscopeError', code: 'corrupt-file' });
  });
});

describe('compression that is not there', () => {
  it.each([
    [32_026, 'Blosc 2 (32026)'],
    [32_013, 'ZFP (32013)'],
    [4, 'SZIP (4)'],
    [31_337, 'number 31337'],
  ])('filter %i is named', async (id, title) => {
    const path = join(files.folder, `filter-${id}.h5`);
    await writeHdf5(
      path,
      group({}, { a: dataset('uint16', [40], new Uint16Array(40), { kind: 'deflated', level: 4 }) }),
      { overwrite: true },
    );
    const { patchFilter } = await import('./builders/hollow-hdf5.ts');
    writeFileSync(path, patchFilter(readFileSync(path), id));
    const { signals } = await hdf5Reader.header(path, {});
    expect(signals[0]!.warnings.join()).toContain(title);
    await expect(openPixels(signals[0]!)).rejects.toMatchObject({
      code: 'unsupported-format',
      message: expect.stringContaining(title),
    });
  });
});

describe('a file that was damaged when it was first opened', () => {
  it('is read once it has been copied again under the same name', async () => {
    const path = files.write('recopied.hspy', sound);
    const bad = sound.slice();
    // Into the first object header after the texts: found only when it is read.
    const header = Buffer.from(bad).indexOf('TREE');
    bad.fill(255, header, header + 8);
    writeFileSync(path, bad);
    const refused = await hspyReader.header(path, {});
    await expect(
      openPixels(refused.signals[0]!).then((source) => source.read([0, 0, 0], [4, 5, 30])),
    ).rejects.toMatchObject({ code: 'corrupt-file' });
    writeFileSync(path, sound);
    const { signals } = await hspyReader.header(path, {});
    const source = await openPixels(signals[0]!);
    expect(Array.from(source.read([3, 4, 27], [1, 1, 3]) as Uint16Array)).toEqual([1791, 1794, 1797]);
    source.close();
  });
});

describe('a store of texts that does not hold together', () => {
  // the library would look for the next text at the same place for ever, and counts in 32 bits
  it.each([
    ['the size of the whole is right', 0],
    ['the size of the whole is right in its lower 32 bits', 256],
  ])('is refused, also where %s', async (_, above) => {
    const bad = Buffer.from(sound);
    const at = bad.indexOf('GCOL');
    bad.writeUInt32LE(above, at + 12);
    // the first text is as long as nothing, and free
    bad.fill(0, at + 16, at + 32);
    const path = files.write(`endless-${above}.hspy`, bad);
    await expect(hspyReader.header(path, {})).rejects.toMatchObject({
      code: 'corrupt-file',
      message: expect.stringContaining(`its store of texts (at byte ${at})`),
    });
  });
});

describe('a file without arrays', () => {
  it('is refused', async () => {
    const path = join(files.folder, 'text-only.h5');
    await writeHdf5(path, group({ a: text('b') }), { overwrite: true });
    await expect(hdf5Reader.header(path, {})).rejects.toMatchObject({ code: 'unsupported-format' });
  });
});
