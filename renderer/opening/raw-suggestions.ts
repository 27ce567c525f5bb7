/*
 * What a file of bare numbers may hold, by its size and name alone: offered, never taken for granted.
 *   factorPairs(n)               all ways to lay n out on lines and columns, the squarest first
 *   suggestShapes({ … })         shapes that fit so many numbers
 *   offeredShapes({ … })         these, and others for another signal
 *   guessFromName(name, bytes)   a form filled by what the name says: "map_64x64x1024_uint16.raw"
 */
import { elementCount, itemSize, type DType } from '../../workers/model/dtype.ts';
import { shapeText, type RawForm } from './raw-form.ts';

export interface SuggestedShape {
  navigation: number[];
  signal: number[];
  /** numbers that would be left over */
  left: number;
}

const most = 6;
/** Scans are rarely longer than this against their other side. */
const longest = 8;
/** Numbers of channels that detectors have. */
const channelCounts = [
  1024, 2048, 4096, 512, 256, 1000, 2000, 1340, 1600, 800, 1500, 500, 400, 320, 300, 250, 200, 160, 128, 100, 80, 64,
];
/** Sides of camera images. */
const imageSides = [256, 128, 512, 64, 1024, 515, 192, 96, 144, 2048];

/** What often comes before the numbers, bytes. */
const headerSizes = [0, 512, 1024, 256, 4096, 2048, 128, 8192];

/** Ways to write n as lines × columns, lines ≤ columns, the squarest first. */
export function factorPairs(n: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let a = Math.floor(Math.sqrt(n)); a >= 1 && pairs.length < 64; a--) if (n % a === 0) pairs.push([a, n / a]);
  return pairs;
}

const isPowerOfTwo = (n: number): boolean => Number.isInteger(Math.log2(n));

/** How to lay pixels out: squarest first, also with lines longer than columns are many; a line when nothing else fits. */
function layouts(pixels: number): number[][] {
  if (pixels === 1) return [[]];
  const likely = factorPairs(pixels).filter(([a, b]) => b / a <= longest && a > 1);
  const both = likely.flatMap(([a, b]): number[][] =>
    a === b
      ? [[a, b]]
      : [
          [a, b],
          [b, a],
        ],
  );
  return [...both.slice(0, 4), [pixels]];
}

/** Low for what labs record: powers of two, square scans, about a thousand channels. */
function oddness({ navigation, signal }: SuggestedShape): number {
  const [a = 1, b = 1] = navigation;
  const channels = elementCount(signal);
  const isScan = navigation.length === 2;
  return (
    (isScan ? Math.abs(Math.log2(b / a)) : 4) +
    (isPowerOfTwo(channels) ? 0 : 1) +
    (isScan && isPowerOfTwo(a) && isPowerOfTwo(b) ? -1 : 0) +
    (signal.length === 1 ? 0.3 * Math.abs(Math.log2(channels) - 10) : 1) +
    (Math.min(a, b) < 8 ? 2 : 0)
  );
}

