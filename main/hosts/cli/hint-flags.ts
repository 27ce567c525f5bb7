import { parseReadHints, type ReadHints } from '../../../workers/model/read-hints.ts';
import { EigenscopeError } from '../../../workers/model/errors.ts';
import type { FlagKind, ParsedArguments } from './arguments.ts';

/** Flags of every command that reads a file, for what the file does not say itself. */
export const hintFlags = {
  dataset: 'value',
  'navigation-shape': 'value',
  'signal-shape': 'value',
  frames: 'value',
  'sum-frames': 'value',
  detector: 'value',
  'raw-type': 'value',
  'raw-offset': 'value',
  'raw-order': 'value',
  'raw-big-endian': 'switch',
} as const satisfies Record<string, FlagKind>;

const numbers = (text: string): number[] => text.split(/[,x]/).map((part) => (part.trim() === '' ? NaN : Number(part)));

function flagOf(text: string, name: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new EigenscopeError('bad-request', `--${name} takes true or false; got “${text}”.`);
}

/**
 * What the flags of a command say about its file.
 * @throws EigenscopeError `bad-request`
 */
export function hintsOfFlags({ values, switches }: ParsedArguments): ReadHints {
  const told: Record<string, unknown> = {};
  if (values['dataset'] !== undefined) told['dataset'] = values['dataset'];
  if (values['navigation-shape'] !== undefined) told['navigationShape'] = numbers(values['navigation-shape']);
  if (values['signal-shape'] !== undefined) told['signalShape'] = numbers(values['signal-shape']);
  if (values['frames'] !== undefined) told['frames'] = numbers(values['frames']);
  if (values['sum-frames'] !== undefined) told['sumFrames'] = flagOf(values['sum-frames'], 'sum-frames');
  if (values['detector'] !== undefined) told['detector'] = Number(values['detector']);
  if (values['raw-type'] !== undefined) {
    told['raw'] = {
      dtype: values['raw-type'],
      ...(values['raw-offset'] === undefined ? {} : { offset: Number(values['raw-offset']) }),
      ...(values['raw-order'] === undefined ? {} : { order: values['raw-order'] }),
      littleEndian: !switches.has('raw-big-endian'),
    };
  }
  return parseReadHints(told, 'flags');
}
