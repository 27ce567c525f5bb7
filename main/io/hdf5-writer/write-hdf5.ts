import type { FileHandle } from 'node:fs/promises';
import { itemSize } from '../../../workers/model/dtype.ts';
import { writeAtomically, type WriteOptions } from '../atomic-write.ts';
import { blocksOf, checkLength } from '../npy-writer.ts';
import { writeFully } from '../write-fully.ts';
import { chunkShape, writeChunks } from './chunked-data.ts';
import { writeChunkTree } from './chunk-tree.ts';
import { elementDatatype, variableText } from './datatype.ts';
import {
  attributeMessage,
  chunkedLayout,
  contiguousLayout,
  dataspaceMessage,
  datatypeMessage,
  fillValueMessage,
  filterMessage,
  groupMessages,
  linkMessage,
  objectHeader,
  superblock,
  superblockBytes,
  type Message,
} from './messages.ts';
import { createSink, type Sink } from './sink.ts';
import { createTextHeap, type TextHeap } from './text-heap.ts';
import type { AttributeValue, DatasetNode, GroupNode, Hdf5Node, TextsNode } from './tree.ts';

/** References into the heap of all texts, known once the heap is written. */
type References = Map<AttributeValue | TextsNode, (() => Uint8Array)[]>;

function gatherTexts(node: Hdf5Node, heap: TextHeap, references: References): void {
  if (node.kind === 'texts') {
    references.set(
      node,
      node.values.map((value) => heap.add(value)),
    );
    return;
  }
  for (const value of node.attributes.values()) {
    if (value.kind === 'text' && !references.has(value)) references.set(value, [heap.add(value.value)]);
  }
  if (node.kind === 'group') for (const child of node.children.values()) gatherTexts(child, heap, references);
}

const attributeMessages = (attributes: ReadonlyMap<string, AttributeValue>, references: References): Message[] =>
  [...attributes].map(([name, value]) => attributeMessage(name, value, references.get(value)?.[0]?.() ?? null));

async function storeElements(sink: Sink, path: string, node: DatasetNode): Promise<Message[]> {
  const { dtype, shape, data, storage } = node;
  const size = itemSize(dtype);
  // HDF5 cannot chunk a scalar.
  if (storage.kind === 'deflated' && shape.length > 0) {
    const chunk = chunkShape(shape, size);
    const { chunks, bytes } = await writeChunks(sink, data, shape, chunk, size, storage.level);
    checkLength(path, bytes, dtype, shape);
    const tree = await writeChunkTree(sink, chunks, chunk);
    return [fillValueMessage(true), chunkedLayout(tree, chunk, size), filterMessage(size, storage.level)];
  }
  const address = await sink.align();
  let bytes = 0;
  for await (const block of blocksOf(data)) {
    bytes += block.byteLength;
    await sink.continue(block);
  }
  checkLength(path, bytes, dtype, shape);
  return [fillValueMessage(false), contiguousLayout(address, bytes)];
}

async function writeTexts(sink: Sink, node: TextsNode, references: References): Promise<number> {
  const cells = (references.get(node) ?? []).map((reference) => reference());
  const address = await sink.append(Buffer.concat(cells));
  return sink.append(
    objectHeader([
      dataspaceMessage([cells.length]),
      datatypeMessage(variableText()),
      fillValueMessage(false),
      contiguousLayout(address, 16 * cells.length),
    ]),
  );
}

/** Children first: a header names the addresses of what it holds. */
async function writeNode(sink: Sink, path: string, node: Hdf5Node, references: References): Promise<number> {
  if (node.kind === 'texts') return writeTexts(sink, node, references);
  if (node.kind === 'dataset') {
    const stored = await storeElements(sink, path, node);
    return sink.append(
      objectHeader([
        dataspaceMessage(node.shape),
        datatypeMessage(elementDatatype(node.dtype)),
        ...stored,
        ...attributeMessages(node.attributes, references),
      ]),
    );
  }
  const links: Message[] = [];
  for (const [name, child] of node.children)
    links.push(linkMessage(name, await writeNode(sink, `${path}/${name}`, child, references)));
  return sink.append(objectHeader([...groupMessages(), ...links, ...attributeMessages(node.attributes, references)]));
}

/** Writes the tree into an open, empty file; the superblock, which makes it a file, comes last. */
export async function writeHdf5Into(file: FileHandle, root: GroupNode): Promise<void> {
  const sink = createSink(file, superblockBytes);
  const heap = createTextHeap(sink);
  const references: References = new Map();
  gatherTexts(root, heap, references);
  await heap.flush();
  const address = await writeNode(sink, '', root, references);
  const end = await sink.align();
  await sink.flush();
  await writeFully(file, superblock(address, end), 0);
}

/**
 * Writes a new HDF5 file (readable from HDF5 1.8 on), whole or not at all. Arrays are streamed: the file is limited by the
 * disk, not by memory; addresses have 64 bits.
 * @throws EigenscopeError `exists`, `disk-full`, `not-writable`, `shape-mismatch` (data shorter or longer than their shape)
 */
export async function writeHdf5(path: string, root: GroupNode, options: WriteOptions): Promise<void> {
  await writeAtomically(path, options, (file) => writeHdf5Into(file, root));
}
