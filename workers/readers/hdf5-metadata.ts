import { elementCount } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { Metadata, MetadataValue } from '../model/signal.ts';
import type { Hdf5File } from './hdf5-open.ts';
import { childNames, childPath, kindOf, objectAddress } from './hdf5-tree.ts';
import { describeDataset, readAttributes, readDatasetValue } from './hdf5-values.ts';

const mostLeaves = 20_000;
const longestList = 256;
const deepest = 32;

/**
 * Scalars, short lists and attributes below a group as a tree of JSON. Attributes of data sets stand under `<name>@`.
 * Longer arrays are left out: they are signals of their own.
 */
export function readHdf5Metadata(file: Hdf5File, root: string, warnings: string[]): Metadata {
  let leaves = 0;
  const put = (tree: Metadata, key: string, value: MetadataValue): void => {
    leaves += 1;
    Object.defineProperty(tree, key, { value, enumerable: true, configurable: true, writable: true });
  };

  const putDataset = (tree: Metadata, name: string, path: string): void => {
    try {
      const { shape } = describeDataset(file, path);
      if (!shape || elementCount(shape) <= longestList) put(tree, name, readDatasetValue(file, path));
      const attributes = Object.fromEntries(readAttributes(file, path, warnings));
      if (Object.keys(attributes).length > 0) put(tree, `${name}@`, attributes);
    } catch (thrown) {
      if (!(thrown instanceof EigenscopeError) || thrown.cause instanceof WebAssembly.RuntimeError) throw thrown;
      warnings.push(thrown.message);
    }
  };

  const visit = (path: string, above: readonly bigint[]): Metadata => {
    const tree: Metadata = {};
    const address = objectAddress(file, path);
    if (above.includes(address) || above.length > deepest) return tree;
    for (const [name, value] of readAttributes(file, path, warnings)) put(tree, name, value);
    for (const name of childNames(file, path)) {
      if (leaves > mostLeaves) break;
      const child = childPath(path, name);
      const kind = kindOf(file, child);
      if (kind === 'group') put(tree, name, visit(child, [...above, address]));
      else if (kind === 'dataset') putDataset(tree, name, child);
    }
    return tree;
  };

  const tree = visit(root, []);
  if (leaves > mostLeaves)
    warnings.push(`The file has more than ${mostLeaves} entries of metadata; the rest was left out.`);
  return tree;
}
