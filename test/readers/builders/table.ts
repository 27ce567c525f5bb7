import type { Seed } from '../seeds.ts';

const axis = Array.from({ length: 8 }, (_, i) => 400 + 10 * i);
const values = (x: number, y: number): number[] => axis.map((_, k) => 100 * y + 10 * x + k);

/** A map as microscopes of Raman light export it: positions, then channels named by their place on the axis. */
export const ramanMap = (order: readonly (readonly [x: number, y: number])[]): string =>
  [`\t\t${axis.join('\t')}`, ...order.map(([x, y]) => [x * 0.5, y * 2, ...values(x, y)].join('\t')), ''].join('\n');

/** The same with one line per value. */
export const longMap = (order: readonly (readonly [x: number, y: number])[]): string =>
  [
    '#X\t\t#Y\t\t#Wave\t\t#Intensity',
    ...order.flatMap(([x, y]) => axis.map((w, k) => [x * 0.5, y * 2, w, values(x, y)[k]].join('\t'))),
    '',
  ].join('\r\n');

/** Positions of a grid of 3 × 2 (x fastest). */
export const raster: readonly (readonly [x: number, y: number])[] = [
  [0, 0],
  [1, 0],
  [2, 0],
  [0, 1],
  [1, 1],
  [2, 1],
];

export const tableSeeds: readonly Seed[] = [
  { name: 'table, columns', files: { 'x.csv': Buffer.from('Energy (eV),"a, b",c\n1,2,3\n2,3.5e1,4\n3,4,5\n4,,6\n') } },
  { name: 'table, map', files: { 'x.txt': Buffer.from(ramanMap(raster)) } },
  { name: 'table, long', files: { 'x.txt': Buffer.from(longMap(raster)) } },
  { name: 'table, decimal comma', files: { 'x.asc': Buffer.from('1,5;2,5\r\n2,5;3,25\r\n3,5;1,125\r\n') } },
  { name: 'table, named lines', files: { 'x.csv': Buffer.from('n,a,b\n"x, y",1,2.5\nz,3,4\nw,5,6\n') } },
  { name: 'table, UTF-16', files: { 'x.txt': Buffer.from('\ufeffE\tA\n1\t2\n2\t3\n3\t5\n', 'utf16le') } },
];
