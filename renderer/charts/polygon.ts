/** A place in the units of whatever is drawn. */
export interface Point {
  x: number;
  y: number;
}

/** Whether a point lies inside a closed polygon (even–odd rule; a ray to the right is crossed an odd number of times). */
export function isInside(x: number, y: number, polygon: readonly Point[]): boolean {
  let isIn = false;
  let before = polygon[polygon.length - 1];
  for (const corner of polygon) {
    if (before === undefined) return false;
    if (corner.y > y !== before.y > y) {
      const crossing = corner.x + ((before.x - corner.x) * (y - corner.y)) / (before.y - corner.y);
      if (x < crossing) isIn = !isIn;
    }
    before = corner;
  }
  return isIn;
}

interface Bounds {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function boundsOf(polygon: readonly Point[]): Bounds {
  const bounds = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const { x, y } of polygon) {
    bounds.left = Math.min(bounds.left, x);
    bounds.right = Math.max(bounds.right, x);
    bounds.top = Math.min(bounds.top, y);
    bounds.bottom = Math.max(bounds.bottom, y);
  }
  return bounds;
}

/** 1 for every point (xs[i], ys[i]) inside the polygon; NaN lies outside. */
export function pointsInside(xs: ArrayLike<number>, ys: ArrayLike<number>, polygon: readonly Point[]): Uint8Array {
  const inside = new Uint8Array(xs.length);
  const { left, right, top, bottom } = boundsOf(polygon);
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i] as number;
    const y = ys[i] as number;
    if (x >= left && x <= right && y >= top && y <= bottom && isInside(x, y, polygon)) inside[i] = 1;
  }
  return inside;
}

/** 1 for every pixel of an image in rows whose middle lies inside a polygon given in pixels from the upper left corner. */
export function pixelsInside(width: number, height: number, polygon: readonly Point[]): Uint8Array {
  const inside = new Uint8Array(width * height);
  const { left, right, top, bottom } = boundsOf(polygon);
  for (let row = Math.max(0, Math.floor(top)); row < Math.min(height, Math.ceil(bottom)); row++) {
    for (let column = Math.max(0, Math.floor(left)); column < Math.min(width, Math.ceil(right)); column++) {
      if (isInside(column + 0.5, row + 0.5, polygon)) inside[row * width + column] = 1;
    }
  }
  return inside;
}

/** The corners of the rectangle between two places. */
export const rectangle = (a: Point, b: Point): Point[] => [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }];

/** The rectangle that holds two pixels and all between, in pixels from the upper left corner. */
export function pixelRectangle(a: readonly [row: number, column: number], b: readonly [number, number]): Point[] {
  return rectangle(
    { x: Math.min(a[1], b[1]), y: Math.min(a[0], b[0]) },
    { x: Math.max(a[1], b[1]) + 1, y: Math.max(a[0], b[0]) + 1 },
  );
}
