/*
 * Finding a branch of a drawn tree, by the pointer and by the keys.
 *   branchAt(layout, area, point, reach)         the branch under a point, or null
 *   nextBranch(layout, node, level, direction)   the branch that an arrow key leads to
 *   levelOf(branch)                              the height at which it is crossed
 */
import type { Branch, TreeLayout } from './dendrogram-layout.ts';
import type { Frame } from './frame.ts';
import type { Point } from './polygon.ts';

type Area = Pick<Frame, 'x' | 'y'>;

/** Distance of a point to an upright or level line between two corners. */
function toLine(at: Point, a: Point, b: Point): number {
  const x = Math.min(Math.max(at.x, Math.min(a.x, b.x)), Math.max(a.x, b.x));
  const y = Math.min(Math.max(at.y, Math.min(a.y, b.y)), Math.max(a.y, b.y));
  return Math.hypot(at.x - x, at.y - y);
}

/** Whether a point lies in the wedge that stands for what is folded: its tip at the joint, its foot on the axis. */
function isInWedge(at: Point, { x, width, height }: Branch, area: Area): boolean {
  const [tip, foot] = [area.y(height), area.y(0)];
  if (at.y < tip || at.y > foot) return false;
  const share = foot > tip ? (at.y - tip) / (foot - tip) : 1;
  const half = (Math.abs(area.x(x + width / 2) - area.x(x - width / 2)) / 2) * share;
  return Math.abs(at.x - area.x(x)) <= half;
}

/** @param reach how far from its lines a branch is still meant, in pixels; of two that fit the nearer, then the lower */
export function branchAt({ branches }: TreeLayout, area: Area, at: Point, reach: number): Branch | null {
  let best: Branch | null = null;
  let least = reach;
  for (const branch of branches) {
    const { x, height, parent, between, points } = branch;
    const [own, joint] = [area.x(x), area.y(height)];
    let away = toLine(at, { x: own, y: joint }, { x: own, y: parent === null ? joint : area.y(parent) });
    if (between !== null) {
      away = Math.min(away, toLine(at, { x: area.x(between[0]), y: joint }, { x: area.x(between[1]), y: joint }));
    }
    if (points !== null && isInWedge(at, branch, area)) away = 0;
    if (away < least || (away === least && best !== null && height < best.height)) [least, best] = [away, branch];
  }
  return best;
}

/** In the middle of its leg. */
export const levelOf = ({ height, parent }: Branch): number => (parent === null ? height : (height + parent) / 2);

export type WalkDirection = 'up' | 'down' | 'left' | 'right';

/**
 * Up is the branch it was joined into, down the left one of the two it was joined from, left and right the neighbours
 * that are crossed at the same level. Where there is none it stays.
 * @param level height that left and right keep to, `levelOf` the branch that was reached by up or down
 */
export function nextBranch(
  { branches }: TreeLayout,
  node: number,
  level: number,
  direction: WalkDirection,
): Branch | null {
  const here = branches.find((branch) => branch.node === node);
  if (here === undefined) return branches.find(({ parent }) => parent === null) ?? null;
  if (direction === 'up') {
    if (here.parent === null) return here;
    return branches.find((one) => one.between?.includes(here.x) === true && one.height === here.parent) ?? here;
  }
  if (direction === 'down') {
    const left = here.between?.[0];
    return branches.find((one) => one.x === left && one.parent === here.height) ?? here;
  }
  const crossed = branches
    .filter((one) => one.node === node || (one.height <= level && level < (one.parent ?? Infinity)))
    .sort((a, b) => a.x - b.x);
  const at = crossed.indexOf(here) + (direction === 'left' ? -1 : 1);
  return crossed[at] ?? here;
}
