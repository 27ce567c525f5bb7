import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { damage, generator } from './mutate.ts';
import { readEverything } from './read-everything.ts';

/* One process that reads damaged files one after another; its parent watches its time and memory. */

export interface FuzzTask {
  name: string;
  files: [string, Uint8Array][];
  first: number;
  end: number;
}

export type FuzzNews =
  | { kind: 'at'; mutant: number }
  | { kind: 'problem'; mutant: number; text: string; file: string }
  | { kind: 'done'; slowestMs: number; peakBytes: number };

const say = (news: FuzzNews): void => void process.send!(news);

/** Same name and number, same damage. */
function seedOf(name: string, mutant: number): number {
  let hash = 2166136261;
  for (const char of `${name}#${mutant}`) hash = Math.imul(hash ^ char.codePointAt(0)!, 16777619);
  return hash | 0;
}

async function run({ name, files, first, end }: FuzzTask): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'eigenscope-fuzz-'));
  let slowestMs = 0;
  try {
    for (const [file, bytes] of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), bytes);
    }
    // the name in the task of the file that is opened; stores in folders are opened by their folder
    const opened = files[0]![0];
    const path = join(folder, opened.includes('.zspy/') || opened.includes('.zarr/') ? opened.split('/')[0]! : opened);
    for (let mutant = first; mutant < end; mutant++) {
      say({ kind: 'at', mutant });
      const random = generator(seedOf(name, mutant));
      const victim = Math.floor(random() * files.length);
      const [file, bytes] = files[victim]!;
      writeFileSync(join(folder, file), damage(bytes, random));
      const start = performance.now();
      const problem = await readEverything(path);
      slowestMs = Math.max(slowestMs, performance.now() - start);
      if (problem !== null) say({ kind: 'problem', mutant, text: problem, file: basename(file) });
      writeFileSync(join(folder, file), bytes);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  // kibibytes on every system that Node runs on
  say({ kind: 'done', slowestMs, peakBytes: process.resourceUsage().maxRSS * 1024 });
}

process.on('message', (task: FuzzTask) => {
  run(task).catch((error: unknown) => {
    say({ kind: 'problem', mutant: -1, text: String(error), file: '' });
    say({ kind: 'done', slowestMs: 0, peakBytes: 0 });
  });
});
