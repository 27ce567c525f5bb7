import { describe, expect, it } from 'vitest';
import { displayProblem, mergeClusters, plainDisplay } from './cluster-display.ts';

describe('the display of clusters', () => {
  const plain = plainDisplay(3);

  it('is plain to begin with', () => {
    expect(plain).toEqual({ names: [null, null, null], colours: [null, null, null], shownAs: [0, 1, 2] });
    expect(displayProblem(plain, 3)).toBeNull();
    expect(displayProblem(mergeClusters(plain, [1, 2]), 3)).toBeNull();
  });
  it('that does not fit the result says how', () => {
    expect(displayProblem(plain, 4)).toMatch(/each of the 4 clusters; got 3, 3 and 3/);
    expect(displayProblem({ ...plain, names: [null, ' ', null] }, 3)).toMatch(/1 to 80 characters/);
    expect(displayProblem({ ...plain, colours: [24, null, null] }, 3)).toMatch(/0 to 23; got 24/);
    expect(displayProblem({ ...plain, shownAs: [1, 2, 2] }, 3)).toMatch(/cluster 0 is shown as 1/);
    expect(displayProblem({ ...plain, shownAs: [9, 1, 2] }, 3)).toMatch(/cluster 0 is shown as 9/);
  });
});
