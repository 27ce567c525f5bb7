// Loads a file whole as the application does and prints how long it took, as JSON:
//   node test/bench/reading-ours.mjs FILE [--sources]
// The pool and the way data are shared among its threads are the application's own; the threads run its build, or the
// sources with --sources. Threads and the HDF5 library are started before the clock; other decoders within the time.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadCubeOf } from '../../main/services/load-input.ts';
import { cubeOverview } from '../../main/services/overview.ts';
import { createPool } from '../../main/services/pool.ts';
import { createControlBlock } from '../../workers/control.ts';
import { isComplex, isColour, elementCount, itemSize } from '../../workers/model/dtype.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const [path, ...flags] = process.argv.slice(2);
const statusMib = (name) =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;

const bytesOf = (signal) => elementCount(signal.shape) * itemSize(signal.dtype);
const threads = availableParallelism();
const workerFile = flags.includes('--sources') ? 'workers/entry.ts' : 'out/main/worker.js';
const pool = createPool({
  workerFile: resolve(root, workerFile),
  pluginFile: resolve(root, 'out/main/plugin.js'),
  threads,
  host: 'electron',
});

/** Threads with their libraries: each reads a header and a small file first, as Python imports before the clock. */
async function startThreads() {
  const { signals } = await pool.run('header', { path: join(dirname(path), 'small.hspy'), hints: {} });
  const small = () => ({
    signal: signals[0],
    buffer: new SharedArrayBuffer(bytesOf(signals[0])),
    control: createControlBlock(),
  });
  await Promise.all([
    pool.run('load', small()),
    ...Array.from({ length: threads }, () => pool.run('loadPart', { ...small(), part: [0, signals[0].shape[0]] })),
  ]);
}

function sumOf({ buffer, dtype }) {
  const types = { uint8: Uint8Array, int8: Int8Array, uint16: Uint16Array, int16: Int16Array, uint32: Uint32Array };
  const more = { int32: Int32Array, float32: Float32Array, float64: Float64Array };
  const Typed = { ...types, ...more }[dtype];
  if (Typed === undefined || isComplex(dtype) || isColour(dtype)) return null;
  const values = new Typed(buffer);
  let total = 0;
  for (let from = 0; from < values.length; from += 65536) {
    const end = Math.min(values.length, from + 65536);
    let sum = 0;
    for (let i = from; i < end; i++) sum += values[i];
    total += sum;
  }
  return total;
}

await startThreads();
globalThis.gc?.();
writeFileSync('/proc/self/clear_refs', '5');
const before = statusMib('VmRSS');
const cpu = process.cpuUsage();
const started = performance.now();
const { signals } = await pool.run('header', { path, hints: {} });
const signal = signals.toSorted((a, b) => bytesOf(b) - bytesOf(a))[0];
const header = (performance.now() - started) / 1000;
const source = await loadCubeOf(pool, signal, threads);
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpu);
const mib = statusMib('VmHWM') - before;
await cubeOverview(pool, source);
const shown = (performance.now() - started) / 1000;
process.stdout.write(
  JSON.stringify({
    seconds,
    header,
    cpu: (user + system) / 1e6,
    mib,
    shown,
    bytes: source.buffer.byteLength,
    shape: signal.shape,
    dtype: signal.dtype,
    sum: sumOf(source),
  }),
);
await pool.close();
