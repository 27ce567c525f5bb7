import { basename } from 'node:path';
import { EigenscopeError } from '../../model/errors.ts';
import type { Metadata } from '../../model/signal.ts';
import { decoderOf, type Decoder } from './codecs.ts';
import { elementBytes, elementType2, elementType3, type ElementType } from './element-type.ts';
import { keyBelow } from './keys.ts';
import { readDocument, type ZarrStore } from './store.ts';

/** An array as its description says, checked; nothing of its chunks has been looked at. */
export interface ZarrArray {
  key: string;
  shape: number[];
  /** of one chunk as it is packed: the inner one where chunks lie together in shards */
  chunk: number[];
  type: ElementType;
  /** axes of the array from the slowest to the fastest in the bytes of a chunk */
  order: number[];
  fill: unknown;
  /** key of the chunk, or of the shard, with this index */
  keyOf(index: readonly number[]): string;
  /** in the order of undoing */
  decoders: readonly Decoder[];
  /** how values of variable length are written */
  texts: string | null;
  shard: { shape: number[]; decoders: readonly Decoder[]; indexFirst: boolean } | null;
  attributes: Metadata;
  dimensionNames: (string | null)[] | null;
}

const mostAxes = 32;
/** Above what any writer makes (Blosc's own limit), below what a hostile description may ask memory for. */
const largestChunk = 2 ** 31;

const label = (store: ZarrStore, key: string): string => `${basename(store.path)}${key === '' ? '' : ` › ${key}`}`;

const corruptArray = (store: ZarrStore, key: string, found: string, expected: string): EigenscopeError =>
  new EigenscopeError(
    'corrupt-file',
    `${label(store, key)}: its description gives ${found}, where ${expected}. Copy the store anew, or write it again.`,
    { path: store.path, key },
  );

const unsupportedArray = (store: ZarrStore, key: string, found: string, advice: string): EigenscopeError =>
  new EigenscopeError('unsupported-format', `${label(store, key)} ${found}. ${advice}`, { path: store.path, key });

const printed = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 80);

function sizesAt(store: ZarrStore, key: string, what: string, value: unknown, least: number): number[] {
  const good =
    Array.isArray(value) &&
    value.length <= mostAxes &&
    value.every((size) => Number.isSafeInteger(size) && (size as number) >= least);
  if (good) return value as number[];
  throw corruptArray(store, key, `the ${what} ${printed(value)}`, `a list of whole numbers from ${least} was expected`);
}

function checkChunk(
  store: ZarrStore,
  key: string,
  shape: readonly number[],
  chunk: readonly number[],
  type: ElementType,
): void {
  if (chunk.length !== shape.length)
    throw corruptArray(store, key, `chunks of ${chunk.length} axes`, `${shape.length} were expected`);
  let bytes = Math.max(1, elementBytes(type));
  let count = 1;
  chunk.forEach((size, axis) => {
    bytes *= size;
    count *= Math.max(1, Math.ceil(shape[axis]! / size));
  });
  if (bytes > largestChunk)
    throw corruptArray(store, key, `chunks of ${bytes} bytes`, `at most ${largestChunk} were expected`);
  if (!Number.isSafeInteger(count))
    throw corruptArray(store, key, 'more chunks than can be counted', 'fewer were expected');
}

interface CodecDescription {
  id: string;
  configuration: Record<string, unknown>;
}

function codecsAt(store: ZarrStore, key: string, value: unknown, nameKey: 'id' | 'name'): CodecDescription[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value) || value.length > 16)
    throw corruptArray(store, key, `the codecs ${printed(value)}`, 'a short list was expected');
  return (value as unknown[]).map((codec) => {
    if (typeof codec === 'string') return { id: codec, configuration: {} };
    const record = (codec ?? {}) as Record<string, unknown>;
    const id = record[nameKey];
    if (typeof id !== 'string') throw corruptArray(store, key, `the codec ${printed(codec)}`, 'its name was expected');
    const own = nameKey === 'id' ? record : ((record['configuration'] ?? {}) as Record<string, unknown>);
    return { id, configuration: typeof own === 'object' ? own : {} };
  });
}

const unknownCodec = (store: ZarrStore, key: string, id: string): EigenscopeError =>
  unsupportedArray(
    store,
    key,
    `is packed by “${id.slice(0, 40)}”, which cannot be undone here`,
    'Write it again with Blosc, Zstandard, gzip or without compression.',
  );

const unknownType = (store: ZarrStore, key: string, type: unknown): EigenscopeError =>
  unsupportedArray(
    store,
    key,
    `holds elements of the type ${printed(type)}`,
    'Integers, floats, complex numbers, booleans, RGB pixels and text can be read.',
  );

const textCodecs = new Set(['json2', 'vlen-utf8', 'vlen-bytes']);

