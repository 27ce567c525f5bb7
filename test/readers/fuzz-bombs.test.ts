import { beforeAll, describe, expect, it } from 'vitest';
import { EigenscopeError } from '../../workers/model/errors.ts';
import { stats } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { temporaryFiles } from './builders/temporary.ts';
import { bombs } from './fuzz/bombs.ts';
import { readSound, type FuzzOutcome } from './fuzz/parent.ts';
import { placeSeed } from './fuzz/place.ts';

/* Small files that would fill memory are refused at once: with a sentence, within a second, without the memory. */

const { folder } = temporaryFiles();
/** A process that has loaded all readers takes 100 MiB; the bombs are announced or real gigabytes, or zeros of 64 MiB. */
const mostBytes = 400 * 2 ** 20;

describe('a bomb', () => {
  let outcomes: FuzzOutcome[] = [];
  beforeAll(async () => {
    outcomes = await readSound(bombs);
  }, 120_000);

  it.each(bombs.map(({ name }, i) => [name, i] as const))('(%s) is refused within a second', (_, i) => {
    const { read, problems, slowestMs, peakBytes } = outcomes[i]!;
    expect(problems).toEqual([]);
    expect(read).toBe(0);
    expect(slowestMs).toBeLessThan(1000);
    expect(peakBytes).toBeLessThan(mostBytes);
  });

  it.each(bombs.map((bomb, i) => [bomb.name, bomb, i] as const))('(%s) is called what it is', async (name, bomb, i) => {
    const path = placeSeed(`${folder}/${i}`, Object.entries(bomb.files));
    const read = async (): Promise<void> => {
      const { signals } = await openHeader(path);
      for (const signal of signals) await stats(signal);
    };
    const error = await read().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EigenscopeError);
    // what is nested too deeply is passed over, and then nothing is left
    const codes = name === 'matlab, cells in cells' ? ['unsupported-format'] : ['corrupt-file', 'truncated-file'];
    expect(codes).toContain((error as EigenscopeError).code);
  });
});
