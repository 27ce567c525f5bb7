// Times loading of large files against HyperSpy's own loaders, in turn, on this machine:
//   npm run bench -- reading [format …] [--runs N] [--sources]
// A fresh process for each load; times are taken inside, without imports, until the values lie in memory in the order of
// their axes. Files are made once, in the temporary folder.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../../main/hosts/launch/build.mjs';
import { fileOf, formats } from './reading-files.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const latest = join(here, 'latest-reading.json');
/** A file that takes the peer this long is not read again by it. */
const patienceSeconds = 12;
/** What is asked: at least this speed of the peer's, at most this many times the data in memory. */
const asked = { speed: 0.8, memory: 1.3 };

/** Below this the memory is that of the program, not of the data. */
const leastMib = 64;

function bytesOn(path) {
  const info = lstatSync(path);
  return info.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + bytesOn(join(path, name)), 0) : info.size;
}

function answerOf(done, what) {
  if (done.status !== 0) {
    throw new Error(`${what}: ${done.stderr.trim().split('\n').at(-1) || done.signal || `status ${done.status}`}`);
  }
  return JSON.parse(done.stdout);
}

function peerLoads(path, loader) {
  const env = { ...process.env, PYTHONPATH: process.env.EIGENSCOPE_ZARR ?? join(tmpdir(), 'zarr2py') };
  const args = [join(here, 'reading_hyperspy.py'), path, loader];
  return answerOf(spawnSync('/usr/bin/python3', args, { encoding: 'utf8', env }), loader);
}

function weLoad(path, flags) {
  const args = [join(here, 'reading-ours.mjs'), path, ...flags];
  return answerOf(spawnSync(process.execPath, args, { encoding: 'utf8' }), 'Eigenscope');
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const mediansOf = (runs) =>
  Object.fromEntries(
    ['seconds', 'cpu', 'given', 'mib', 'header', 'shown']
      .filter((key) => runs[0][key] !== undefined)
      .map((key) => [key, median(runs.map((run) => run[key]))]),
  );

/** Both must have read the same numbers: sums of whole numbers agree exactly, of others to rounding. */
function checkSums(theirs, ours) {
  if (ours.sum === null) return 'sum not compared';
  const difference = Math.abs(theirs.sum - ours.sum) / Math.max(1, Math.abs(theirs.sum));
  if (!(difference <= 1e-9)) return `SUMS DIFFER: ${ours.sum} against ${theirs.sum}`;
  return 'same sum';
}

async function compare(name, runs, flags) {
  const { peer = 'hyperspy' } = formats[name];
  const path = await fileOf(name);
  const theirs = [];
  const ours = [];
  let refusal = null;
  for (let i = 0; i < runs; i++) {
    try {
      if (refusal === null && (i === 0 || theirs[0].seconds < patienceSeconds)) theirs.push(peerLoads(path, peer));
    } catch (error) {
      refusal = error.message;
    }
    ours.push(weLoad(path, flags));
  }
  const [{ bytes, shape, dtype }] = ours;
  const row = {
    fileMib: bytesOn(path) / 2 ** 20,
    dataMib: bytes / 2 ** 20,
    shape,
    dtype,
    peer,
    ours: { ...mediansOf(ours), runs: ours.length },
    memory: median(ours.map((run) => run.mib)) / (bytes / 2 ** 20),
  };
  if (theirs.length === 0) return { ...row, refusal };
  const peers = mediansOf(theirs);
  const times = (key, of = 'seconds') => peers[key] / row.ours[of];
  const isView = theirs[0].mapped || !theirs[0].ordered;
  return {
    ...row,
    theirs: {
      ...peers,
      runs: theirs.length,
      mapped: theirs[0].mapped,
      ordered: theirs[0].ordered,
      dtype: theirs[0].dtype,
    },
    speed: times('seconds'),
    ...(isView ? { viewSpeed: times('given') } : {}),
    cpuSpeed: times('cpu', 'cpu'),
    quality: checkSums(theirs[0], ours[0]),
  };
}

const columns = ['format', 'data', 'peer s', 'cpu', 'MiB', 'ours s', 'cpu', 'MiB', 'speed', 'by cpu', 'mem/data', ''];
const widths = [13, 6, 9, 8, 6, 8, 8, 6, 7, 7, 8, 0];
const cells = (values) =>
  values.map((value, i) => (i === 0 ? value.padEnd(widths[i]) : value.padStart(widths[i]))).join(' ');

function rowText(name, row) {
  const { ours, theirs } = row;
  const notes = [];
  if (row.refusal) notes.push(`peer: ${row.refusal}`);
  if (row.quality?.startsWith('SUMS')) notes.push(row.quality);
  if (row.peer !== 'hyperspy') notes.push(`against ${row.peer}`);
  if (row.viewSpeed !== undefined) {
    const how = theirs.mapped ? 'the peer maps the file' : 'the peer leaves the axes as stored';
    notes.push(`${how}: until its copy in order (${row.viewSpeed.toFixed(2)} without)`);
  }
  if (row.speed < asked.speed) notes.push('MISSES speed');
  if (row.memory > asked.memory && row.dataMib >= leastMib) notes.push('MISSES memory');
  return cells([
    name,
    row.dataMib.toFixed(0),
    theirs?.seconds.toFixed(3) ?? '-',
    theirs?.cpu.toFixed(2) ?? '-',
    theirs?.mib.toFixed(0) ?? '-',
    ours.seconds.toFixed(3),
    ours.cpu.toFixed(2),
    ours.mib.toFixed(0),
    row.speed?.toFixed(2) ?? '-',
    row.cpuSpeed?.toFixed(2) ?? '-',
    row.memory.toFixed(2),
    notes.join('; '),
  ]);
}

/** Measures these formats (all when none is named), prints a line for each and keeps the numbers in latest-reading.json. */
export async function measureReading(chosen, runs) {
  const flags = chosen.filter((name) => name === '--sources');
  const names = chosen.filter((name) => name !== '--sources');
  const unknown = names.find((name) => !Object.hasOwn(formats, name));
  if (unknown !== undefined)
    throw new Error(`there is no format ${unknown}; there are ${Object.keys(formats).join(', ')}.`);
  if (flags.length === 0) await ensureBuilt({ say: (line) => console.error(line) });
  const before = existsSync(latest) ? JSON.parse(readFileSync(latest, 'utf8')) : {};
  const report = {
    machine: { cpu: cpus()[0]?.model, cores: availableParallelism(), memory: totalmem() },
    asked,
    formats: { ...before.formats },
  };
  console.log(cells(columns));
  for (const name of names.length > 0 ? names : Object.keys(formats)) {
    try {
      report.formats[name] = await compare(name, runs, flags);
      console.log(rowText(name, report.formats[name]));
    } catch (error) {
      report.formats[name] = { skipped: error.message };
      console.log(cells([name, ...new Array(10).fill('-'), error.message]));
    }
    writeFileSync(latest, `${JSON.stringify(report, null, 2)}\n`);
  }
}