function parseArray2(
  store: ZarrStore,
  key: string,
  document: Record<string, unknown>,
  attributes: Metadata,
): ZarrArray {
  const type = elementType2(document['dtype']);
  if (type === null) throw unknownType(store, key, document['dtype']);
  const shape = sizesAt(store, key, 'shape', document['shape'], 0);
  const chunk = sizesAt(store, key, 'shape of chunks', document['chunks'], 1);
  checkChunk(store, key, shape, chunk, type);
  const compressor = document['compressor'];
  const filters = codecsAt(store, key, document['filters'], 'id');
  const texts = type.kind === 'variable' ? (filters.shift()?.id ?? null) : null;
  if (type.kind === 'variable' && (texts === null || !textCodecs.has(texts))) {
    const advice = 'Only text can be read from such arrays; objects are never unpickled, ragged data cannot be shown.';
    throw unsupportedArray(store, key, `holds Python objects (${texts ?? 'without a codec'})`, advice);
  }
  const steps = [
    ...codecsAt(store, key, compressor === null || compressor === undefined ? [] : [compressor], 'id'),
    ...filters.reverse(),
  ];
  const element = type.kind === 'number' ? { ...type, name: document['dtype'] } : null;
  const decoders = steps.map(({ id, configuration }) => {
    const decoder = decoderOf(id, configuration, element);
    if (decoder === null) throw unknownCodec(store, key, id);
    return decoder;
  });
  const separator = document['dimension_separator'] === '/' ? '/' : '.';
  const axes = shape.map((_, axis) => axis);
  return {
    key,
    shape,
    chunk,
    type,
    order: document['order'] === 'F' ? axes.toReversed() : axes,
    fill: document['fill_value'],
    keyOf: (index) => keyBelow(key, index.length === 0 ? '0' : index.join(separator)),
    decoders,
    texts,
    shard: null,
    attributes,
    dimensionNames: namesOf(attributes['_ARRAY_DIMENSIONS'], shape.length),
  };
}

const namesOf = (value: unknown, rank: number): (string | null)[] | null =>
  Array.isArray(value) && value.length === rank
    ? (value as unknown[]).map((name) => (typeof name === 'string' && name !== '' ? name : null))
    : null;

/** Codecs of version 3 in their three parts: what turns axes, what makes bytes, what packs bytes. */
interface Chain {
  order: number[];
  littleEndian: boolean;
  texts: string | null;
  sharding: Record<string, unknown> | null;
  decoders: Decoder[];
}

function parseChain(store: ZarrStore, key: string, value: unknown, rank: number): Chain {
  let order = Array.from({ length: rank }, (_, axis) => axis);
  const chain: Omit<Chain, 'order'> = { littleEndian: true, texts: null, sharding: null, decoders: [] };
  let isBytes = false;
  for (const { id, configuration } of codecsAt(store, key, value, 'name')) {
    if (!isBytes && id === 'transpose') {
      const turn = configuration['order'];
      const good =
        Array.isArray(turn) &&
        turn.length === rank &&
        new Set(turn).size === rank &&
        turn.every((axis) => Number.isInteger(axis) && axis >= 0 && axis < rank);
      if (!good) throw corruptArray(store, key, `the order of axes ${printed(turn)}`, 'each axis once was expected');
      order = (turn as number[]).map((axis) => order[axis]!);
    } else if (!isBytes && (id === 'bytes' || id === 'endian')) {
      chain.littleEndian = configuration['endian'] !== 'big';
      isBytes = true;
    } else if (!isBytes && textCodecs.has(id)) {
      chain.texts = id;
      isBytes = true;
    } else if (!isBytes && id === 'sharding_indexed') {
      chain.sharding = configuration;
      isBytes = true;
    } else {
      const decoder = isBytes ? decoderOf(id, configuration, null) : null;
      if (decoder === null) throw unknownCodec(store, key, id);
      chain.decoders.unshift(decoder);
    }
  }
  if (!isBytes) throw corruptArray(store, key, 'no codec that makes bytes', 'one was expected');
  return { ...chain, order };
}

