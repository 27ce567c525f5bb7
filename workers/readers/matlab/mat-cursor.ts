import type { EigenscopeError } from '../../model/errors.ts';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt, truncated } from '../file-bytes.ts';
import type { InflateCursor } from '../inflate-cursor.ts';
import { openInflateCursor } from '../inflate-cursor.ts';
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

export const badStream = (path: string): EigenscopeError =>
  corrupt(
    path,
    'a compressed variable cannot be unpacked',
    'a whole deflate stream of the announced size was expected',
  );

/** A cursor over what a compressed element unpacks to; memory stays at a few pieces. Close it after use. */
export const inflateCursor = (file: FileBytes, packed: MatPacked, pieceBytes?: number): InflateCursor =>
  openInflateCursor(file, packed, () => badStream(file.path), pieceBytes);
