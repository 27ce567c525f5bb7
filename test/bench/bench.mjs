// Times Eigenscope against HyperSpy on the same inputs, in turn, on this machine: `npm run bench [workload …] [-- --runs N]`.
// Needs Debian's python3-hyperspy and the peer's script in ../shared/bench; checks equal quality before it compares times.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const peer = resolve(root, '../shared/bench/peer_bench.py');
const data = join(tmpdir(), 'eigenscope-bench');

/** Workloads: what the peer calls them, the input, our parameters, and how equal quality is judged. */
const workloads = {
  svd: { input: 'si-128x128x1024', parameters: { normalize_poissonian_noise: true } },
  'svd-10': {
    input: 'si-128x128x1024',
    parameters: { normalize_poissonian_noise: true, output_dimension: 10, svd_solver: 'randomized' },
  },
  pca: { input: 'si-128x128x1024', algorithm: 'sklearn_pca', parameters: { output_dimension: 10 } },
};

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function peerRun(name, input) {
  const started = performance.now();
  const done = spawnSync('/usr/bin/python3', [peer, name, input], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`HyperSpy's ${name} failed: ${done.stderr.trim().split('\n').at(-1)}`);
  const [seconds, mib] = done.stdout.trim().split(' ').map(Number);
  return { seconds, mib, whole: (performance.now() - started) / 1000 };
}

function ownRun(workload, input, out) {
  const recipe = {
    eigenscope: 1,
    inputs: { data: { file: input } },
    steps: [
      {
        id: 's',
        do: 'decomposition',
        of: 'data',
        algorithm: workload.algorithm ?? 'SVD',
        parameters: workload.parameters,
      },
    ],
  };
  const file = join(data, 'recipe.json');
  writeFileSync(file, JSON.stringify(recipe));
  rmSync(out, { recursive: true, force: true });
  const started = performance.now();
  const node = join(root, 'node_modules/.bin/node');
  const cli = [join(root, 'main/hosts/launch/cli.mjs'), 'run', file, '--out', out, '--progress', 'none'];
  const timed = existsSync('/usr/bin/time');
  const done = timed
    ? spawnSync('/usr/bin/time', ['-f', 'peak %M', node, ...cli], { encoding: 'utf8' })
    : spawnSync(node, cli, { encoding: 'utf8' });
  const whole = (performance.now() - started) / 1000;
  if (done.status !== 0) throw new Error(`Eigenscope failed: ${done.stderr.trim().split('\n').at(-1)}`);
  const scalars = JSON.parse(readFileSync(join(out, 's', 'scalars.json'), 'utf8'));
  const peak = /peak (\d+)/.exec(done.stderr);
  return { seconds: scalars.seconds, mib: peak ? Number(peak[1]) / 1024 : Number.NaN, whole };
}

/** Relative distance of the explained variance ratios, HyperSpy's against ours. */
function quality(workload, input, out) {
  const script = join(root, 'test/bench/quality.py');
  const done = spawnSync('/usr/bin/python3', [script, input, join(out, 's'), JSON.stringify(workload)], {
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`quality check failed: ${done.stderr.trim().split('\n').at(-1)}`);
  return done.stdout.trim();
}

const args = process.argv.slice(2);
const runsAt = args.indexOf('--runs');
const runs = runsAt < 0 ? 3 : Number(args.splice(runsAt, 2)[1]);
const chosen = args.length > 0 ? args : Object.keys(workloads);
if (!existsSync(peer)) {
  console.error('bench: the peer script ../shared/bench/peer_bench.py is not there.');
  process.exit(1);
}
mkdirSync(data, { recursive: true });
if (!existsSync(join(data, 'si-128x128x1024.npy')))
  spawnSync('/usr/bin/python3', [peer, 'make', data], { stdio: 'inherit' });

const report = {
  machine: { cpu: cpus()[0]?.model, cores: availableParallelism(), memory: totalmem() },
  node: process.version,
  runs,
  workloads: {},
};
for (const name of chosen) {
  const workload = workloads[name];
  if (workload === undefined) {
    console.error(`bench: there is no workload ${name}; there are ${Object.keys(workloads).join(', ')}.`);
    process.exit(1);
  }
  const input = join(data, `${workload.input}.npy`);
  const out = join(data, 'out');
  const theirs = [];
  const ours = [];
  for (let i = 0; i < runs; i++) {
    theirs.push(peerRun(name, input));
    ours.push(ownRun(workload, input, out));
  }
  const of = (list, key) => median(list.map((run) => run[key]));
  const row = {
    input: workload.input,
    hyperspy: { seconds: of(theirs, 'seconds'), whole: of(theirs, 'whole'), mib: of(theirs, 'mib') },
    eigenscope: { seconds: of(ours, 'seconds'), whole: of(ours, 'whole'), mib: of(ours, 'mib') },
    quality: quality(workload, input, out),
  };
  row.ratio = row.eigenscope.seconds / row.hyperspy.seconds;
  row.wholeRatio = row.eigenscope.whole / row.hyperspy.whole;
  report.workloads[name] = row;
  console.log(
    `${name.padEnd(8)} HyperSpy ${row.hyperspy.seconds.toFixed(2)} s (whole ${row.hyperspy.whole.toFixed(2)} s, ${row.hyperspy.mib.toFixed(0)} MiB)  ` +
      `Eigenscope ${row.eigenscope.seconds.toFixed(2)} s (whole ${row.eigenscope.whole.toFixed(2)} s, ${row.eigenscope.mib.toFixed(0)} MiB)  ` +
      `ratio ${row.ratio.toFixed(2)}, whole ${row.wholeRatio.toFixed(2)}  ${row.quality}`,
  );
}
const latest = join(root, 'test/bench/latest.json');
const before = existsSync(latest) ? JSON.parse(readFileSync(latest, 'utf8')) : { workloads: {} };
writeFileSync(
  latest,
  `${JSON.stringify({ ...report, workloads: { ...before.workloads, ...report.workloads } }, null, 2)}\n`,
);
