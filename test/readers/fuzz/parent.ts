import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Seed } from '../seeds.ts';
import type { FuzzNews, FuzzTask } from './child.ts';

/** No file may take longer than this, counted in time of the processor. */
export const longestMs = 10_000;
/** No process that reads files under 10 MB may grow beyond this. */
export const mostBytes = 2 ** 30;
/** What takes this long on the clock is not coming back, on however busy a machine. */
const hangMs = 40_000;

export interface FuzzOutcome {
  name: string;
  mutants: number;
  /** how many of them could still be read */
  read: number;
  /** crashes, hangs, large requests and improper refusals, each with the mutant it happened with */
  problems: string[];
  slowestMs: number;
  /** number of the slowest mutant */
  slowest: number;
  /** of the process; it may have grown with an earlier seed */
  peakBytes: number;
}

const mostProblems = 5;

/** A process that works through tasks, one after another. */
class Runner {
  #child: ChildProcess | null = null;
  #errors = '';

  #start(): ChildProcess {
    const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), {
      execArgv: ['--max-old-space-size=768', '--no-warnings'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#errors = '';
    child.stderr!.on('data', (text: Buffer) => (this.#errors = (this.#errors + text.toString()).slice(-400)));
    this.#child = child;
    return child;
  }

  stop(): void {
    this.#child?.disconnect();
    this.#child = null;
  }

  /** Works until the task is done, or until a hang or a crash ends the process. */
  run(task: FuzzTask): Promise<FuzzOutcome & { reached: number }> {
    const child = this.#child ?? this.#start();
    return new Promise((resolve) => {
      const problems: string[] = [];
      let at = task.first;
      let timer = setTimeout(() => {}, 0);
      const watch = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          problems.push(`${task.name} #${at}: no end after ${hangMs} ms`);
          child.kill('SIGKILL');
        }, hangMs);
      };
      const end = (outcome: Partial<FuzzOutcome>, reached: number): void => {
        clearTimeout(timer);
        child.off('message', hear).off('exit', exited);
        const none = { read: 0, slowestMs: 0, slowest: -1, peakBytes: 0 };
        resolve({ name: task.name, mutants: reached - task.first, problems, ...none, ...outcome, reached });
      };
      const hear = (news: FuzzNews): void => {
        if (news.kind === 'at') {
          at = news.mutant;
          watch();
        } else if (news.kind === 'problem') {
          problems.push(`${task.name} #${news.mutant} (${news.file}): ${news.text}`);
          if (problems.length >= mostProblems) child.kill('SIGKILL');
        } else end(news, task.end);
      };
      const exited = (code: number | null, signal: string | null): void => {
        this.#child = null;
        if (signal === null) problems.push(`${task.name} #${at}: the process ended with ${code}: ${this.#errors}`);
        else if (problems.length === 0) problems.push(`${task.name} #${at}: the process was ended by ${signal}`);
        end({}, at + 1);
      };
      child.on('message', hear).on('exit', exited);
      watch();
      child.send(task);
    });
  }
}

async function fuzzSeed(runner: Runner, seed: Seed, mutants: number, undamaged: boolean): Promise<FuzzOutcome> {
  const total: FuzzOutcome = {
    name: seed.name,
    mutants: 0,
    read: 0,
    problems: [],
    slowestMs: 0,
    slowest: -1,
    peakBytes: 0,
  };
  for (let first = 0; first < mutants && total.problems.length < mostProblems;) {
    const outcome = await runner.run({
      name: seed.name,
      files: Object.entries(seed.files),
      first,
      end: mutants,
      undamaged,
    });
    total.mutants += outcome.mutants;
    total.read += outcome.read;
    total.problems.push(...outcome.problems);
    if (outcome.slowestMs > total.slowestMs) [total.slowestMs, total.slowest] = [outcome.slowestMs, outcome.slowest];
    total.peakBytes = Math.max(total.peakBytes, outcome.peakBytes);
    first = outcome.reached;
  }
  return total;
}

/** Every seed as it is, all read by one process. */
export const readSound = (seeds: readonly Seed[]): Promise<FuzzOutcome[]> => readAll(seeds, 1, true, () => {});

/**
 * So many mutants of each seed, in one process; goes on in a new one after a hang or a crash.
 * @param mutants of each seed
 */
export const fuzz = (
  seeds: readonly Seed[],
  mutants: number,
  tell: (outcome: FuzzOutcome) => void = () => {},
): Promise<FuzzOutcome[]> => readAll(seeds, mutants, false, tell);

async function readAll(
  seeds: readonly Seed[],
  times: number,
  undamaged: boolean,
  tell: (outcome: FuzzOutcome) => void,
): Promise<FuzzOutcome[]> {
  const runner = new Runner();
  const outcomes: FuzzOutcome[] = [];
  try {
    for (const seed of seeds) {
      const outcome = await fuzzSeed(runner, seed, times, undamaged);
      outcomes.push(outcome);
      tell(outcome);
    }
  } finally {
    runner.stop();
  }
  return outcomes;
}
