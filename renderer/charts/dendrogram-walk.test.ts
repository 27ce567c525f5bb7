import { describe, expect, it } from 'vitest';
import { layoutTree } from './dendrogram-layout.ts';
import { readTree } from './dendrogram-tree.ts';
import { branchAt, levelOf, nextBranch, type WalkDirection } from './dendrogram-walk.ts';
import { linearScale } from './scale.ts';

// leaves 0 … 4; 5 = 0–1 at 1, 6 = 2–3 at 2, 7 = 5–6 at 3, 8 = 4–7 at 8
const tree = readTree([0, 1, 1, 2, 2, 3, 2, 2, 5, 6, 3, 4, 4, 7, 8, 5])!;
const layout = layoutTree(tree, 60);
/** 1000 × 100 px, 10 px per unit of distance */
const area = { x: linearScale([0, 1], [0, 1000]), y: linearScale([0, 10], [100, 0]) };
const placeOf = (node: number) => layout.branches.find((one) => one.node === node)!;

describe('branchAt', () => {
  it('finds a branch by its leg, its joint, and not by the emptiness around', () => {
    const leg = { x: area.x(placeOf(7).x) + 3, y: area.y(5) };
    expect(branchAt(layout, area, leg, 8)?.node).toBe(7);
    const joint = placeOf(6).between!;
    const middle = (joint[0] + joint[1]) / 2;
    expect(branchAt(layout, area, { x: area.x(middle) + 12, y: area.y(2) + 2 }, 8)?.node).toBe(6);
    expect(branchAt(layout, area, { x: area.x(placeOf(7).x) + 30, y: area.y(5.5) }, 8)).toBeNull();
  });

  it('finds a folded branch anywhere in its wedge, whose tip is narrow', () => {
    const folded = layoutTree(tree, 1);
    const end = folded.branches.find((one) => one.node === 7)!;
    const edge = area.x(end.x + 0.4 * end.width);
    expect(branchAt(folded, area, { x: edge, y: area.y(0.2) }, 2)?.node).toBe(7);
    expect(branchAt(folded, area, { x: edge, y: area.y(2.8) }, 2)).toBeNull();
  });
});

describe('nextBranch', () => {
  const walk = (from: number, ...directions: WalkDirection[]): number[] => {
    let here = placeOf(from);
    let level = levelOf(here);
    return directions.map((direction) => {
      here = nextBranch(layout, here.node, level, direction)!;
      if (direction === 'up' || direction === 'down') level = levelOf(here);
      return here.node;
    });
  };

  it('goes up to what it was joined into, down to the left of the two, and stays at the ends', () => {
    expect(walk(0, 'up', 'up', 'up', 'up')).toEqual([5, 7, 8, 8]);
    expect(walk(8, 'down', 'down')).toEqual([4, 4]);
    expect(walk(7, 'down', 'down', 'down')).toEqual([5, 0, 0]);
  });

  it('goes left and right over the branches at its level, and back', () => {
    expect(walk(5, 'right', 'right', 'left', 'left', 'left')).toEqual([6, 6, 5, 4, 4]);
    expect(walk(0, 'left', 'right', 'right', 'right')).toEqual([4, 0, 1, 2]);
  });

  it('begins at the root', () => {
    expect(nextBranch(layout, -1, 0, 'left')?.node).toBe(8);
  });
});
