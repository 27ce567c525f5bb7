import { Readable } from 'node:stream';
import { createInflate } from 'node:zlib';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt, truncated } from '../file-bytes.ts';
import type { MatPacked } from './mat-node.ts';

/** Bytes read from front to back, from a file or from what a stream unpacks to. */
export interface MatCursor {
  readonly position: number;
  /** Fills `target` with the next bytes. @throws EigenscopeError `truncated-file`, `corrupt-file` */
  fill(target: Uint8Array): Promise<void>;
  /** @throws EigenscopeError `truncated-file`, `corrupt-file` */
  skip(length: number): Promise<void>;
}

export function fileCursor(file: FileBytes, start: number): MatCursor {
  let position = start;
  const advance = (length: number): void => {
    if (position + length > file.size) throw truncated(file.path, position + length, file.size);
    position += length;
  };
  return {
    get position() {
      return position;
    },
    async fill(target) {
      const at = position;
      advance(target.length);
      if (target.length > 4096) file.readInto(target, at);
      else {
        const view = file.view(at, target.length);
        target.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
      }
    },
    async skip(length) {
      advance(length);
    },
  };
}

const pieceBytes = 256 * 1024;

function* compressedPieces(file: FileBytes, packed: MatPacked): Generator<Uint8Array> {
  for (let done = 0; done < packed.length; done += pieceBytes) {
    const piece = new Uint8Array(Math.min(pieceBytes, packed.length - done));
    file.readInto(piece, packed.offset + done);
    yield piece;
  }
}

export const badStream = (path: string): EigenscopeError =>
  corrupt(
    path,
    'a compressed variable cannot be unpacked',
    'a whole deflate stream of the announced size was expected',
  );

/** What a compressed element unpacks to, in order; never more than it announced. */
async function* inflatedPieces(file: FileBytes, packed: MatPacked): AsyncGenerator<Uint8Array> {
  const inflate = createInflate({ chunkSize: 256 * 1024 });
  const source = Readable.from(compressedPieces(file, packed), { objectMode: true });
  source.on('error', (error) => inflate.destroy(error));
  source.pipe(inflate);
  let total = 0;
  try {
    for await (const chunk of inflate) {
      total += (chunk as Uint8Array).length;
      if (total > packed.size) throw badStream(file.path);
      yield chunk as Uint8Array;
    }
  } catch (error) {
    throw error instanceof EigenscopeError ? error : badStream(file.path);
  } finally {
    source.destroy();
    inflate.destroy();
  }
}

/** A cursor over what a compressed element unpacks to; memory stays at a few MiB. Close it after use. */
export function inflateCursor(
  file: FileBytes,
  packed: MatPacked,
): MatCursor & { finish(): Promise<void>; close(): Promise<void> } {
  const pieces = inflatedPieces(file, packed);
  let piece: Uint8Array = new Uint8Array(0);
  let at = 0;
  let position = 0;
  const pass = async (length: number, target: Uint8Array | null): Promise<void> => {
    for (let done = 0; done < length;) {
      if (at === piece.length) {
        const next = await pieces.next();
        if (next.done === true) throw badStream(file.path);
        piece = next.value;
        at = 0;
      }
      const n = Math.min(length - done, piece.length - at);
      target?.set(piece.subarray(at, at + n), done);
      at += n;
      done += n;
    }
    position += length;
  };
  return {
    get position() {
      return position;
    },
    fill: (target) => pass(target.length, target),
    skip: (length) => pass(length, null),
    /** Reads on to the end, where the checksum is. */
    async finish() {
      for (let next = await pieces.next(); next.done !== true; next = await pieces.next());
    },
    async close() {
      await pieces.return(undefined);
    },
  };
}
