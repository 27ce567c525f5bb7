import { describe, expect, it } from 'vitest';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { elementCount } from '../../workers/model/dtype.ts';
import { loadCube, probe } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { longMap, ramanMap, raster } from './builders/table.ts';
import { temporaryFiles } from './builders/temporary.ts';

const { write } = temporaryFiles();
let made = 0;
const open = async (text: string | Uint8Array, hints = {}, extension = 'csv'): Promise<SignalHeader> =>
  (await openHeader(write(`table${++made}.${extension}`, text), hints)).signals[0]!;
async function valuesOf(signal: SignalHeader): Promise<number[]> {
  const buffer = new SharedArrayBuffer(8 * elementCount(signal.shape));
  await loadCube(signal, buffer);
  return [...new Float64Array(buffer)];
}
const lines = (...rows: (string | number)[][]): string => rows.map((row) => row.join(',')).join('\n');

describe('lines that begin with words', () => {
  const rows = [
    ['"Quartz, clear"', 1, 2, 3, 2.5, 5, 6.5],
    ['calcite', 5, 6, 7, 8, 9, 0],
    ['mix', 9, 1, 11, 12, 13, 4],
  ];

  // as pandas writes a table whose index are names
  it('are spectra below their axis', async () => {
    const signal = await open(lines(['', 400.5, 402.5, 404.5, 406.5, 408.5, 410.5], ...rows));
    expect(signal.shape).toEqual([3, 6]);
    expect(signal.axes[1]).toMatchObject({ scale: 2, offset: 400.5, navigate: false });
    expect(await valuesOf(signal)).toEqual([1, 2, 3, 2.5, 5, 6.5, 5, 6, 7, 8, 9, 0, 9, 1, 11, 12, 13, 4]);
    expect(signal.warnings.join()).toMatch(/first column holds words/);
  });

  it('are columns with times of day left out', async () => {
    const signal = await open('Clock,Time (s),Temperature\n13:40:25,1.5,20\n13:40:26,2,21\n13:40:27,2.5,23\n');
    expect(signal.shape).toEqual([3]);
    expect(signal.axes[0]).toMatchObject({ name: 'Time', units: 's', scale: 0.5, offset: 1.5 });
    expect(await valuesOf(signal)).toEqual([20, 21, 23]);
  });

  it('are no table when words stand further on as well', async () => {
    const text = 'name,kind,a,b\nx,good,1,2\ny,bad,3,4\nz,bad,5,6\n';
    await expect(open(text)).rejects.toMatchObject({ code: 'unsupported-format' });
  });
});

describe('spectra side by side', () => {
  it('have the first column as their axis, with name and unit of its title', async () => {
    const signal = await open('Energy (eV),first,second\n100,1,10\n100.5,2,20\n101,3,30\n');
    expect(signal).toMatchObject({ shape: [2, 3], dtype: 'float64' });
    expect(signal.axes).toMatchObject([
      { name: 'spectrum', navigate: true },
      { name: 'Energy', units: 'eV', scale: 0.5, offset: 100, navigate: false },
    ]);
    expect(await valuesOf(signal)).toEqual([1, 2, 3, 10, 20, 30]);
    expect(signal.originalMetadata['names']).toEqual(['Energy (eV)', 'first', 'second']);
    expect(signal.warnings).toEqual(['The first column was taken for the axis, the other 2 for spectra.']);
  });

  it('list an axis that is not even', async () => {
    const signal = await open('1 5\n2 6\n4 7\n8 8\n', {}, 'dat');
    expect(signal.shape).toEqual([4]);
    expect(signal.axes[0]!.values).toEqual([1, 2, 4, 8]);
  });

  it('are arranged as a map when the shape is told', async () => {
    const text = lines(['nm', 1, 2, 3, 4, 5, 6], [500, 1, 2, 3, 4, 5, 6], [501, 11, 12, 13, 14, 15, 16]);
    const signal = await open(text, { navigationShape: [2, 3] });
    expect(signal.shape).toEqual([2, 3, 2]);
    expect(signal.axes[2]).toMatchObject({ scale: 1, offset: 500, navigate: false });
    expect(await probe(signal, [1, 0, 1])).toBe(14);
    await expect(open(text, { navigationShape: [5] })).rejects.toMatchObject({ code: 'shape-mismatch' });
  });
});

