import type { SerTag } from './ser-format.ts';

/**
 * Whether the first of two dimensions is the fast one, as nearly always. The positions tell where the first line ends:
 * after as many elements as the fast dimension has. Scans may be rotated, so only straightness counts.
 * @param sizes of the dimensions as they are listed
 * @param tagAt tag of an element; null where there is none
 */
export function isFirstFast(sizes: readonly [number, number], tagAt: (element: number) => SerTag | null): boolean {
  const at = (element: number): readonly [number, number] | null => {
    const tag = tagAt(element);
    return tag === null || tag.x === null || tag.y === null ? null : [tag.x, tag.y];
  };
  const origin = at(0);
  const next = at(1);
  if (origin === null || next === null) return true;
  const step = [next[0] - origin[0], next[1] - origin[1]] as const;
  const length = Math.hypot(...step);
  if (!(length > 0)) return true;
  // as many lines as columns: only the direction can tell
  if (sizes[0] === sizes[1]) return Math.abs(step[0]) >= Math.abs(step[1]);
  const isOnLine = (element: number): boolean => {
    const place = at(element);
    if (place === null) return false;
    const away = Math.hypot(place[0] - origin[0] - element * step[0], place[1] - origin[1] - element * step[1]);
    return away < length / 2;
  };
  const endsAfter = (size: number): boolean => isOnLine(size - 1) && !isOnLine(size);
  return endsAfter(sizes[0]) || !endsAfter(sizes[1]);
}
