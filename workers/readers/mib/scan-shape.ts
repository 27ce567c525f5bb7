/**
 * Width of a scan from the times of its frames: when every line is followed by a longer pause (the probe flies back), and
 * only then. Null when pauses do not repeat, or do not stand out: the shortest pause between lines has to exceed the
 * longest within a line by twice what those differ among themselves.
 * @param times of all frames, increasing, any unit
 */
export function scanWidth(times: Float64Array): number | null {
  const n = times.length;
  if (n < 4) return null;
  const gaps = new Float64Array(n - 1);
  for (let i = 0; i < n - 1; i++) {
    gaps[i] = times[i + 1]! - times[i]!;
    if (!(gaps[i]! >= 0)) return null;
  }
  const sorted = gaps.slice().sort();
  let jump = 0;
  let at = 0;
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i]! - sorted[i - 1]! > jump) {
      jump = sorted[i]! - sorted[i - 1]!;
      at = i;
    }
  }
  const spread = sorted[at - 1]! - sorted[0]!;
  if (at === 0 || !(jump > 2 * spread)) return null;
  const least = sorted[at]!;
  const width = gaps.findIndex((gap) => gap >= least) + 1;
  if (width < 2 || n % width !== 0) return null;
  return gaps.every((gap, i) => gap >= least === ((i + 1) % width === 0)) ? width : null;
}
