import { axisValues, plainAxis } from '../../../workers/model/axes.ts';
import { writeAtomically } from '../atomic-write.ts';
import { writeFully } from '../write-fully.ts';
import { numbersOf } from './element-change.ts';
import { instrument, numberIn, oneLine, textIn } from './metadata-values.ts';
import type { SignalToWrite, WriteSignal } from './signal-to-write.ts';
import { wholeElements } from './write-in-order.ts';

/** Reals have a point, as the standard writes them: "1024." */
const real = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.` : String(value);

const codes: Readonly<Record<string, string>> = { EELS: 'ELS', EDS_TEM: 'EDS', EDS_SEM: 'EDS', EDS: 'EDS', CL: 'CLS' };

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** 2026-11-21 as 21-NOV-2026, the form of the standard; any other text as it is. */
function standardDate(text: string | null): string {
  const match = /^(\d{4})-(\d\d)-(\d\d)/.exec(text ?? '');
  return match === null ? (text ?? '') : `${match[3]}-${months[Number(match[2]) - 1] ?? match[2]}-${match[1]}`;
}

const keywordLine = (keyword: string, unit: string, value: string): string =>
  `#${(unit === '' ? keyword : `${keyword.padEnd(9)}-${unit}`).padEnd(12)}: ${value}`;

function headerLines(signal: SignalToWrite, points: number): string[] {
  const { metadata, quantity } = signal;
  const axis = signal.axes.find((one) => one.size === points) ?? plainAxis('channel', points, false);
  const detector = `${instrument}.Detector`;
  const eds = `${detector}.EDS`;
  const required: [string, string][] = [
    ['FORMAT', 'EMSA/MAS Spectral Data File'],
    ['VERSION', '1.0'],
    ['TITLE', oneLine(signal.title).slice(0, 64)],
    ['DATE', standardDate(textIn(metadata, 'General.date'))],
    ['TIME', (textIn(metadata, 'General.time') ?? '').slice(0, 5)],
    ['OWNER', textIn(metadata, 'General.authors') ?? ''],
    ['NPOINTS', real(points)],
    ['NCOLUMNS', '1.'],
    ['XUNITS', axis.units ?? ''],
    ['YUNITS', quantity.units ?? ''],
    ['DATATYPE', axis.values === undefined ? 'Y' : 'XY'],
    ['XPERCHAN', real(axis.scale)],
    ['OFFSET', real(axis.offset)],
    ['XLABEL', oneLine(axis.name)],
    ['YLABEL', oneLine(quantity.name)],
    ['SIGNALTYPE', codes[signal.signalType] ?? signal.signalType],
  ];
  const known: [string, string, number | null][] = [
    ['BEAMKV', 'kV', numberIn(metadata, `${instrument}.beam_energy`)],
    ['PROBECUR', 'nA', numberIn(metadata, `${instrument}.beam_current`)],
    ['MAGCAM', '', numberIn(metadata, `${instrument}.magnification`)],
    ['CONVANGLE', 'mR', numberIn(metadata, `${instrument}.convergence_angle`)],
    ['COLLANGLE', 'mR', numberIn(metadata, `${detector}.EELS.collection_angle`)],
    ['DWELLTIME', 'ms', numberIn(metadata, `${detector}.EELS.dwell_time`)],
    ['LIVETIME', 's', numberIn(metadata, `${eds}.live_time`)],
    ['REALTIME', 's', numberIn(metadata, `${eds}.real_time`)],
    ['ELEVANGLE', 'dg', numberIn(metadata, `${eds}.elevation_angle`)],
    ['AZIMANGLE', 'dg', numberIn(metadata, `${eds}.azimuth_angle`)],
    ['XTILTSTGE', 'dg', numberIn(metadata, `${instrument}.Stage.tilt_alpha`)],
    ['THICKNESS', 'nm', numberIn(metadata, 'Sample.thickness')],
  ];
  return [
    ...required
      .filter(([key, value]) => key !== 'SIGNALTYPE' || value !== '')
      .map(([key, value]) => keywordLine(key, '', value)),
    ...known.filter(([, , value]) => value !== null).map(([key, unit, value]) => keywordLine(key, unit, real(value!))),
  ];
}

/** A value to its last bit; what is not a number as the readers of this format spell it. */
const valueText = (value: number): string =>
  Number.isFinite(value) ? real(value) : Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';

/**
 * Writes one spectrum as EMSA/MAS text, ISO 22029: a value on each line, or pairs where the axis is not evenly spaced.
 * @throws EigenscopeError `exists`, `disk-full`, `not-writable`; what the pixels throw
 */
export const writeMsa: WriteSignal = async (path, signal, options) => {
  const points = signal.shape.reduce((n, size) => n * size, 1);
  const axis = signal.axes.find((one) => one.size === points);
  const positions = axis?.values === undefined ? null : axisValues(axis);
  const encoder = new TextEncoder();
  await writeAtomically(path, options, async (file) => {
    const header = [...headerLines(signal, points), keywordLine('SPECTRUM', '', 'Spectral Data Starts Here')];
    await writeFully(file, encoder.encode(`${header.join('\r\n')}\r\n`));
    let at = 0;
    for await (const piece of wholeElements(path, signal, 2 ** 20)) {
      const numbers = numbersOf(piece, signal.dtype);
      const lines = Array.from(numbers, (value, i) =>
        positions === null ? `${valueText(value)},` : `${valueText(positions[at + i]!)}, ${valueText(value)}`,
      );
      at += numbers.length;
      await writeFully(file, encoder.encode(`${lines.join('\r\n')}\r\n`));
    }
    await writeFully(file, encoder.encode(`${keywordLine('ENDOFDATA', '', 'Spectral Data Ends Here')}\r\n`));
  });
  return { files: [path], notes: [] };
};
