import type { Seed } from '../seeds.ts';

/* Exports of LabSpec and TriVista, as XML. */

export interface LabSpecSpec {
  axis: readonly number[];
  units?: string;
  /** positions of each navigation axis, the fastest first */
  positions?: readonly { name: string; values: readonly number[] }[];
  spectra: readonly (readonly number[])[];
}

export function buildLabSpec({ axis, units = 'nm', positions = [], spectra }: LabSpecSpec): Uint8Array {
  const item = (format: number, id: string, body: string): string => `<LSX Format="${format}" ID="${id}">${body}</LSX>`;
  const dimension = (i: number, kind: string, unit: string, values: readonly number[]): string =>
    item(
      9,
      `0x${i}`,
      (values.length > 0 ? item(6, '0x7D6CD4DB', `\n${values.join(' ')} \n`) : '') +
        item(7, '0x6D707974', kind) +
        item(7, '0x7C696E75', unit),
    );
  const parameter = (name: string, value: string, number?: number): string =>
    item(
      9,
      '0x6F707865',
      item(7, '0x6D6D616E', name) +
        item(7, '0x7D6C61DB', value) +
        (number === undefined ? '' : item(5, '0x8736F70', String(number))),
    );
  const dimensions = [
    dimension(0, 'Intens', 'Cnt/sec', []),
    dimension(1, 'Spectr', units, axis),
    ...positions.map(({ name, values }, i) => dimension(i + 2, name, 'µm', values)),
  ].join('');
  const parameters = [
    parameter('Acq. time (s)', '2'),
    parameter('Accumulations', '3'),
    parameter('Range', 'Off'),
    parameter('Range', 'Visible', 1),
    parameter('Grating', '600 gr/mm', 600),
    parameter('Laser (nm)', '633 ', 632.817),
  ].join('');
  return Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?>\n<LSX_Data><LSX_Tree Format="9">' +
      item(7, '0x6D707974', 'SpIm') +
      item(8, '0x6C7469D9', 'a title') +
      item(9, '0x7A74D9D6', item(9, '0x7B697861', dimensions)) +
      item(9, '0x6C62D4D9', item(9, '0x8716361', parameters)) +
      `</LSX_Tree><LSX_Matrix>${spectra
        .map((row, i) => `<LSX_Row Format="6" Index="${i}" Size="${row.length}">\n${row.join(' ')} \n</LSX_Row>`)
        .join('')}</LSX_Matrix></LSX_Data>`,
  );
}

export interface TvfSpec {
  axis: readonly number[];
  unit?: string;
  frames: readonly { values: readonly number[]; position?: string; time?: number }[];
}

export function buildTvf({ axis, unit = 'Nanometer', frames }: TvfSpec): Uint8Array {
  const info =
    '<?xml version="1.0" encoding="utf-16"?><Info><Groups><Group><Name>Detector</Name><Items>' +
    '<Item><Name>Exposure_Time_(ms)</Name><Value>500</Value></Item>' +
    '<Item><Name>No_of_Accumulations</Name><Value>4</Value></Item></Items></Group></Groups></Info>';
  const escaped = info.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  return Buffer.from(
    '\ufeff<!--TriVista-File. (c) S&I GmbH, all rights reserved. -->\n<XmlMain Version="1.0.1"><Hardware Version="2" />' +
      `<Documents Count="1"><Document Version="2" Label="Intensity" DataLabel="Counts" RecordTime="09/29/2016 12:57:45.518" InfoSerialized="${escaped}">` +
      `<xDim Length="${axis.length}"><Calibration Unit="${unit}" ValueArray="${axis.length}|${axis.join('|')}" /></xDim>` +
      '<yDim Length="1"><Calibration Unit="Nanometer" ValueArray="0" /></yDim>' +
      `<zDim Length="${frames.length}" /><Data DataType="Double">` +
      frames
        .map(
          ({ values, position, time = 0 }) =>
            `<Frame xDim="${values.length}" yDim="1" TimeStamp="${time}"${position === undefined ? '' : ` ValuePosition="${position}"`}>${values.join(';')};</Frame>`,
        )
        .join('') +
      '</Data></Document></Documents></XmlMain>',
  );
}

const spectra = [0, 1, 2, 3, 4, 5].map((n) => [n, n + 10, n + 20]);
export const spectroscopyXmlSeeds: readonly Seed[] = [
  {
    name: 'labspec, map',
    files: {
      'x.xml': buildLabSpec({
        axis: [3, 2, 1],
        positions: [
          { name: 'X', values: [-2, 0, 2] },
          { name: 'Y', values: [-1, 1] },
        ],
        spectra,
      }),
    },
  },
  {
    name: 'trivista, map',
    files: {
      'x.tvf': buildTvf({
        axis: [1, 2, 3],
        frames: spectra.map((values, i) => ({ values, position: `${25 * (i % 3)};${50 * Math.floor(i / 3)};0` })),
      }),
    },
  },
];
