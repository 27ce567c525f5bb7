import type { FileBytes } from '../file-bytes.ts';
import { corrupt, decodeText } from '../file-bytes.ts';

/** Everything of a chunk but its 32-byte header. */
const chunkHeaderBytes = 32;
/** Where chunk 0 begins. */
const firstChunk = 0x118;
const recordBytes = 512;
/** A container holds a handful of files; more items than this is damage. */
const mostItems = 65536;

export interface SfsItem {
  name: string;
  /** index of the folder it is in; −1 at the top */
  parent: number;
  isFolder: boolean;
  /** bytes as stored */
  size: number;
  /** the chunk where its list of chunks begins */
  pointerChunk: number;
}

/** The container that Bruker's programs put their files in: chunks of equal size, each naming the next of its chain. */
export interface SfsContainer {
  version: number;
  chunkBytes: number;
  /** bytes of contents in a chunk */
  payloadBytes: number;
  items: readonly SfsItem[];
}

export const sfsMagic = 'AAMVHFSS';

/** Payloads of a chain of chunks, in order, until `length` bytes are there; a chain that leaves the file or runs in circles is refused. */
function readChain(file: FileBytes, chunkBytes: number, first: number, length: number): Uint8Array {
  const payload = chunkBytes - chunkHeaderBytes;
  const bytes = new Uint8Array(length);
  const chunksInFile = Math.ceil((file.size - firstChunk) / chunkBytes);
  let chunk = first;
  for (let done = 0, steps = 0; done < length; done += payload, steps++) {
    if (chunk >= chunksInFile || steps > chunksInFile) {
      throw corrupt(file.path, `its table points to chunk ${chunk}`, `there are ${chunksInFile}`);
    }
    const at = firstChunk + chunk * chunkBytes;
    const next = file.view(at, 4).getUint32(0, true);
    const count = Math.min(payload, length - done);
    file.readInto(bytes.subarray(done, done + count), at + chunkHeaderBytes);
    chunk = next;
  }
  return bytes;
}

/**
 * The table of contents of a container.
 * @throws EigenscopeError `corrupt-file` when it is none or its table is damaged; `truncated-file`
 */
export function readSfs(file: FileBytes): SfsContainer {
  const start = new Uint8Array(8);
  if (file.size >= 0x14c) file.readInto(start, 0);
  if (decodeText(start) !== sfsMagic) {
    throw corrupt(file.path, 'it does not begin with AAMVHFSS', 'a Bruker BCF container was expected');
  }
  const head = file.view(0x124, 40);
  const version = head.getFloat32(0, true);
  const chunkBytes = head.getUint32(4, true);
  const table = head.getUint32(0x1c, true);
  const count = head.getUint32(0x20, true);
  const payloadBytes = chunkBytes - chunkHeaderBytes;
  if (payloadBytes < recordBytes || chunkBytes > 2 ** 28) {
    throw corrupt(file.path, `its chunks have ${chunkBytes} bytes`, 'about 4096 were expected');
  }
  // the items themselves must be in the file
  if (count === 0 || count > mostItems || count * recordBytes > file.size) {
    throw corrupt(file.path, `it lists ${count} items`, 'a few were expected');
  }
  const perChunk = Math.floor(payloadBytes / recordBytes);
  // records do not cross chunks: what is left of each is skipped
  const needed = (Math.ceil(count / perChunk) - 1) * payloadBytes + (((count - 1) % perChunk) + 1) * recordBytes;
  const bytes = readChain(file, chunkBytes, table, needed);
  const view = new DataView(bytes.buffer);
  const items = Array.from({ length: count }, (_, i): SfsItem => {
    const at = Math.floor(i / perChunk) * payloadBytes + (i % perChunk) * recordBytes;
    const name = bytes.subarray(at + 224, at + 480);
    const end = name.indexOf(0);
    return {
      name: decodeText(end < 0 ? name : name.subarray(0, end)),
      parent: view.getInt32(at + 40, true),
      isFolder: bytes[at + 220] === 1,
      size: Number(view.getBigUint64(at + 4, true)),
      pointerChunk: view.getUint32(at, true),
    };
  });
  return { version, chunkBytes, payloadBytes, items };
}

/** The file of this name in a folder at the top of the container. */
export function findItem(container: SfsContainer, folder: string, name: string): SfsItem | undefined {
  const { items } = container;
  return items.find((item) => {
    const parent = items[item.parent];
    return !item.isFolder && item.name === name && parent?.isFolder === true && parent.name === folder;
  });
}

/** Numbers of the chunks that hold an item, in order. */
export function readPointers(file: FileBytes, container: SfsContainer, item: SfsItem): Uint32Array {
  // an item cannot be larger than the file; one that is cut short is read as far as it goes
  if (!(item.size <= 2 * file.size + container.chunkBytes)) {
    throw corrupt(file.path, `${item.name} in it has ${item.size} bytes`, `the whole file has ${file.size}`);
  }
  const count = Math.ceil(item.size / container.payloadBytes);
  const bytes = readChain(file, container.chunkBytes, item.pointerChunk, count * 4);
  const view = new DataView(bytes.buffer);
  return Uint32Array.from({ length: count }, (_, i) => view.getUint32(4 * i, true));
}

/** Position in the file of the contents of a chunk. */
export const payloadPosition = (container: SfsContainer, chunk: number): number =>
  firstChunk + chunkHeaderBytes + chunk * container.chunkBytes;