function parseArray3(
  store: ZarrStore,
  key: string,
  document: Record<string, unknown>,
  attributes: Metadata,
): ZarrArray {
  const shape = sizesAt(store, key, 'shape', document['shape'], 0);
  const grid = (document['chunk_grid'] ?? {}) as { name?: unknown; configuration?: { chunk_shape?: unknown } };
  if (grid.name !== 'regular')
    throw unsupportedArray(
      store,
      key,
      `is cut into chunks by “${printed(grid.name)}”`,
      'Only regular chunks can be read; write it again with those.',
    );
  const outer = sizesAt(store, key, 'shape of chunks', grid.configuration?.chunk_shape, 1);
  if (Array.isArray(document['storage_transformers']) && document['storage_transformers'].length > 0)
    throw unsupportedArray(store, key, 'uses storage transformers', 'Write it again without.');
  let chain = parseChain(store, key, document['codecs'], shape.length);
  let chunk = outer;
  let shard: ZarrArray['shard'] = null;
  if (chain.sharding !== null) {
    const { chunk_shape: inner, codecs, index_codecs: indexCodecs, index_location: place } = chain.sharding;
    if (chain.decoders.length > 0 || chain.order.some((axis, i) => axis !== i))
      throw unsupportedArray(
        store,
        key,
        'packs or turns whole shards',
        'Write it again with the codecs inside of the shards.',
      );
    chunk = sizesAt(store, key, 'shape of chunks in a shard', inner, 1);
    if (chunk.length !== outer.length || chunk.some((size, axis) => outer[axis]! % size !== 0))
      throw corruptArray(
        store,
        key,
        `shards of ${printed(outer)} with chunks of ${printed(chunk)}`,
        'whole chunks in each shard were expected',
      );
    const index = parseChain(store, key, indexCodecs ?? [{ name: 'bytes' }, { name: 'crc32c' }], shape.length + 1);
    chain = parseChain(store, key, codecs, shape.length);
    const plain =
      index.sharding === null &&
      index.texts === null &&
      index.littleEndian &&
      index.order.every((axis, i) => axis === i);
    // the place of an index that is packed could not be known
    if (!plain || index.decoders.some(({ name }) => name !== 'crc32c') || chain.sharding !== null)
      throw unsupportedArray(
        store,
        key,
        'nests or packs the tables of its shards',
        'Write it again with plain tables.',
      );
    shard = { shape: outer, decoders: index.decoders, indexFirst: place === 'start' };
  }
  const type = elementType3(document['data_type'], chain.littleEndian);
  if (type === null || (type.kind === 'variable') !== (chain.texts !== null))
    throw unknownType(store, key, document['data_type']);
  checkChunk(store, key, shape, chunk, type);
  if (shard !== null && outer.reduce((n, size, axis) => n * (size / chunk[axis]!), 16) > largestChunk / 16)
    throw corruptArray(
      store,
      key,
      `shards of ${printed(outer)} in chunks of ${printed(chunk)}`,
      'fewer chunks to the shard were expected',
    );
  const encoding = (document['chunk_key_encoding'] ?? {}) as {
    name?: unknown;
    configuration?: { separator?: unknown };
  };
  const old = encoding.name === 'v2';
  const separator = (encoding.configuration?.separator ?? (old ? '.' : '/')) === '.' ? '.' : '/';
  return {
    key,
    shape,
    chunk,
    type,
    order: chain.order,
    fill: document['fill_value'],
    keyOf: (index) =>
      keyBelow(key, old ? (index.length === 0 ? '0' : index.join(separator)) : ['c', ...index].join(separator)),
    decoders: chain.decoders,
    texts: chain.texts,
    shard,
    attributes,
    dimensionNames:
      namesOf(document['dimension_names'], shape.length) ?? namesOf(attributes['_ARRAY_DIMENSIONS'], shape.length),
  };
}

const treeAt = (value: unknown): Metadata =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Metadata) : {};

/** What stands at a key: a group, an array, or nothing of Zarr's. */
export type ZarrNode =
  | { kind: 'group'; attributes: Metadata }
  | { kind: 'array'; document: Record<string, unknown>; version: 2 | 3; attributes: Metadata };

/**
 * The node at a key by its documents, version 3 first. A folder without any document that holds something is a group.
 * @throws EigenscopeError `corrupt-file`
 */
export function nodeAt(store: ZarrStore, key: string): ZarrNode | null {
  const document3 = readDocument(store, keyBelow(key, 'zarr.json'));
  if (document3 !== null) {
    const attributes = treeAt(document3['attributes']);
    return document3['node_type'] === 'array'
      ? { kind: 'array', document: document3, version: 3, attributes }
      : { kind: 'group', attributes };
  }
  const document2 = readDocument(store, keyBelow(key, '.zarray'));
  const attributes = treeAt(readDocument(store, keyBelow(key, '.zattrs')) ?? {});
  if (document2 !== null) return { kind: 'array', document: document2, version: 2, attributes };
  return store.children(key).length > 0 ? { kind: 'group', attributes } : null;
}

/**
 * The array of a node.
 * @throws EigenscopeError `corrupt-file` for impossible descriptions, `unsupported-format` for what cannot be read
 */
export function arrayOf(store: ZarrStore, key: string, node: ZarrNode): ZarrArray | null {
  if (node.kind === 'group') return null;
  return node.version === 3
    ? parseArray3(store, key, node.document, node.attributes)
    : parseArray2(store, key, node.document, node.attributes);
}
