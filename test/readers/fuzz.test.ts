import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elementCount } from '../../workers/model/dtype.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { memoryBytes } from '../../workers/readers/memory-bytes.ts';
import { projectSignals } from '../../workers/readers/phenom/elid.ts';
import { allReaders } from '../../workers/readers/registry.ts';
import { describeFirstPicture, openFirstPicture } from '../../workers/readers/tiff/first-picture.ts';
import { buildProject } from './builders/phenom.ts';
import { damage, generator } from './fuzz/mutate.ts';
import { fuzz, longestMs, mostBytes, readSound } from './fuzz/parent.ts';
import { placeSeed } from './fuzz/place.ts';
import { sampleSeeds } from './fuzz/sample-seeds.ts';
import { allSeeds, type Seed } from './seeds.ts';

/*
 * Damaged files must be read or refused in words: never a crash, a hang or a wish for much memory.
 * EIGENSCOPE_FUZZ=20000 sets how many of each format; EIGENSCOPE_FUZZ_SAMPLES=100 takes so many of each sample file too.
 */

const asked = Number(process.env['EIGENSCOPE_FUZZ'] ?? 0);
const perSample = Number(process.env['EIGENSCOPE_FUZZ_SAMPLES'] ?? 0);

const formatOf = ({ name }: Seed): string => name.split(',')[0]!;
const formats = [...new Set(allSeeds.map(formatOf))];
const perFormat = asked || 2000;

async function expectClean(seeds: readonly Seed[], mutants: number): Promise<void> {
  let [tried, refused] = [0, 0];
  for (const { name, problems, mutants: done, read, slowestMs, peakBytes } of await fuzz(seeds, mutants)) {
    expect(problems).toEqual([]);
    expect(done, name).toBe(mutants);
    expect(slowestMs, name).toBeLessThan(longestMs);
    expect(peakBytes, name).toBeLessThan(mostBytes);
    tried += done;
    refused += done - read;
  }
  // some damage is harmless, as all of it is to a companion that only describes; some is not: else nothing was tried
  if (mutants >= 100) expect(refused).toBeGreaterThan(tried / 50);
}

describe('the seeds of damage', () => {
  it('are read as they are', async () => {
    for (const { name, read, problems } of await readSound(allSeeds)) {
      expect(problems).toEqual([]);
      expect(read, `${name} is read`).toBe(1);
    }
  }, 120_000);

  it('belong to every reader there is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'eigenscope-seeds-'));
    try {
      // companions count: some readers have nothing to read but what belongs to other files
      const paths = allSeeds.flatMap((seed, i) => {
        const files = Object.entries(seed.files);
        const place = join(folder, String(i));
        return [placeSeed(place, files), ...files.map(([name]) => join(place, name))];
      });
      const chosen = paths.map((path) => {
        const head = statSync(path).isDirectory() ? new Uint8Array(0) : readFileSync(path).subarray(0, 4096);
        const sure = allReaders.map((reader) => reader.probe(head, path));
        const best = Math.max(...sure);
        const extension = path.split('.').at(-1)!;
        return best > 0
          ? allReaders[sure.indexOf(best)]
          : allReaders.find(({ extensions }) => extensions.includes(extension));
      });
      expect(allReaders.filter((reader) => !chosen.includes(reader)).map(({ title }) => title)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe.concurrent.each(formats)('damaged files: %s', (format) => {
  const seeds = allSeeds.filter((seed) => formatOf(seed) === format);
  it(
    `never crash, hang or take much memory (${perFormat} of them)`,
    async () => expectClean(seeds, Math.ceil(perFormat / seeds.length)),
    60 * 60_000,
  );
});

/** The pixels of a picture of an unpacked project; large ones, which only say so, are left alone. */
function readPicture({ layout, ...signal }: SignalHeader, project: Uint8Array): void {
  if (layout.kind !== 'coded' || !('picture' in layout.about) || elementCount(signal.shape) > 2 ** 22) return;
  const { start, length } = layout.about['picture'] as { start: number; length: number };
  const file = memoryBytes('x.elid', project.subarray(start, start + length));
  const source = openFirstPicture(describeFirstPicture(file), { layout, ...signal });
  source.read([0, 0], signal.shape);
  source.close();
}

describe('damaged content behind a checksum or packing', () => {
  it(
    'of a Phenom project is read or refused in words',
    () => {
      const random = generator(7);
      let refused = 0;
      for (let i = 0; i < (asked || 4000); i++) {
        const bytes = damage(buildProject(i % 2 === 0 ? 0 : 4), random);
        try {
          for (const signal of projectSignals('x.elid', { size: 0, mtimeMs: 0 }, bytes, {})) readPicture(signal, bytes);
        } catch (error) {
          if (!(error instanceof EigenscopeError)) throw error;
          refused++;
        }
      }
      expect(refused).toBeGreaterThan((asked || 4000) / 4);
    },
    60 * 60_000,
  );
});

const samples = perSample === 0 ? [] : [...sampleSeeds()];
describe.skipIf(samples.length === 0)('damaged sample files', () => {
  it.each(samples)(
    'of %s never crash, hang or take much memory',
    async (_, seeds) => expectClean(seeds, perSample),
    10 * 60 * 60_000,
  );
  if (samples.length === 0) it('are not beside the project, or not asked for', () => {});
});