describe('spectra below one another', () => {
  it('have the first line as their axis', async () => {
    const signal = await open(lines([400, 410, 420, 430, 440, 450], [3, 1, 4, 1, 5, 9], [2, 7, 1, 8, 2, 8]));
    expect(signal).toMatchObject({ shape: [2, 6] });
    expect(signal.axes[1]).toMatchObject({ scale: 10, offset: 400, navigate: false });
    expect(await valuesOf(signal)).toEqual([3, 1, 4, 1, 5, 9, 2, 7, 1, 8, 2, 8]);
  });

  it('along a named time have it as navigation', async () => {
    const rows = [0, 1, 2, 3].map((t) => [t * 0.5, 7 - t, 3, 4 + t, 1]);
    const signal = await open(lines(['time (ps)', '400 nm', '401 nm', '402 nm', '403 nm'], ...rows));
    expect(signal.axes).toMatchObject([
      { name: 'time', units: 'ps', scale: 0.5, size: 4, navigate: true },
      { units: 'nm', scale: 1, offset: 400, size: 4, navigate: false },
    ]);
    expect(await probe(signal, [2, 0])).toBe(5);
  });

  it('without any axis are taken line by line, and it is said so', async () => {
    const signal = await open('5 1 2\n3 9 1\n4 4 4\n', {}, 'txt');
    expect(signal.shape).toEqual([3, 3]);
    expect(signal.warnings[0]).toMatch(/No axis was found/);
  });
});

describe('a map with positions', () => {
  const orders: [string, [number, number][]][] = [
    ['x fastest', raster.map(([x, y]) => [x, y])],
    [
      'y fastest',
      [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
        [2, 0],
        [2, 1],
      ],
    ],
    [
      'forth and back',
      [
        [0, 0],
        [1, 0],
        [2, 0],
        [2, 1],
        [1, 1],
        [0, 1],
      ],
    ],
  ];
  it.each(orders)('%s fills a grid, as spectra in lines or one value per line', async (_, order) => {
    for (const text of [ramanMap(order), longMap(order)]) {
      const signal = await open(text, {}, 'txt');
      expect(signal.axes).toMatchObject([
        { name: 'y', size: 2, scale: 2, offset: 0, navigate: true },
        { name: 'x', size: 3, scale: 0.5, offset: 0, navigate: true },
        { size: 8, scale: 10, offset: 400, navigate: false },
      ]);
      const want = [0, 1].flatMap((y) =>
        [0, 1, 2].flatMap((x) => Array.from({ length: 8 }, (__, k) => 100 * y + 10 * x + k)),
      );
      expect(await valuesOf(signal)).toEqual(want);
    }
  });

  it('one channel after another is put in order', async () => {
    const rows = [400, 410, 420].flatMap((w, k) => raster.map(([x, y]) => [x, y, w, 100 * y + 10 * x + k]));
    const signal = await open(lines(['x', 'y', 'wavelength (nm)', 'counts'], ...rows));
    expect(signal.shape).toEqual([2, 3, 3]);
    expect(signal.axes[2]).toMatchObject({ name: 'wavelength', units: 'nm', offset: 400, scale: 10 });
    expect(signal.quantity.name).toBe('counts');
    expect(await probe(signal, [1, 2, 1])).toBe(121);
  });

  it('of points anywhere keeps their order and lists the positions', async () => {
    const points: [number, number][] = [
      [0, 0],
      [5, 1],
      [2, 7],
      [9, 3],
    ];
    const signal = await open(ramanMap(points), {}, 'txt');
    expect(signal.shape).toEqual([4, 8]);
    expect(signal.warnings[0]).toMatch(/do not fill a grid/);
    expect(signal.originalMetadata['positions']).toEqual({ x: [0, 2.5, 1, 4.5], y: [0, 2, 14, 6] });
  });

  it('of one value per point is an image', async () => {
    const signal = await open(lines(['X', 'Y', 'Height (nm)'], ...raster.map(([x, y]) => [x, y, 10 * y + x])));
    expect(signal.axes.map((a) => [a.size, a.navigate])).toEqual([
      [2, false],
      [3, false],
    ]);
    expect(signal.quantity).toEqual({ name: 'Height', units: 'nm' });
    expect(await probe(signal, [1, 2])).toBe(12);
  });
});

