import { basename, resolve } from 'node:path';
import { EigenscopeError } from '../../../../workers/model/errors.ts';
import { requireHolds, requireSignalFormat } from '../../../io/signal-writers.ts';
import { writeSignalFile } from '../../../services/export-files.ts';
import { readHeader } from '../../../services/read-header.ts';
import { parseArguments, takePositionals } from '../arguments.ts';
import type { Context } from '../context.ts';
import { hintFlags, hintsOfFlags } from '../hint-flags.ts';
import { signalFlag } from './info.ts';

/** Reads any supported file and writes another format, by its extension. */
export async function convert(args: readonly string[], context: Context): Promise<void> {
  const parsed = parseArguments(args, { signal: 'value', force: 'switch', ...hintFlags });
  const [from, to] = takePositionals('convert', parsed.positional, ['IN', 'OUT']);
  const path = resolve(from!);
  const target = resolve(to!);
  requireSignalFormat(target);
  const header = await readHeader(context.pool(), path, hintsOfFlags(parsed));
  const index = signalFlag(parsed.values['signal']);
  const signal = header.signals[index];
  if (signal === undefined) {
    throw new EigenscopeError(
      'bad-request',
      `--signal ${index}: ${basename(path)} holds ${header.signals.length} signals, numbered from 0.`,
    );
  }
  for (const warning of signal.warnings) context.warn(warning);
  requireHolds(target, signal);
  context.progress.stage('convert', `writing ${basename(target)}`);
  const written = await writeSignalFile(context.pool(), target, signal, null, parsed.switches.has('force'));
  context.progress.end();
  for (const note of written.notes) context.warn(note);
  for (const file of written.files) context.print(file);
}
