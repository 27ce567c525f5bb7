import { existsSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { watchAllocations } from './allocations.ts';
import { damage, generator } from './mutate.ts';
import { placeSeed } from './place.ts';
import { readEverything } from './read-everything.ts';

/* One process that reads files one after another, damaged or as they are; its parent watches its time and memory. */

/** Memory that may be asked for at once, whatever a file says. */
const mostAtOnce = 256 * 2 ** 20;

export interface FuzzTask {
  name: string;
  files: [string, Uint8Array][];
  first: number;
  end: number;
  /** read as they are, once for every number */
  undamaged: boolean;
}

export type FuzzNews =
  | { kind: 'at'; mutant: number }
  | { kind: 'problem'; mutant: number; text: string; file: string }
  /** a task is done; times are of the processor, so that other work on the machine does not count */
  | { kind: 'done'; slowestMs: number; slowest: number; read: number; peakBytes: number };

const say = (news: FuzzNews): void => void process.send!(news);
const takeLarge = watchAllocations(mostAtOnce);
/** memory, where the system has a folder for that: thousands of files are written */
const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Same name and number, same damage. */
function seedOf(name: string, mutant: number): number {
  let hash = 2166136261;
  for (const char of `${name}#${mutant}`) hash = Math.imul(hash ^ char.codePointAt(0)!, 16777619);
  return hash | 0;
}

const processorMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** A new file, not the old one with other content: readers may remember what they know of one. */
function replace(path: string, bytes: Uint8Array): void {
  unlinkSync(path);
  writeFileSync(path, bytes);
}

async function run({ name, files, first, end, undamaged }: FuzzTask): Promise<void> {
  const folder = mkdtempSync(join(base, 'eigenscope-fuzz-'));
  let slowestMs = 0;
  let slowest = first;
  let read = 0;
  try {
    const path = placeSeed(folder, files);
    for (let mutant = first; mutant < end; mutant++) {
      say({ kind: 'at', mutant });
      const random = generator(seedOf(name, mutant));
      // the first file leads to the others: it is hit as often as all of them
      const victim = random() < 0.5 ? 0 : Math.floor(random() * files.length);
      const [file, bytes] = files[victim]!;
      if (!undamaged) replace(join(folder, file), damage(bytes, random));
      const start = processorMs();
      const outcome = await readEverything(path);
      const took = processorMs() - start;
      if (took > slowestMs) [slowestMs, slowest] = [took, mutant];
      if (outcome === 'read') read++;
      const problems = typeof outcome === 'object' ? [outcome.problem] : [];
      for (const text of [...problems, ...takeLarge()]) say({ kind: 'problem', mutant, text, file: basename(file) });
      if (!undamaged) replace(join(folder, file), bytes);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  // kibibytes on every system that Node runs on
  say({ kind: 'done', slowestMs, slowest, read, peakBytes: process.resourceUsage().maxRSS * 1024 });
}

process.on('message', (task: FuzzTask) => {
  run(task).catch((error: unknown) => {
    say({ kind: 'problem', mutant: -1, text: String(error), file: '' });
    say({ kind: 'done', slowestMs: 0, slowest: -1, read: 0, peakBytes: 0 });
  });
});
