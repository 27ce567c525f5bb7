import { basename, resolve } from 'node:path';
import { elementCount, itemSize } from '../../../../workers/model/dtype.ts';
import { EigenscopeError } from '../../../../workers/model/errors.ts';
import type { SignalHeader } from '../../../../workers/model/signal.ts';
import { parseArguments, takePositionals, wholeNumber } from '../arguments.ts';
import type { Context } from '../context.ts';
import { hintFlags, hintsOfFlags } from '../hint-flags.ts';

/** --probe SIGNAL:I,J,K */
function parseProbe(text: string, signals: readonly SignalHeader[]): { signal: number; index: number[] } {
  const match = /^(\d+):(\d+(?:,\d+)*)?$/.exec(text);
  if (match === null) throw new EigenscopeError('bad-request', `--probe takes SIGNAL:I,J,K; got “${text}”.`);
  const signal = Number(match[1]);
  const index = match[2] === undefined ? [] : match[2].split(',').map(Number);
  const shape = signals[signal]?.shape;
  if (shape === undefined)
    throw new EigenscopeError(
      'bad-request',
      `--probe ${text}: the file holds ${signals.length} signals, numbered from 0.`,
    );
  if (index.length !== shape.length || index.some((i, axis) => i >= shape[axis]!)) {
    throw new EigenscopeError('bad-request', `--probe ${text}: the signal's shape is ${shape.join(' × ')}.`);
  }
  return { signal, index };
}

const jsonAxis = ({ values, scale, offset, ...axis }: SignalHeader['axes'][number]) =>
  values === undefined ? { ...axis, scale, offset } : { ...axis, values: [...values] };

/** Numbers JSON does not know become null. */
const finite = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? null : value;

function describeSignal(signal: SignalHeader, index: number): string {
  const bytes = elementCount(signal.shape) * itemSize(signal.dtype);
  const axes = signal.axes.map((axis) => {
    const kind = axis.navigate ? 'navigation' : 'signal';
    const step = axis.values === undefined ? `${axis.scale} per index from ${axis.offset}` : 'listed values';
    return `    ${kind.padEnd(10)} ${axis.name || '(unnamed)'}  ${axis.size}  ${step}  ${axis.units ?? '(unit unknown)'}`;
  });
  const type = signal.signalType === '' ? '' : `  ${signal.signalType}`;
  return [
    `[${index}] ${signal.title || '(untitled)'}${type}`,
    `    ${signal.shape.join(' × ')}  ${signal.dtype}  ${(bytes / 2 ** 20).toFixed(1)} MiB`,
    ...axes,
    ...signal.warnings.map((warning) => `    note: ${warning}`),
  ].join('\n');
}

/** Lists the signals in a file: title, shape, dtype, axes, size in memory. */
export async function info(args: readonly string[], context: Context): Promise<void> {
  const parsed = parseArguments(args, { json: 'switch', stats: 'switch', probe: 'list', ...hintFlags });
  const [file] = takePositionals('info', parsed.positional, ['FILE']);
  const path = resolve(file!);
  const pool = context.pool();
  const header = await pool.run('header', { path, hints: hintsOfFlags(parsed) });
  const probes = (parsed.lists['probe'] ?? []).map((text) => parseProbe(text, header.signals));
  const stats = parsed.switches.has('stats');
  const signals = [];
  for (const [index, signal] of header.signals.entries()) {
    const wanted = probes.filter((probe) => probe.signal === index).map((probe) => probe.index);
    const found = stats || wanted.length > 0 ? await pool.run('inspect', { signal, stats, probes: wanted }) : null;
    signals.push({
      index,
      title: signal.title,
      signalType: signal.signalType,
      shape: signal.shape,
      dtype: signal.dtype,
      bytes: elementCount(signal.shape) * itemSize(signal.dtype),
      axes: signal.axes.map(jsonAxis),
      metadata: signal.metadata,
      ...(signal.warnings.length === 0 ? {} : { warnings: signal.warnings }),
      ...(found?.stats ? { stats: found.stats } : {}),
      ...(wanted.length > 0 ? { probes: found!.probes } : {}),
    });
  }
  if (parsed.switches.has('json')) {
    context.print(JSON.stringify({ file: basename(path), format: header.format, signals }, finite, 1));
    return;
  }
  context.print(`${basename(path)}  ${header.format}`);
  for (const [index, signal] of header.signals.entries()) {
    context.print(describeSignal(signal, index));
    const extra = signals[index]!;
    if ('stats' in extra) context.print(`    ${JSON.stringify(extra.stats, finite)}`);
    if ('probes' in extra) context.print(`    ${JSON.stringify(extra.probes, finite)}`);
  }
}

/** Which signal of a file a command means: --signal N, by default the first. */
export const signalFlag = (text: string | undefined): number => (text === undefined ? 0 : wholeNumber('signal', text));
