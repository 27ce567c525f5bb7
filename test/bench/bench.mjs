// Times Eigenscope against HyperSpy on the same inputs, in turn, on this machine:
//   npm run bench [workload … | growth] [-- --runs N]
//   npm run bench -- reading [format …] [--runs N]       loading of files
// Needs Debian's python3-hyperspy and python3-sklearn and the peer's script in ../shared/bench; judges quality first.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inputFile, judge, peer, runEigenscope, runHyperSpy, scratch } from './sides.mjs';
import { growth, workloads } from './workloads.mjs';

/** A workload on which HyperSpy has taken this long is not repeated on its side. */
const patienceSeconds = 150;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const medians = (runs) =>
  Object.fromEntries(['seconds', 'whole', 'mib'].map((key) => [key, median(runs.map((run) => run[key]))]));
const fail = (sentence) => {
  console.error(`bench: ${sentence}`);
  process.exit(1);
};

function compare(kind, what, workload, runs) {
  const input = inputFile(workload.input);
  const [save, out] = [scratch('hyperspy.npz'), scratch('out')];
  const theirs = [];
  const ours = [];
  let spent = 0;
  for (let i = 0; i < runs; i++) {
    if (i === 0 || spent < patienceSeconds) {
      theirs.push(runHyperSpy(kind, what, input, save));
      spent += theirs.at(-1).whole;
    }
    ours.push(runEigenscope(workload.steps, input, out));
  }
  const last = workload.steps.length - 1;
  const quality = workload.quality
    ? judge(workload.quality, input, save, join(out, `s${last}`), workload.steps[last].parameters)
    : '';
  const [hyperspy, eigenscope] = [medians(theirs), medians(ours)];
  return {
    input: workload.input,
    dataMib: statSync(input).size / 2 ** 20,
    hyperspy: { ...hyperspy, runs: theirs.length },
    eigenscope: { ...eigenscope, runs: ours.length },
    ratio: eigenscope.seconds / hyperspy.seconds,
    wholeRatio: eigenscope.whole / hyperspy.whole,
    ...(workload.asked === undefined ? {} : { asked: workload.asked }),
    quality,
  };
}

const side = ({ seconds, whole, mib }) =>
  `${seconds.toFixed(2)} s (whole ${whole.toFixed(2)} s, ${mib.toFixed(0)} MiB)`;
const line = (name, row) =>
  `${name.padEnd(12)} HyperSpy ${side(row.hyperspy)}  Eigenscope ${side(row.eigenscope)}  ` +
  `ratio ${row.ratio.toFixed(3)}${row.asked === undefined ? '' : ` (asked ${row.asked})`}, ` +
  `whole ${row.wholeRatio.toFixed(3)}  ${row.quality}`;

/** How time grows with pixels, channels and components: one of them varies, the others stay in the middle. */
function measureGrowth(runs) {
  const rows = [];
  for (const [algorithm, parameters] of Object.entries(growth.algorithms)) {
    for (const [varied, sizes] of Object.entries(growth.sizes)) {
      for (const value of sizes) {
        const { side: width, channels, components } = { ...growth.middle, [varied]: value };
        const given = { ...parameters, output_dimension: components };
        const workload = {
          input: `si-${width}x${width}x${channels}`,
          steps: [{ do: 'decomposition', algorithm, parameters: given }],
        };
        const row = compare('decomposition', JSON.stringify({ algorithm, ...given }), workload, runs);
        rows.push({ algorithm, varied, value, ...row });
        console.log(line(`${algorithm} ${varied} ${value}`.padEnd(22), row));
      }
    }
  }
  return rows;
}

const args = process.argv.slice(2);
const runsAt = args.indexOf('--runs');
const runs = runsAt < 0 ? 3 : Number(args.splice(runsAt, 2)[1]);
const chosen = args.length > 0 ? args : Object.keys(workloads);
if (!Number.isInteger(runs) || runs < 1) fail('--runs takes a whole number of at least 1.');
if (chosen[0] === 'reading') {
  const { measureReading } = await import('./reading.mjs');
  await measureReading(chosen.slice(1), runs).catch((error) => fail(error.message));
  process.exit(0);
}
if (!existsSync(peer)) fail('the peer script ../shared/bench/peer_bench.py is not there.');
const unknown = chosen.find((name) => name !== 'growth' && !Object.hasOwn(workloads, name));
if (unknown !== undefined)
  fail(`there is no workload ${unknown}; there are ${Object.keys(workloads).join(', ')}, growth.`);

const versions = spawnSync(
  '/usr/bin/python3',
  ['-c', 'import hyperspy, sklearn, numpy; print(hyperspy.__version__, sklearn.__version__, numpy.__version__)'],
  { encoding: 'utf8' },
);
if (versions.status !== 0) fail('HyperSpy is not there: install python3-hyperspy and python3-sklearn.');
const [hyperspy, sklearn, numpy] = versions.stdout.trim().split(' ');

const latest = join(dirname(fileURLToPath(import.meta.url)), 'latest.json');
const before = existsSync(latest) ? JSON.parse(readFileSync(latest, 'utf8')) : {};
const report = {
  machine: { cpu: cpus()[0]?.model, cores: availableParallelism(), memory: totalmem() },
  versions: { node: process.version, hyperspy, sklearn, numpy },
  workloads: { ...before.workloads },
  growth: before.growth ?? [],
};
for (const name of chosen) {
  if (name === 'growth') {
    report.growth = measureGrowth(runs);
  } else {
    report.workloads[name] = compare('workload', name, workloads[name], runs);
    console.log(line(name, report.workloads[name]));
  }
  writeFileSync(latest, `${JSON.stringify(report, null, 2)}\n`);
}
