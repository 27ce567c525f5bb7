import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Seed } from '../seeds.ts';
import type { FuzzNews, FuzzTask } from './child.ts';

/** No file may take longer than this. */
export const longestMs = 10_000;
/** No process that reads files under 10 MB may grow beyond this. */
export const mostBytes = 2 ** 30;

export interface FuzzOutcome {
  mutants: number;
  /** crashes, hangs and improper refusals, each with the mutant it happened with */
  problems: string[];
  slowestMs: number;
  peakBytes: number;
}

const mostProblems = 5;

/** Mutants [first, end) of a seed in a process of its own; a hang ends the process and is told. */
function runProcess(task: FuzzTask): Promise<FuzzOutcome & { reached: number }> {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), {
      execArgv: ['--max-old-space-size=768', '--no-warnings'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const problems: string[] = [];
    let at = task.first;
    let slowestMs = 0;
    let peakBytes = 0;
    let errors = '';
    let timer = setTimeout(() => {}, 0);
    const watch = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        problems.push(`${task.name} #${at}: no end after ${longestMs} ms`);
        child.kill('SIGKILL');
      }, longestMs);
    };
    let ended = false;
    child.stderr!.on('data', (text: Buffer) => (errors = (errors + text.toString()).slice(-400)));
    child.on('message', (news: FuzzNews) => {
      if (news.kind === 'at') {
        at = news.mutant;
        watch();
      } else if (news.kind === 'problem') problems.push(`${task.name} #${news.mutant} (${news.file}): ${news.text}`);
      else {
        ({ slowestMs, peakBytes } = news);
        ended = true;
        child.disconnect();
      }
      if (problems.length >= mostProblems) child.kill('SIGKILL');
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (!ended && signal === null) problems.push(`${task.name} #${at}: the process ended with ${code}: ${errors}`);
      resolve({ mutants: at + 1 - task.first, problems, slowestMs, peakBytes, reached: ended ? task.end : at + 1 });
    });
    watch();
    child.send(task);
  });
}

/** All mutants of a seed; goes on in a new process after a hang or a crash. */
export async function fuzz(seed: Seed, mutants: number): Promise<FuzzOutcome> {
  const total: FuzzOutcome = { mutants: 0, problems: [], slowestMs: 0, peakBytes: 0 };
  for (let first = 0; first < mutants && total.problems.length < mostProblems;) {
    const outcome = await runProcess({ name: seed.name, files: Object.entries(seed.files), first, end: mutants });
    total.mutants += outcome.mutants;
    total.problems.push(...outcome.problems);
    total.slowestMs = Math.max(total.slowestMs, outcome.slowestMs);
    total.peakBytes = Math.max(total.peakBytes, outcome.peakBytes);
    first = outcome.reached;
  }
  return total;
}
