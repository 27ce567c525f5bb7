import { elementCount } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { ZarrArray } from './array-metadata.ts';
import { elementBytes } from './element-type.ts';
import { keyBelow } from './keys.ts';
import type { ZarrStore } from './store.ts';

/** An array up to this size may be all fill. */
const harmlessBytes = 64 * 2 ** 20;
/** Of a larger one at least one part in so many has to be in the store: sparse maps are, invented sizes are not. */
const sparsest = 64;
/** Zstandard's best: a block of 128 KiB of one value in four bytes. */
const bestRatio = 32_768;

/**
 * Refuses an array that declares far more than the chunks in the store can hold, before anybody asks for memory for it.
 * Looks at no more chunks than it takes to know.
 * @throws EigenscopeError `truncated-file`
 */
export function checkPlausible(store: ZarrStore, array: ZarrArray): void {
  const size = elementBytes(array.type);
  const bytes = elementCount(array.shape) * size;
  if (bytes <= harmlessBytes) return;
  const least = bytes / sparsest;
  const perKey = elementCount(array.shard?.shape ?? array.chunk) * size;
  const ratio = array.decoders.length === 0 ? 1 : bestRatio;
  let found = 0;
  const depth = array.shape.length + 2;
  const visit = (key: string, level: number): void => {
    for (const name of store.children(key)) {
      if (found >= least) return;
      if (name.startsWith('.z') || name === 'zarr.json') continue;
      const below = keyBelow(key, name);
      const value = store.open(below);
      if (value !== null) found += Math.min(perKey, value.size * ratio);
      else if (level < depth) visit(below, level + 1);
    }
  };
  visit(array.key, 0);
  if (found >= least) return;
  throw new EigenscopeError(
    'truncated-file',
    `${store.path}: the array /${array.key} says it has ${bytes} bytes, but its chunks can hold ${found} at most: the rest was never written or did not come along. Copy the store anew, with all its folders.`,
    { path: store.path, key: array.key, expected: bytes, found },
  );
}
