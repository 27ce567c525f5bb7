import { EigenscopeError } from '../../workers/model/errors.ts';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission was denied',
  EPERM: 'permission was denied',
  EROFS: 'the drive is read-only',
  ENOENT: 'the folder does not exist',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'a folder is in its place',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links point at each other',
  EBUSY: 'another program is using it',
  ETXTBSY: 'another program is using it',
  EINVAL: 'the name is not allowed on this drive',
  EIO: 'the drive reported an error',
};

/** The error for a path that exists and must not be replaced. */
export const alreadyThere = (path: string): EigenscopeError =>
  new EigenscopeError('exists', `${path} is already there. Choose another name, or allow it to be replaced.`, { path });

/**
 * Turns a failure of the file system while writing into an error a person can act on (`disk-full`, `not-writable`,
 * `exists`); anything else is returned as it came.
 */
export function explainWriteFailure(path: string, thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof EigenscopeError) return thrown;
  const { code, syscall } = thrown as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return thrown;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const sentence = `The drive is full: ${path} was not written. Free some space or choose another drive.`;
    return new EigenscopeError('disk-full', sentence, { path }, thrown);
  }
  if (code === 'EFBIG') {
    const sentence = `${path} would be larger than its drive allows (4 GB on FAT32). Choose another drive.`;
    return new EigenscopeError('disk-full', sentence, { path }, thrown);
  }
  if (code === 'EEXIST' || code === 'ENOTEMPTY') return alreadyThere(path);
  const reason = reasons[code];
  if (reason === undefined) return thrown;
  const sentence = `${path} cannot be written: ${reason}. Choose another place.`;
  return new EigenscopeError('not-writable', sentence, { path, reason: code }, thrown);
}
