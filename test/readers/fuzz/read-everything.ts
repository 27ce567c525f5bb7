import { elementCount, itemSize } from '../../../workers/model/dtype.ts';
import { EigenscopeError } from '../../../workers/model/errors.ts';
import type { SignalHeader } from '../../../workers/model/signal.ts';
import { loadCube, probe, stats } from '../../../workers/readers/pixels.ts';
import { openHeader } from '../../../workers/readers/registry.ts';

/** Larger signals are looked at, not loaded: the window would ask first, too. */
const mostLoaded = 32 * 2 ** 20;
const mostSignals = 12;

/** Read, refused in a proper sentence, or what went wrong. */
export type Outcome = 'read' | 'refused' | { problem: string };

async function readSignal(signal: SignalHeader): Promise<void> {
  if (!signal.shape.every((n) => Number.isSafeInteger(n) && n > 0)) {
    throw new Error(`a shape that is none: ${signal.shape.join(', ')}`);
  }
  if (signal.axes.length !== signal.shape.length) throw new Error('axes do not fit the shape');
  const bytes = elementCount(signal.shape) * itemSize(signal.dtype);
  if (!Number.isSafeInteger(bytes)) throw new Error(`impossible size ${bytes}`);
  await probe(
    signal,
    signal.shape.map(() => 0),
  );
  await probe(
    signal,
    signal.shape.map((n) => n - 1),
  );
  if (bytes > mostLoaded) return;
  await loadCube(signal, new SharedArrayBuffer(bytes));
  await stats(signal);
}

/** Reads all there is to read of a file: header, corners, the cube, its statistics. */
export async function readEverything(path: string): Promise<Outcome> {
  try {
    const { signals } = await openHeader(path);
    let refusals = 0;
    for (const signal of signals.slice(0, mostSignals)) {
      try {
        await readSignal(signal);
      } catch (error) {
        const problem = judge(error);
        if (problem !== null) return { problem };
        refusals++;
      }
    }
    return refusals === 0 ? 'read' : 'refused';
  } catch (error) {
    const problem = judge(error);
    return problem === null ? 'refused' : { problem };
  }
}

/** Refusals are sentences of our own; anything else is a crash. */
function judge(error: unknown): string | null {
  if (!(error instanceof EigenscopeError))
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const { length } = error.message;
  return length > 20 && length < 1000 ? null : `a refusal of ${length} characters: ${error.message.slice(0, 200)}`;
}
