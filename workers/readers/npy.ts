import { parse } from 'node:path';
import { checkedBytes } from './array-size.ts';
import { truncated, withFile } from './file-bytes.ts';
import { isNpy, npyHeaderBytes, parseNpyHeader } from './numpy-format.ts';
import { npySignal } from './numpy-signal.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { Reader } from './reader.ts';

/** One array of NumPy. It carries no calibration: axes are what a person says, or indices. */
export const npyReader: Reader = {
  id: 'numpy',
  title: 'NumPy array',
  extensions: ['npy'],
  probe: (head) => (isNpy(head) ? 1 : 0),
  async header(path, hints) {
    return withFile(path, (file) => {
      const prefix = file.view(0, Math.min(12, file.size));
      const length = npyHeaderBytes(new Uint8Array(prefix.buffer, prefix.byteOffset, prefix.byteLength), path);
      const view = file.view(0, length);
      const header = parseNpyHeader(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), path);
      if (header.shape.length === 0) {
        throw new EigenscopeError(
          'unsupported-format',
          `${file.name} holds a single number, not an array. Save an array with at least one axis.`,
          { path },
        );
      }
      const needed = header.dataOffset + checkedBytes(path, header.shape, header.dtype);
      if (file.size < needed) throw truncated(path, needed, file.size);
      const data = { path, offset: header.dataOffset, ...file.stamp() };
      return { format: 'numpy', signals: [npySignal(file.name, parse(path).name, header, data, hints)] };
    });
  },
};
