import { EigenscopeError } from '../../../workers/model/errors.ts';
import { buildBytes, undefinedAddress } from './bytes.ts';
import { elementDatatype, variableText } from './datatype.ts';
import { lookup3 } from './lookup3.ts';
import type { AttributeValue } from './tree.ts';

/* Object header messages: HDF5 file format specification, IV.A.2. */

export interface Message {
  type: number;
  data: Uint8Array;
}

export const dataspaceMessage = (shape: readonly number[]): Message => ({ type: 0x01, data: dataspace(shape) });

function dataspace(shape: readonly number[]): Uint8Array {
  const space = buildBytes()
    .u8(2)
    .u8(shape.length)
    .u8(0)
    .u8(shape.length === 0 ? 0 : 1);
  for (const size of shape) space.u64(size);
  return space.done();
}

export const datatypeMessage = (datatype: Uint8Array): Message => ({ type: 0x03, data: datatype });

/** No fill value of its own; space is taken late (contiguous) or chunk by chunk. */
export const fillValueMessage = (isChunked: boolean): Message => ({
  type: 0x05,
  data: Uint8Array.of(3, (isChunked ? 3 : 2) | (2 << 2)),
});

/** Data behind one another from an address on; an empty array has none. */
export const contiguousLayout = (address: number, bytes: number): Message => ({
  type: 0x08,
  data: buildBytes()
    .u8(3)
    .u8(1)
    .u64(bytes === 0 ? undefinedAddress : address)
    .u64(bytes)
    .done(),
});

/** Data in chunks that a version 1 B-tree finds: what every HDF5 library reads. */
export function chunkedLayout(tree: number | null, chunk: readonly number[], itemBytes: number): Message {
  const layout = buildBytes()
    .u8(3)
    .u8(2)
    .u8(chunk.length + 1)
    .u64(tree ?? undefinedAddress);
  for (const size of [...chunk, itemBytes]) layout.u32(size);
  return { type: 0x08, data: layout.done() };
}

/** Shuffle (2), then deflate (1). */
export const filterMessage = (itemBytes: number, level: number): Message => ({
  type: 0x0b,
  data: buildBytes().u8(2).u8(2).u16(2).u16(1).u16(1).u32(itemBytes).u16(1).u16(1).u16(1).u32(level).done(),
});

/** A group whose links stand in its object header, however many. */
export const groupMessages = (): Message[] => [
  { type: 0x02, data: buildBytes().u8(0).u8(0).u64(undefinedAddress).u64(undefinedAddress).done() },
  { type: 0x0a, data: Uint8Array.of(0, 0) },
];

/** A hard link with a UTF-8 name. */
export function linkMessage(name: string, address: number): Message {
  const bytes = new TextEncoder().encode(name);
  const width = bytes.length < 256 ? 0 : 1;
  const link = buildBytes()
    .u8(1)
    .u8(0x10 | width)
    .u8(1);
  (width === 0 ? link.u8(bytes.length) : link.u16(bytes.length)).raw(bytes).u64(address);
  return { type: 0x06, data: link.done() };
}

function attributeData(value: AttributeValue, reference: Uint8Array | null): { type: Uint8Array; data: Uint8Array } {
  switch (value.kind) {
    case 'text':
      return { type: variableText(), data: reference ?? new Uint8Array(16) };
    case 'integer':
      return { type: elementDatatype('int64'), data: buildBytes().i64(value.value).done() };
    case 'float':
      return { type: elementDatatype('float64'), data: buildBytes().f64(value.value).done() };
    case 'boolean':
      return { type: elementDatatype('bool'), data: Uint8Array.of(value.value ? 1 : 0) };
  }
}

/** A scalar attribute with a UTF-8 name. @param reference of a text in the global heap */
export function attributeMessage(name: string, value: AttributeValue, reference: Uint8Array | null): Message {
  const bytes = new TextEncoder().encode(name);
  const { type, data } = attributeData(value, reference);
  const space = dataspace([]);
  const attribute = buildBytes()
    .u8(3)
    .u8(0)
    .u16(bytes.length + 1)
    .u16(type.length)
    .u16(space.length)
    .u8(1)
    .raw(bytes)
    .u8(0)
    .raw(type)
    .raw(space)
    .raw(data);
  return { type: 0x0c, data: attribute.done() };
}

/** A version 2 object header in one block, with its checksum. */
export function objectHeader(messages: readonly Message[]): Uint8Array {
  const body = buildBytes();
  for (const { type, data } of messages) {
    if (data.length > 0xffff) {
      throw new EigenscopeError('bad-request', `A name of ${data.length} bytes is too long for HDF5.`, {
        bytes: data.length,
      });
    }
    body.u8(type).u16(data.length).u8(0).raw(data);
  }
  const header = buildBytes().text('OHDR').u8(2).u8(0x02).u32(body.length).raw(body.done()).done();
  return buildBytes().raw(header).u32(lookup3(header)).done();
}

/** Version 2 superblock: 64-bit addresses, no user block, no extension. */
export function superblock(root: number, endOfFile: number): Uint8Array {
  const block = buildBytes()
    .raw(Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a))
    .u8(2)
    .u8(8)
    .u8(8)
    .u8(0)
    .u64(0)
    .u64(undefinedAddress)
    .u64(endOfFile)
    .u64(root)
    .done();
  return buildBytes().raw(block).u32(lookup3(block)).done();
}

export const superblockBytes = 48;
