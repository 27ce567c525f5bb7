import type { Metadata, MetadataValue } from '../model/signal.ts';

const isEmpty = (value: MetadataValue): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

/** What is known, without what is not: nothing, or a group without members. */
export const known = (tree: Readonly<Record<string, MetadataValue | undefined>>): Metadata =>
  Object.fromEntries(
    Object.entries(tree).filter(
      (pair): pair is [string, MetadataValue] => pair[1] !== undefined && pair[1] !== null && !isEmpty(pair[1]),
    ),
  );
