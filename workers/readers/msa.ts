import { parse } from 'node:path';
import type { Axis } from '../model/axes.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { FileHeader, Metadata, MetadataValue } from '../model/signal.ts';
import { corrupt, decodeText, latin1, withFile } from './file-bytes.ts';
import { calibrateByHints } from './hints.ts';
import type { Reader, ReadHints } from './reader.ts';

/** One spectrum as text: more than this is something else. */
const longestText = 64 * 2 ** 20;

interface MsaText {
  /** keyword in upper case → values in order of the file; user keywords keep their ## */
  keywords: Map<string, string[]>;
  units: Map<string, string>;
  numbers: Float64Array;
}

/** `#KEYWORD -unit: value`; the first colon ends the keyword. */
const headerLine = /^#{1,2}\s*([^:]*?)\s*(?:-\s*([^:\s-][^:]*?)\s*)?:(.*)$/;

function parseLine(line: string): { keyword: string; unit: string | null; value: string } | null {
  const user = line.startsWith('##');
  // user keywords may contain a hyphen: only the colon counts there
  const match = user ? /^##\s*([^:]*?)\s*():(.*)$/.exec(line) : headerLine.exec(line);
  if (!match) return null;
  const keyword = match[1]!.toUpperCase();
  return { keyword: user ? `##${keyword}` : keyword, unit: match[2] || null, value: match[3]!.trim() };
}

/** Keywords and numbers of a spectrum in EMSA/MAS or ISO 22029 text. */
export function parseMsa(text: string, path: string): MsaText {
  const keywords = new Map<string, string[]>();
  const units = new Map<string, string>();
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  let first = -1;
  for (const [i, raw] of lines.entries()) {
    const line = raw.trim();
    if (!line.startsWith('#')) continue;
    const parsed = parseLine(line);
    if (parsed === null) continue;
    if (parsed.keyword === 'SPECTRUM') {
      first = i + 1;
      break;
    }
    keywords.set(parsed.keyword, [...(keywords.get(parsed.keyword) ?? []), parsed.value]);
    if (parsed.unit) units.set(parsed.keyword, parsed.unit);
  }
  if (first < 0) throw corrupt(path, 'there is no line “#SPECTRUM”', 'the numbers of the spectrum begin after it');
  const numbers: number[] = [];
  for (let i = first; i < lines.length; i++) {
    const line = lines[i]!.trim();
    if (line.startsWith('#')) break;
    for (const word of line.split(/[\s,]+/)) {
      if (word === '') continue;
      const value = Number(word);
      if (Number.isNaN(value) && !/^[+-]?nan$/i.test(word)) {
        throw corrupt(path, `line ${i + 1} has “${word.slice(0, 24)}” among the data`, 'a number was expected');
      }
      numbers.push(value);
    }
  }
  return { keywords, units, numbers: Float64Array.from(numbers) };
}

const textOf = (msa: MsaText, keyword: string): string => msa.keywords.get(keyword)?.at(-1) ?? '';

function numberOf(msa: MsaText, keyword: string): number | null {
  const text = textOf(msa, keyword).replaceAll(/\s+(?=[eE][+-]?\d)/g, '');
  const value = Number(text);
  return text === '' || !Number.isFinite(value) ? null : value;
}

const signalTypes: Readonly<Record<string, string>> = { ELS: 'EELS', EELS: 'EELS', EDX: 'EDS', EDS: 'EDS', CLS: 'CL' };

/** Largest distance of the listed positions from even spacing, in channels. */
function unevenness(positions: Float64Array, offset: number, scale: number): number {
  let worst = 0;
  for (let i = 0; i < positions.length; i++) {
    worst = Math.max(worst, Math.abs(positions[i]! - (offset + i * scale)) / Math.abs(scale));
  }
  return worst;
}

function axisOf(msa: MsaText, size: number, positions: Float64Array | null, warnings: string[]): Axis {
  const axis: Axis = {
    name: textOf(msa, 'XLABEL') || 'channel',
    units: textOf(msa, 'XUNITS') || null,
    size,
    navigate: false,
    scale: numberOf(msa, 'XPERCHAN') || 1,
    offset: numberOf(msa, 'OFFSET') ?? 0,
  };
  if (positions === null) return axis;
  // writers round the listed positions: up to a channel, the announced spacing is the better word
  const announced = numberOf(msa, 'XPERCHAN') ? unevenness(positions, axis.offset, axis.scale) : Infinity;
  if (announced < 1) {
    if (announced > 0.01) {
      warnings.push(
        `The listed positions depart from OFFSET and XPERCHAN by up to ${announced.toPrecision(2)} channels; the latter are used.`,
      );
    }
    return axis;
  }
  const offset = positions[0]!;
  const scale = size > 1 ? (positions[size - 1]! - offset) / (size - 1) : 1;
  if (scale !== 0 && unevenness(positions, offset, scale) < 1e-3) return { ...axis, offset, scale };
  warnings.push('The positions are not evenly spaced: the axis lists them.');
  return { ...axis, offset, scale: scale || 1, values: [...positions] };
}

