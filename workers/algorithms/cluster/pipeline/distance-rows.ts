/** As much as the rows themselves take at a time. */
const mostBytes = 4 * 2 ** 20;
const leastRows = 16;

/** Of how many rows the distances to k centres are held at a time. */
export const rowsOfDistances = (k: number): number => Math.max(leastRows, Math.floor(mostBytes / (8 * k)));
