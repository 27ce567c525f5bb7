/** `count` positions of a map after one another hold the spectra first, first + step …; `first` −1: nothing recorded. */
export type SpectrumRun = readonly [first: number, step: number, count: number];

/** Runs of equal steps in a list of the spectra at each position; −1 where there is none. */
export function runsOf(spectrumAt: Int32Array): SpectrumRun[] {
  const runs: [number, number, number][] = [];
  for (const spectrum of spectrumAt) {
    const run = runs.at(-1);
    if (run !== undefined) {
      const [first, step, count] = run;
      const fits =
        first < 0
          ? spectrum < 0
          : spectrum >= 0 && (count === 1 ? spectrum !== first : spectrum === first + step * count);
      if (fits) {
        if (first >= 0 && count === 1) run[1] = spectrum - first;
        run[2]++;
        continue;
      }
    }
    runs.push([spectrum, 1, 1]);
  }
  return runs;
}
