import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const peer = resolve(root, '../shared/bench/peer_bench.py');
const data = join(tmpdir(), 'eigenscope-bench');

function python(script, args, what) {
  const done = spawnSync('/usr/bin/python3', [join(root, 'test/bench', script), ...args], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${what}: ${done.stderr.trim().split('\n').at(-1)}`);
  return done.stdout.trim();
}

/** The file of a synthetic spectrum image of this name, made when it is not there: si-PIXELSxPIXELSxCHANNELS. */
export function inputFile(name) {
  mkdirSync(data, { recursive: true });
  const file = join(data, `${name}.npy`);
  if (existsSync(file)) return file;
  if (['si-128x128x1024', 'si-64x64x512', 'si-256x256x1024'].includes(name)) {
    spawnSync('/usr/bin/python3', [peer, 'make', data], { stdio: 'inherit' });
  } else if (name === 'si-64x64x256') {
    python('hyperspy_run.py', [peer, 'crop', inputFile('si-64x64x512'), '256', file], 'making the input failed');
  } else if (name.startsWith('normal-')) {
    const [rows, columns] = name.slice('normal-'.length).split('x');
    python('hyperspy_run.py', [peer, 'normal', rows, columns, file], 'making the input failed');
  } else {
    const [side, , channels] = name.slice('si-'.length).split('x');
    python('hyperspy_run.py', [peer, 'input', side, channels, file], 'making the input failed');
  }
  return file;
}

/** HyperSpy's seconds and MiB; what it found goes to `save`. */
export function runHyperSpy(kind, what, input, save) {
  const started = performance.now();
  const [seconds, mib] = python('hyperspy_run.py', [peer, kind, what, input, save], `HyperSpy's ${what} failed`)
    .split(' ')
    .map(Number);
  return { seconds, mib, whole: (performance.now() - started) / 1000 };
}

/** Our seconds and MiB of the last of these steps; results go to `out`/s0, s1 … */
export function runEigenscope(steps, input, out) {
  const recipe = {
    eigenscope: 1,
    inputs: { data: { file: input } },
    steps: steps.map((step, i) => ({ id: `s${i}`, of: i === 0 ? 'data' : `s${i - 1}`, ...step })),
  };
  const file = join(data, 'recipe.json');
  writeFileSync(file, JSON.stringify(recipe));
  rmSync(out, { recursive: true, force: true });
  const node = join(root, 'node_modules/.bin/node');
  const cli = [join(root, 'main/hosts/launch/cli.mjs'), 'run', file, '--out', out, '--progress', 'none'];
  const started = performance.now();
  const done = existsSync('/usr/bin/time')
    ? spawnSync('/usr/bin/time', ['-f', 'peak %M', node, ...cli], { encoding: 'utf8' })
    : spawnSync(node, cli, { encoding: 'utf8' });
  const whole = (performance.now() - started) / 1000;
  if (done.status !== 0) throw new Error(`Eigenscope failed: ${done.stderr.trim().split('\n').at(-1)}`);
  const scalars = JSON.parse(readFileSync(join(out, `s${steps.length - 1}`, 'scalars.json'), 'utf8'));
  const peak = /peak (\d+)/.exec(done.stderr);
  return { seconds: scalars.seconds, mib: peak ? Number(peak[1]) / 1024 : Number.NaN, whole };
}

/** One line that says how equal the results are. Throws when ours is worse. */
export function judge(kind, input, save, folder, parameters) {
  return python('quality.py', [kind, input, save, folder, JSON.stringify(parameters)], 'the quality check failed');
}

export const scratch = (name) => join(data, name);
