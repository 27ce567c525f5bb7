import { basename } from 'node:path';
import type { DType } from '../model/dtype.ts';
import { itemSize } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';

/**
 * Bytes of an array that a header announces, checked so that nothing that follows can overflow.
 * @throws EigenscopeError `corrupt-file` when there is no axis, an axis is empty, or the product passes 2^53
 */
export function checkedBytes(path: string, shape: readonly number[], dtype: DType): number {
  const name = basename(path);
  const printed = `[${shape.slice(0, 12).join(', ')}${shape.length > 12 ? ', …' : ''}]`;
  if (shape.length === 0 || shape.some((size) => !(Number.isSafeInteger(size) && size > 0))) {
    throw new EigenscopeError(
      'corrupt-file',
      `${name} announces an array of shape ${printed}; every size must be at least 1. There is nothing in it to show.`,
      { path },
    );
  }
  let bytes = itemSize(dtype);
  for (const size of shape) {
    bytes *= size;
    if (bytes > Number.MAX_SAFE_INTEGER) {
      throw new EigenscopeError(
        'corrupt-file',
        `${name} announces an array of shape ${printed}, more than any file can hold. Its header is damaged; copy the file anew.`,
        { path },
      );
    }
  }
  return bytes;
}
