import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ready, File, type Group } from 'h5wasm/node';

type Numbers =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** a text of fixed length, as the libraries of C write attributes */
interface Fixed {
  fixed: string;
}
type Value = string | number | readonly string[] | Numbers | Fixed;
type Attributes = Readonly<Record<string, Value>>;

export interface DatasetNode {
  data: Numbers | readonly string[];
  shape?: readonly number[];
  /** whole and deflated in chunks of this shape */
  chunks?: readonly number[];
  gzip?: number;
  attributes?: Attributes;
}

export interface GroupNode {
  children: Readonly<Record<string, DatasetNode | GroupNode>>;
  attributes?: Attributes;
}

export const array = (
  data: Numbers,
  shape: readonly number[],
  more: Omit<DatasetNode, 'data' | 'shape'> = {},
): DatasetNode => ({
  data,
  shape,
  ...more,
});
export const texts = (...data: string[]): DatasetNode => ({ data });
export const fixed = (text: string): Fixed => ({ fixed: text });
export const group = (children: GroupNode['children'], attributes: Attributes = {}): GroupNode => ({
  children,
  attributes,
});

function fill(into: Group, { children, attributes = {} }: GroupNode): void {
  setAttributes(into, attributes);
  for (const [name, node] of Object.entries(children)) {
    if ('children' in node) {
      fill(into.create_group(name), node);
      continue;
    }
    const { data, shape, chunks, gzip } = node;
    const made = into.create_dataset({
      name,
      data: data as Numbers | string[],
      ...(shape === undefined ? {} : { shape: [...shape] }),
      ...(chunks === undefined ? {} : { chunks: [...chunks] }),
      ...(gzip === undefined ? {} : { compression: gzip }),
    });
    setAttributes(made, node.attributes ?? {});
  }
}

/** Whole numbers are stored as integers, others as doubles; texts with any length, where nothing else is asked for. */
function setAttributes(owner: Pick<Group, 'create_attribute'>, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'number' && Number.isInteger(value)) owner.create_attribute(name, value, [], '<i4');
    else if (typeof value === 'object' && 'fixed' in value)
      owner.create_attribute(name, value.fixed, [], `A${value.fixed.length}`);
    else owner.create_attribute(name, value as string | number | string[] | Numbers);
  }
}

/** The bytes of an HDF5 file with these groups and data sets, written by the HDF5 library itself. */
export async function buildHdf5(root: GroupNode): Promise<Uint8Array> {
  await ready;
  const folder = mkdtempSync(join(tmpdir(), 'eigenscope-hdf5-'));
  try {
    const path = join(folder, 'built.h5');
    const file = new File(path, 'w');
    fill(file, root);
    file.close();
    return new Uint8Array(readFileSync(path));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
