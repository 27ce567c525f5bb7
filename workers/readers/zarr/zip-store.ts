import { EigenscopeError } from '../../model/errors.ts';
import { corrupt, openFile } from '../file-bytes.ts';
import { memberOffset, readZipDirectory, type ZipMember } from '../zip-directory.ts';
import { inflateMember } from '../zip-member.ts';
import { keyBelow, partsOfKey } from './keys.ts';
import type { StoredValue, ZarrStore } from './store.ts';
import { documentNames } from './store.ts';

/** The folder inside of a zip that is the store: the top, or the one folder in which everything lies. */
function prefixOf(names: readonly string[]): string {
  const isDocument = (name: string): boolean => (documentNames as readonly string[]).includes(name);
  if (names.some(isDocument)) return '';
  const tops = new Set(names.map((name) => name.split('/')[0]!));
  const [top] = tops;
  return tops.size === 1 && names.some((name) => isDocument(name.slice(top!.length + 1))) ? `${top!}/` : '';
}

/** Members by key; a member that was written again counts as it was written last. */
function membersByKey(all: readonly ZipMember[]): Map<string, ZipMember> {
  const files = all.filter(({ name }) => !name.endsWith('/') && partsOfKey(name) !== null);
  const prefix = prefixOf(files.map(({ name }) => name));
  const members = new Map<string, ZipMember>();
  for (const member of files) if (member.name.startsWith(prefix)) members.set(member.name.slice(prefix.length), member);
  return members;
}

/** Names below every folder that a key implies. */
function foldersOf(keys: Iterable<string>): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>();
  for (const key of keys) {
    let above = '';
    for (const part of key.split('/')) {
      const names = folders.get(above);
      if (names === undefined) folders.set(above, new Set([part]));
      else names.add(part);
      above = keyBelow(above, part);
    }
  }
  return folders;
}

/**
 * A store in a zip. Stored members are read in part, deflated ones are unpacked whole, one at a time.
 * @throws EigenscopeError `file-not-found`, `not-readable`, `truncated-file`, `corrupt-file`
 */
export function openZipStore(path: string): ZarrStore {
  const file = openFile(path);
  let members: Map<string, ZipMember>;
  try {
    members = membersByKey(readZipDirectory(file));
  } catch (error) {
    file.close();
    throw error;
  }
  const folders = foldersOf(members.keys());
  let last: { key: string; bytes: Uint8Array } | null = null;

  const open = (key: string): StoredValue | null => {
    const member = members.get(key);
    if (member === undefined) return null;
    if (member.encrypted || (member.method !== 0 && member.method !== 8)) {
      throw new EigenscopeError(
        'unsupported-format',
        `The member “${member.name}” of ${file.name} is ${member.encrypted ? 'encrypted' : `compressed by method ${member.method}`}. Pack the store again with members that are stored.`,
        { path },
      );
    }
    if (member.method === 0) {
      if (member.size !== member.compressedSize)
        throw corrupt(path, `the member “${member.name}” is stored but has two sizes`, 'one size was expected');
      const offset = memberOffset(file, member);
      return {
        size: member.size,
        read(position, length) {
          if (!(position >= 0 && position + length <= member.size))
            throw corrupt(path, `the member “${member.name}” ends early`, `${position + length} bytes were expected`);
          const bytes = new Uint8Array(length);
          file.readInto(bytes, offset + position);
          return bytes;
        },
      };
    }
    const unpacked = (): Uint8Array => {
      if (last?.key !== key) last = { key, bytes: inflateMember(file, member, memberOffset(file, member)) };
      return last.bytes;
    };
    return {
      size: member.size,
      read(position, length) {
        const bytes = unpacked();
        if (!(position >= 0 && position + length <= bytes.length))
          throw corrupt(path, `the member “${member.name}” ends early`, `${position + length} bytes were expected`);
        return new Uint8Array(bytes.subarray(position, position + length));
      },
    };
  };

  return {
    path,
    children: (key) => [...(folders.get(key) ?? [])].toSorted(),
    has: (key) => members.has(key),
    open,
    stamp: () => file.stamp(),
    close() {
      last = null;
      file.close();
    },
  };
}
