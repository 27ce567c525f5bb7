import { EigenscopeError } from '../model/errors.ts';
import type { PixelLayout, SignalHeader } from '../model/signal.ts';
import type { PixelSource } from './pixel-source.ts';

export type CodedLayout = Extract<PixelLayout, { kind: 'coded' }>;

/** Opens the pixels of a signal that only its own decoder can read. */
export type OpenCoded = (layout: CodedLayout, signal: SignalHeader) => Promise<PixelSource> | PixelSource;

/** Every decoder by its name, loaded when it is needed. */
const codecs: Readonly<Record<string, () => Promise<OpenCoded>>> = {};

/** @throws EigenscopeError what the decoder throws: `truncated-file`, `corrupt-file`, `file-changed` … */
export async function openCodedPixels(layout: CodedLayout, signal: SignalHeader): Promise<PixelSource> {
  const load = Object.hasOwn(codecs, layout.codec) ? codecs[layout.codec] : undefined;
  if (load === undefined) {
    throw new EigenscopeError('unsupported-format', `There is no decoder “${layout.codec}” in this version.`);
  }
  return (await load())(layout, signal);
}