function unlike(shapes: readonly SuggestedShape[]): SuggestedShape[] {
  const seen = new Set<string>();
  return shapes.filter(({ navigation, signal }) => {
    const key = `${navigation.join()}|${signal.join()}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/**
 * Shapes that fit: of the pixels when the signal is told, of the signal when the pixels are, of both when nothing is.
 * Where nothing fits exactly, what leaves the fewest numbers over.
 */
export function suggestShapes(told: {
  values: number;
  navigation: readonly number[];
  signal: readonly number[];
}): SuggestedShape[] {
  const { values } = told;
  const [navigation, signal] = [[...told.navigation], [...told.signal]];
  if (!(values >= 1)) return [];
  if (signal.length > 0) {
    const pixels = Math.floor(values / elementCount(signal));
    if (pixels < 1) return [];
    const left = values - pixels * elementCount(signal);
    const fitting = layouts(pixels).map((shape) => ({ navigation: shape, signal, left }));
    const side = Math.floor(Math.sqrt(pixels));
    const square = { navigation: [side, side], signal, left: values - side * side * elementCount(signal) };
    return unlike(side > 1 ? [...fitting, square] : fitting).slice(0, most);
  }
  if (navigation.length > 0) {
    const each = Math.floor(values / elementCount(navigation));
    if (each < 1) return [];
    const left = values - each * elementCount(navigation);
    const side = Math.floor(Math.sqrt(each));
    const image = { navigation, signal: [side, side], left: values - side * side * elementCount(navigation) };
    return [{ navigation, signal: [each], left }, ...(side * side === each && side > 1 ? [image] : [])];
  }
  const signals = [...channelCounts.map((n) => [n]), ...imageSides.map((side) => [side, side])];
  const exact = signals
    .filter((one) => values % elementCount(one) === 0 && values > elementCount(one))
    .map((one) => ({ navigation: layouts(values / elementCount(one))[0] ?? [], signal: one, left: 0 }));
  return unlike(exact.toSorted((a, b) => oddness(a) - oddness(b))).slice(0, most);
}

/** What is offered beside the fields: shapes for what is told, then what else the size may mean. */
export function offeredShapes(told: Parameters<typeof suggestShapes>[0]): SuggestedShape[] {
  const others = suggestShapes({ values: told.values, navigation: [], signal: [] });
  if (told.navigation.length === 0 && told.signal.length === 0) return others;
  return unlike([...suggestShapes(told).slice(0, 5), ...others.slice(0, 3)]);
}

const typeWords: readonly (readonly [RegExp, DType])[] = [
  [/u(?:int)?16|uint2\b|ushort/i, 'uint16'],
  [/u(?:int)?32|uint4\b/i, 'uint32'],
  [/u(?:int)?8|uint1\b|byte/i, 'uint8'],
  [/(?:int|i)16|short/i, 'int16'],
  [/(?:int|i)32/i, 'int32'],
  [/(?:int|i)8/i, 'int8'],
  [/(?:float|f|real)64|double/i, 'float64'],
  [/(?:float|f|real)32|single/i, 'float32'],
];
const typeBySize: Readonly<Record<number, DType>> = { 1: 'uint8', 2: 'uint16', 4: 'float32', 8: 'float64' };

const blank: RawForm = {
  dtype: 'uint16',
  littleEndian: true,
  offset: '0',
  navigation: '',
  signal: '',
  order: 'spectra',
};

/** How to begin: what the name tells where it fits the size, else the likeliest shape for whole numbers of 16 bits. */
export function guessFromName(name: string, fileBytes: number): RawForm {
  const sizes = /(?<!\d)\d{1,5}(?:\s*[x×]\s*\d{1,5}){2,3}(?!\d)/i
    .exec(name)?.[0]
    .split(/[x×]/i)
    .map(Number)
    .filter((n) => n >= 1);
  const told = typeWords.find(([words]) => words.test(name))?.[1];
  if (sizes !== undefined && sizes.length >= 3) {
    const count = elementCount(sizes);
    const dtype = told ?? typeBySize[Math.floor(fileBytes / count)] ?? null;
    if (dtype !== null && count * itemSize(dtype) <= fileBytes) {
      const offset = String(fileBytes - count * itemSize(dtype));
      return { ...blank, dtype, offset, navigation: shapeText(sizes.slice(0, 2)), signal: shapeText(sizes.slice(2)) };
    }
  }
  const dtype = told ?? (fileBytes % 2 === 0 ? 'uint16' : 'uint8');
  const guesses = headerSizes.flatMap((offset) => {
    const values = Math.floor((fileBytes - offset) / itemSize(dtype));
    const [shape] = suggestShapes({ values, navigation: [], signal: [] });
    return shape === undefined ? [] : [{ offset, shape, odd: oddness(shape) + (offset === 0 ? 0 : 1) }];
  });
  const [best] = guesses.toSorted((a, b) => a.odd - b.odd);
  if (best === undefined) return { ...blank, dtype };
  const { offset, shape } = best;
  return {
    ...blank,
    dtype,
    offset: String(offset),
    navigation: shapeText(shape.navigation),
    signal: shapeText(shape.signal),
  };
}