describe('text', () => {
  it.each([
    ['semicolons and decimal commas', '1,5;2,5\r\n2,5;3,25\r\n3,5;1,125\r\n'],
    ['tabs', '1.5\t2.5\n2.5\t3.25\n3.5\t1.125'],
    ['blanks and exponents', '  1.5   25e-1\n  2.5   0.325E+1 \n\n  3.5   1125D-3\n'],
    ['old line ends', '1.5,2.5\r2.5,3.25\r3.5,1.125\r'],
    ['comments between and after', '# made up\n1.5,2.5\n# half\n2.5,3.25\n3.5,1.125\nend of data\n'],
    ['quotes', '"Shift","Counts, raw"\n"1.5","2.5"\n"2.5","3.25"\n"3.5","1.125"\n'],
    ['many digits', '1.5000000000000000000,2.5\n2.5,3.2500000000000000000000\n3.5,1.125e0\n'],
    ['a byte order mark', '\ufeffE,I\n1.5,2.5\n2.5,3.25\n3.5,1.125\n'],
  ])('with %s is read', async (_, text) => {
    const signal = await open(text);
    expect(signal.axes).toMatchObject([{ offset: 1.5, scale: 1, size: 3 }]);
    expect(await valuesOf(signal)).toEqual([2.5, 3.25, 1.125]);
  });

  it('in UTF-16, either byte order, keeps its names', async () => {
    const little = Buffer.from('\ufeffλ (nm)\tA\n1\t2\n2\t3\n3\t5\n', 'utf16le');
    const big = Buffer.from(little).swap16();
    for (const bytes of [little, big]) {
      const signal = await open(bytes, {}, 'txt');
      expect(signal.axes[0]).toMatchObject({ name: 'λ', units: 'nm' });
      expect(await valuesOf(signal)).toEqual([2, 3, 5]);
    }
  });

  it.each([
    ['Raman shift / cm-1', 'Raman shift', '1/cm'],
    ['Raman shift (cm⁻¹)', 'Raman shift', '1/cm'],
    ['Wavelength [nm]', 'Wavelength', 'nm'],
    ['energy_eV', 'energy', 'eV'],
    ['Position (um)', 'Position', 'µm'],
    ['Energy', 'Energy', null],
  ])('whose column is called “%s” has the axis %s in %s', async (title, name, units) => {
    const signal = await open(`${title};I\n1;2\n2;3\n3;4\n`);
    expect(signal.axes[0]).toMatchObject({ name, units });
  });

  it('numbers are the nearest doubles, as JavaScript reads them', async () => {
    const words = [
      '0.1',
      '1e23',
      '4.35',
      '9007199254740993',
      '2227.52704422084',
      '1.7976931348623157e308',
      '5e-324',
      '-0.3',
      '123456789012345678901234567890',
      '1e-23',
      '.5',
      '7.',
    ];
    const signal = await open(words.map((word, i) => `${i},${word}`).join('\n'));
    expect(await valuesOf(signal)).toEqual(words.map(Number));
  });

  it('with missing values has NaN there', async () => {
    const signal = await open('e,a,b\n1,,3\n2,NaN,4\n3,n/a,5\n4,7,\n');
    expect(await valuesOf(signal)).toEqual([NaN, NaN, NaN, 7, 3, 4, 5, NaN]);
  });

  it('with a line of another length, or a word among its numbers, is refused by line', async () => {
    await expect(open('e,a,b\n1,2,3\n2,3,4\n3,4\n4,5,6\n5,6,7\n')).rejects.toThrow(
      /line 3 of its numbers has 2 fields/,
    );
    await expect(open('e,a,b\n1,2,3\n2,x7,4\n3,4,5\n4,5,6\n')).rejects.toThrow(/line 2 .*“x7” among 3 fields/);
  });

  it('whose last line is cut loses that line and says so', async () => {
    const signal = await open('e,a,b\n1,2,3\n2,3,4\n3,4,5\n4,5');
    expect(signal.shape).toEqual([2, 3]);
    expect(signal.warnings).toContain('The last line is not whole and is left out.');
  });

  it('that is no table is refused in words, whatever its name', async () => {
    await expect(open('Dear diary,\ntoday nothing.\n', {}, 'txt')).rejects.toThrow(
      /no table of numbers.*“Dear diary,”/,
    );
    const noise = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919 + (i >> 3)) & 255);
    await expect(open(noise)).rejects.toMatchObject({ code: 'unsupported-format' });
    await expect(open('\n\n\n')).rejects.toMatchObject({ code: 'unsupported-format' });
  });
});

describe('a large table', () => {
  const rows = 3000;
  const columns = 400;
  const value = (r: number, c: number): number => ((r * 31 + c * 17) % 1000) / 8;
  const text = Array.from({ length: rows }, (_, r) =>
    [r * 0.25, ...Array.from({ length: columns }, (__, c) => value(r, c).toFixed(6))].join('\t'),
  ).join('\n');

  it('is decoded when it is loaded, with the same values by block', async () => {
    const signal = await open(text, {}, 'tsv');
    expect(signal).toMatchObject({ shape: [columns, rows], layout: { kind: 'coded' } });
    const values = await valuesOf(signal);
    let wrong = 0;
    for (let c = 0; c < columns; c++) for (let r = 0; r < rows; r++) if (values[c * rows + r] !== value(r, c)) wrong++;
    expect(wrong).toBe(0);
    expect(await probe(signal, [17, 2999])).toBe(value(2999, 17));
  });

  it('with a bad line far down is refused when it is loaded', async () => {
    const signal = await open(`${text}\n750\t1\t2\n750.25\t1\n`, {}, 'tsv');
    await expect(valuesOf(signal)).rejects.toThrow(/line 3001 of its numbers has 3 fields/);
  });
});
