import { decodeText, latin1 } from '../file-bytes.ts';
import type { FileBytes } from '../file-bytes.ts';

/** A text file as one byte per character, whatever its encoding; what is no ASCII matters in names only. */
export interface TextBytes {
  /** characters (UTF-16) or bytes (everything else) after the byte order mark */
  size: number;
  /** Fills `target` from a character on. @throws EigenscopeError `truncated-file`, `not-readable` */
  readInto(target: Uint8Array, position: number): void;
  /** The same characters as a person reads them. */
  text(position: number, length: number): string;
}

export type TextEncoding = 'bytes' | 'utf-16le' | 'utf-16be';

/** The encoding by byte order mark, or by every second byte being zero. */
export function encodingOf(head: Uint8Array): { encoding: TextEncoding; mark: number } {
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', mark: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', mark: 2 };
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'bytes', mark: 3 };
  const pairs = Math.min(32, head.length >> 1);
  const zeros = (from: number): boolean => {
    for (let i = 0; i < pairs; i++) if (head[2 * i + from] !== 0 || head[2 * i + 1 - from] === 0) return false;
    return pairs >= 4;
  };
  if (zeros(1)) return { encoding: 'utf-16le', mark: 0 };
  if (zeros(0)) return { encoding: 'utf-16be', mark: 0 };
  return { encoding: 'bytes', mark: 0 };
}

/** The low bytes of 16-bit characters; characters beyond Latin-1 become `?`. */
export function narrow(wide: Uint8Array, encoding: TextEncoding, target: Uint8Array): void {
  const low = encoding === 'utf-16le' ? 0 : 1;
  for (let i = 0; i < target.length; i++) target[i] = wide[2 * i + 1 - low] === 0 ? wide[2 * i + low]! : 0x3f;
}

/** A head of a file as one character per byte, for probing. */
export function headText(head: Uint8Array): string {
  const { encoding, mark } = encodingOf(head);
  if (encoding === 'bytes') return latin1(head.subarray(mark));
  const bytes = new Uint8Array((head.length - mark) >> 1);
  narrow(head.subarray(mark), encoding, bytes);
  return latin1(bytes);
}

export function openText(file: FileBytes): TextBytes {
  const head = new Uint8Array(Math.min(file.size, 64));
  file.readInto(head, 0);
  const { encoding, mark } = encodingOf(head);
  if (encoding === 'bytes') {
    return {
      size: file.size - mark,
      readInto: (target, position) => file.readInto(target, mark + position),
      text(position, length) {
        const bytes = new Uint8Array(length);
        file.readInto(bytes, mark + position);
        return decodeText(bytes);
      },
    };
  }
  const readWide = (position: number, length: number): Uint8Array => {
    const wide = new Uint8Array(2 * length);
    file.readInto(wide, mark + 2 * position);
    return wide;
  };
  return {
    size: (file.size - mark) >> 1,
    readInto: (target, position) => narrow(readWide(position, target.length), encoding, target),
    text: (position, length) => new TextDecoder(encoding).decode(readWide(position, length)),
  };
}
