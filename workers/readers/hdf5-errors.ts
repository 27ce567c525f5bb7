import { EigenscopeError } from '../model/errors.ts';
import { filterTitle } from './hdf5-filters.ts';
import { markLeftOpen, retireHdf5Library } from './hdf5-library.ts';

/** The innermost sentences of the library's error stack, without addresses of its sources. */
function innermostReason(stack: string): string {
  const reasons = [...stack.matchAll(/^\s*#\d+: .*? in \w+\(\): (.*)$/gm)].map((match) => match[1] ?? '');
  return (reasons.at(-1) ?? stack.split('\n')[0] ?? '').slice(0, 300);
}

/** Device and number of the files opened last, by path. */
const identities = new Map<string, string>();
const mostIdentities = 1024;

/** Notes which file a path stands for while it is open. */
export function noteIdentity(path: string, identity: string): void {
  identities.delete(path);
  identities.set(path, identity);
  for (const oldest of identities.keys()) {
    if (identities.size <= mostIdentities) break;
    identities.delete(oldest);
  }
}

/** A trap of the WebAssembly instance (as opposed to an error that the library reports itself). */
const isTrap = (thrown: unknown): boolean =>
  thrown instanceof WebAssembly.RuntimeError ||
  (thrown instanceof RangeError && /call stack/i.test(thrown.message)) ||
  (thrown instanceof Error && /^Aborted|memory access out of bounds|unreachable/.test(thrown.message));

/**
 * Turns what a call into the HDF5 library threw into an error a person can act on.
 * @param doing what was being read, e.g. 'the data set /Experiments/x/data'
 */
export function explainHdf5Failure(path: string, doing: string, thrown: unknown): EigenscopeError {
  if (thrown instanceof EigenscopeError) return thrown;
  const identity = identities.get(path);
  if (identity !== undefined) markLeftOpen(identity);
  if (isTrap(thrown)) {
    retireHdf5Library();
    return new EigenscopeError(
      'corrupt-file',
      `${path} is damaged: the HDF5 library broke off while reading ${doing}. Copy the file again from its source.`,
      { path },
      thrown,
    );
  }
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const missing =
    /required filter '([^']*)' is not registered/.exec(text) ??
    /filter (\d+).*not (?:registered|available)/i.exec(text);
  if (missing) return missingFilter(path, doing, missing[1] ?? '');
  if (/external raw data file/.test(text)) {
    return new EigenscopeError(
      'unsupported-format',
      `${path}: ${doing} has its numbers in a file of their own, which cannot be read through this one. Open that file as numbers without a header, or put both together with h5repack.`,
      { path },
      thrown,
    );
  }
  if (/truncated file/.test(text)) {
    return new EigenscopeError(
      'truncated-file',
      `${path} is shorter than it says itself (${innermostReason(text)}). ` +
        'It may still be copying; try again, or copy it again from its source.',
      { path },
      thrown,
    );
  }
  return new EigenscopeError(
    'corrupt-file',
    `${path}: ${doing} cannot be read (${innermostReason(text)}). The file may be damaged; copy it again from its source.`,
    { path },
    thrown,
  );
}

/** The array is packed with a compression that this build cannot undo. */
export function missingFilter(path: string, doing: string, filter: number | string): EigenscopeError {
  const title = typeof filter === 'number' ? filterTitle(filter) : filter;
  return new EigenscopeError(
    'unsupported-format',
    `${path}: ${doing} is compressed with the HDF5 filter ${title}, which Eigenscope does not have. ` +
      'Save the file again with gzip or without compression, e.g. with h5repack -f GZIP=4.',
    { path, filter: String(filter) },
  );
}

/** The array is packed with a compression that is undone here chunk by chunk, but its chunks cannot be found. */
export const unfoundChunks = (path: string, doing: string, filter: number): EigenscopeError =>
  new EigenscopeError(
    'unsupported-format',
    `${path}: the chunks of ${doing}, compressed with the HDF5 filter ${filterTitle(filter)}, cannot be found: they are ` +
      'in another file, kept in a way that Eigenscope does not know, or damaged. Open the file that holds the array ' +
      'itself, or save it again with gzip, e.g. with h5repack -f GZIP=4.',
    { path, filter: String(filter) },
  );
