import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/* Runs the built command line as people do: a process, its two streams, its exit status. */

export const projectRoot = resolve(import.meta.dirname, '../..');
export const node = join(projectRoot, 'node_modules/.bin/node');
export const program = join(projectRoot, 'out/main/cli.js');

export interface Finished {
  status: number | null;
  out: string;
  err: string;
  /** the lines of standard output */
  places: string[];
  /** the one line of the error, without `eigenscope: ` */
  error: string;
}

/** The environment of a shell: what vitest adds would change how the build and the program behave. */
function shellEnvironment(data: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV$|NODE_OPTIONS$|TEST$)/.test(name));
  return { ...Object.fromEntries(kept), EIGENSCOPE_DATA: join(data, 'settings') };
}

const buildOnce = (folder: string): Promise<void> =>
  new Promise((done, fail) => {
    const script = join(projectRoot, 'main/hosts/launch/build.mjs');
    execFile(node, [script], { cwd: projectRoot, env: shellEnvironment(folder) }, (error, _out, err) =>
      error === null ? done() : fail(new Error(err || error.message)),
    );
  });

const finished = (status: number | null, out: string, err: string): Finished => {
  const lines = err.split('\n').filter((line) => line.startsWith('eigenscope: ') && !line.includes(': warning: '));
  return {
    status,
    out,
    err,
    places: out.split('\n').filter((line) => line !== ''),
    error: lines.join('\n').replace('eigenscope: ', ''),
  };
};

export interface Shell {
  /** a new folder, removed afterwards; the working folder of every command */
  folder: string;
  run(...args: string[]): Promise<Finished>;
  /** Starts a command; `ended` resolves when it has. */
  start(...args: string[]): { child: ChildProcess; err(): string; ended: Promise<Finished> };
  path(name: string): string;
  write(name: string, content: string | Uint8Array): string;
  json<T = Record<string, unknown>>(name: string): T;
}

/** A working folder for the tests of a file, with the program built. */
export function openShell(): Shell {
  const folder = mkdtempSync(join(tmpdir(), 'eigenscope-cli-'));
  beforeAll(() => buildOnce(folder), 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const start: Shell['start'] = (...args) => {
    const child = spawn(node, [program, ...args], { cwd: folder, env: shellEnvironment(folder), stdio: 'pipe' });
    let [out, err] = ['', ''];
    child.stdin.end();
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const ended = new Promise<Finished>((done, fail) => {
      child.on('error', fail);
      child.on('close', (status) => done(finished(status, out, err)));
    });
    return { child, err: () => err, ended };
  };
  const path = (name: string): string => join(folder, name);
  return {
    folder,
    start,
    run: (...args) => start(...args).ended,
    path,
    write(name, content) {
      writeFileSync(path(name), content);
      return path(name);
    },
    json: (name) => JSON.parse(readFileSync(path(name), 'utf8')) as never,
  };
}

const headerSizes = { float32: ['<f4', 4], float64: ['<f8', 8], bool: ['|b1', 1], uint16: ['<u2', 2] } as const;

/** Bytes of an .npy file (format 1.0, C order), as the NumPy documentation lays it out. */
export function npyBytes(
  shape: readonly number[],
  data: Float32Array | Float64Array | Uint8Array | Uint16Array,
  claimed: readonly number[] = shape,
): Buffer {
  const dtype =
    data instanceof Float32Array
      ? 'float32'
      : data instanceof Float64Array
        ? 'float64'
        : data instanceof Uint16Array
          ? 'uint16'
          : 'bool';
  const tuple = `(${claimed.join(', ')}${claimed.length === 1 ? ',' : ''})`;
  const text = `{'descr': '${headerSizes[dtype][0]}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const header = Buffer.alloc(128, 0x20);
  header.set([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0]);
  header.write(text, 10, 'latin1');
  header[127] = 0x0a;
  return Buffer.concat([header, Buffer.from(data.buffer, data.byteOffset, data.byteLength)]);
}

/** Whole numbers 0…19 that look random and are the same on every computer. */
export const counts = (shape: readonly number[]): Float32Array =>
  Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 8) % 20);

export const recipeOf = (steps: readonly object[], change: Record<string, unknown> = {}): string =>
  JSON.stringify({ eigenscope: 1, inputs: { si: { file: 'si.npy' } }, steps, ...change });

export const svdStep = { id: 'svd', do: 'decomposition', of: 'si' };
