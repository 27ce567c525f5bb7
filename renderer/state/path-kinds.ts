/** The extension, of those that can be written, that a name ends with; the first where it has none of them. */
export const kindOf = (name: string, extensions: readonly string[]): string | undefined =>
  endingOf(name, extensions) ?? extensions[0];

/** The longest that fits: a name may end with "tar.gz" where "gz" can be written too. */
const endingOf = (name: string, extensions: readonly string[]): string | undefined =>
  extensions
    .filter((extension) => name.toLowerCase().endsWith(`.${extension.toLowerCase()}`))
    .toSorted((a, b) => b.length - a.length)[0];

/** The path with the first extension added where it has none of those that can be written. */
export function withExtension(path: string, extensions: readonly string[]): string {
  const first = extensions[0];
  return first === undefined || endingOf(path, extensions) !== undefined ? path : `${path}.${first}`;
}

/** The name with another extension in place of the one it has. */
export function withKind(name: string, extension: string, extensions: readonly string[]): string {
  const known = endingOf(name, extensions);
  return `${known === undefined ? name : name.slice(0, -known.length - 1)}.${extension}`;
}
