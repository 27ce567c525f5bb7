import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fuzz, longestMs, mostBytes } from './fuzz/parent.ts';
import { allSeeds, type Seed } from './seeds.ts';

/*
 * Damaged files must be read or refused in words: never a crash, a hang or a wish for much memory.
 * EIGENSCOPE_FUZZ=20000 sets how many of each format, and then takes the sample files too.
 */

const asked = Number(process.env['EIGENSCOPE_FUZZ'] ?? 0);
const perFormat = asked || 2000;

const formatOf = ({ name }: Seed): string => name.split(',')[0]!;
const formats = [...new Set(allSeeds.map(formatOf))];

async function expectClean(seed: Seed, mutants: number): Promise<void> {
  const { problems, slowestMs, peakBytes, mutants: done } = await fuzz(seed, mutants);
  expect(problems).toEqual([]);
  expect(done).toBe(mutants);
  expect(slowestMs).toBeLessThan(longestMs);
  expect(peakBytes).toBeLessThan(mostBytes);
}

describe.concurrent.each(formats)('damaged files: %s', (format) => {
  const seeds = allSeeds.filter((seed) => formatOf(seed) === format);
  it(
    `never crash, hang or take much memory (${perFormat} of them)`,
    async () => {
      for (const seed of seeds) await expectClean(seed, Math.ceil(perFormat / seeds.length));
    },
    20 * 60_000,
  );
});

const folder = fileURLToPath(new URL('../../../shared/samples/', import.meta.url));
const largest = 10 * 2 ** 20;

/** Sample files with what is beside them under the same name. */
function samples(): Seed[] {
  if (!existsSync(`${folder}manifest.json`)) return [];
  const { files } = JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8')) as {
    files: { path: string; signals?: unknown[] }[];
  };
  return files
    .filter(({ path, signals }) => {
      const found = statSync(folder + path, { throwIfNoEntry: false });
      return signals !== undefined && found?.isFile() === true && found.size < largest;
    })
    .map(({ path }) => ({ name: path, files: { [basename(path)]: readFileSync(folder + path) } }));
}

describe.skipIf(asked === 0)('damaged sample files', () => {
  const found = asked === 0 ? [] : samples();
  it.each(found.map((seed) => [seed.name, seed] as const))(
    '%s never crashes, hangs or takes much memory',
    async (_, seed) => expectClean(seed, Math.ceil(asked / 10)),
    20 * 60_000,
  );
  if (found.length === 0) it('are not beside the project', () => {});
});
