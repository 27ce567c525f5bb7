import { crc32, inflateRawSync } from 'node:zlib';
import type { FileBytes } from './file-bytes.ts';
import { corrupt } from './file-bytes.ts';
import { freeBytes } from './free-bytes.ts';
import { bestRatio, inOnePiece } from './one-piece.ts';
import type { ZipMember } from './zip-directory.ts';

/** @throws EigenscopeError `corrupt-file` when the announced size is more than the compressed bytes can hold */
export function checkRatio(file: FileBytes, member: ZipMember): void {
  // a larger claim is a lie and nothing is allocated for it
  if (member.size <= member.compressedSize * bestRatio.deflate + 64) return;
  throw corrupt(
    file.path,
    `the member “${member.name}” claims ${member.size} bytes from ${member.compressedSize} compressed ones`,
    'no more than a thousand times as many are possible',
  );
}

/**
 * All bytes of a deflated member whose data begin at `offset`.
 * @throws EigenscopeError `corrupt-file`, `truncated-file`
 */
export function inflateMember(file: FileBytes, member: ZipMember, offset: number): Uint8Array {
  checkRatio(file, member);
  const packed = new Uint8Array(member.compressedSize);
  file.readInto(packed, offset);
  let bytes: Uint8Array;
  try {
    const options = { maxOutputLength: Math.max(1, member.size), ...inOnePiece(member.size, packed.length) };
    bytes = inflateRawSync(packed, options);
    freeBytes(packed);
  } catch {
    throw corrupt(
      file.path,
      `the compressed member “${member.name}” cannot be unpacked`,
      'a whole deflate stream was expected',
    );
  }
  if (bytes.length !== member.size || crc32(bytes) !== member.crc32) {
    throw corrupt(file.path, `the checksum of “${member.name}” is wrong`, 'the bytes that were written were expected');
  }
  return bytes;
}