/** Keywords under HyperSpy's names, those that are asked for most; all are in the original metadata. */
function metadataOf(msa: MsaText, title: string, fileName: string, signalType: string): Metadata {
  const numbers = (pairs: Readonly<Record<string, string>>): Metadata =>
    Object.fromEntries(
      Object.entries(pairs)
        .map(([name, keyword]): [string, MetadataValue] => [name, numberOf(msa, keyword)])
        .filter(([, value]) => value !== null),
    );
  const detector =
    signalType === 'EELS'
      ? { EELS: numbers({ collection_angle: 'COLLANGLE', dwell_time: 'DWELLTIME' }) }
      : {
          EDS: numbers({
            elevation_angle: 'ELEVANGLE',
            azimuth_angle: 'AZIMANGLE',
            live_time: 'LIVETIME',
            real_time: 'REALTIME',
          }),
        };
  const date = textOf(msa, 'DATE');
  const time = textOf(msa, 'TIME');
  return {
    General: {
      title,
      original_filename: fileName,
      ...(date === '' ? {} : { date_text: date }),
      ...(time === '' ? {} : { time_text: time }),
      ...(textOf(msa, 'OWNER') === '' ? {} : { authors: textOf(msa, 'OWNER') }),
    },
    Signal: { signal_type: signalType },
    Acquisition_instrument: {
      TEM: {
        ...numbers({
          beam_energy: 'BEAMKV',
          beam_current: 'PROBECUR',
          convergence_angle: 'CONVANGLE',
          magnification: 'MAGCAM',
        }),
        ...(textOf(msa, 'XTILTSTGE') === '' ? {} : { Stage: numbers({ tilt_alpha: 'XTILTSTGE' }) }),
        Detector: detector,
      },
    },
    ...(numberOf(msa, 'THICKNESS') === null ? {} : { Sample: numbers({ thickness: 'THICKNESS' }) }),
  };
}

function originalOf(msa: MsaText): Metadata {
  const pairs = [...msa.keywords].map(([keyword, values]): [string, MetadataValue] => [keyword, values.join('\n')]);
  return { ...Object.fromEntries(pairs), units: Object.fromEntries(msa.units) };
}

function readHeader(path: string, hints: ReadHints): FileHeader {
  const { name, text } = withFile(path, (file) => {
    if (file.size > longestText) {
      throw new EigenscopeError(
        'unsupported-format',
        `${file.name} has ${file.size} bytes; a spectrum in text has far fewer. Save maps as .rpl, .npy or .hspy.`,
        { path },
      );
    }
    const bytes = new Uint8Array(file.size);
    file.readInto(bytes, 0);
    return { name: file.name, text: decodeText(bytes) };
  });
  const msa = parseMsa(text, path);
  const pairs = textOf(msa, 'DATATYPE').toUpperCase() === 'XY';
  if (msa.numbers.length < (pairs ? 2 : 1))
    throw corrupt(path, 'no numbers follow “#SPECTRUM”', 'a spectrum was expected');
  if (pairs && msa.numbers.length % 2 !== 0) {
    throw corrupt(
      path,
      `${msa.numbers.length} numbers follow “#SPECTRUM”`,
      'pairs of position and value were expected',
    );
  }
  const values = pairs ? msa.numbers.filter((_, i) => i % 2 === 1) : msa.numbers;
  const positions = pairs ? msa.numbers.filter((_, i) => i % 2 === 0) : null;
  const warnings: string[] = [];
  const announced = numberOf(msa, 'NPOINTS');
  if (announced !== null && announced !== values.length) {
    warnings.push(`NPOINTS says ${announced}, ${values.length} values were found and are used.`);
  }
  const code = textOf(msa, 'SIGNALTYPE').toUpperCase();
  const signalType = signalTypes[code] ?? code;
  const title = msa.keywords.get('TITLE')?.filter(Boolean).join(' ') || parse(name).name;
  const axis = axisOf(msa, values.length, positions, warnings);
  return {
    format: 'msa',
    signals: [
      {
        title,
        signalType,
        shape: [values.length],
        dtype: 'float64',
        axes: calibrateByHints(name, [axis], hints),
        quantity: { name: textOf(msa, 'YLABEL') || 'Intensity', units: textOf(msa, 'YUNITS') || null },
        metadata: metadataOf(msa, title, name, signalType),
        originalMetadata: originalOf(msa),
        layout: { kind: 'bytes', bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) },
        warnings,
      },
    ],
  };
}

/** A single spectrum as text: EMSA/MAS 1.0 and ISO 22029. */
export const msaReader: Reader = {
  id: 'msa',
  title: 'EMSA/MAS spectrum (ISO 22029)',
  extensions: ['msa', 'emsa', 'ems'],
  probe: (head) => (/^(?:\u00ef\u00bb\u00bf)?\s*#\s*FORMAT\b/i.test(latin1(head)) ? 1 : 0),
  header: async (path, hints) => readHeader(path, hints),
};
