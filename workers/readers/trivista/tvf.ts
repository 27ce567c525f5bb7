import { parse } from 'node:path';
import type { Axis } from '../../model/axes.ts';
import { plainAxis } from '../../model/axes.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader, SignalHeader } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import { corrupt, latin1, withFile } from '../file-bytes.ts';
import { calibrateByHints } from '../hints.ts';
import type { Reader, ReadHints } from '../reader.ts';
import type { XmlElement } from '../xml.ts';
import { childOf, decodeXml, findElements, parseXml } from '../xml.ts';
import { arrangeFrames, readFrame } from './tvf-frames.ts';
import { metadataOf, readInfo } from './tvf-metadata.ts';

/** Text is held whole while it is read. */
const longestText = 256 * 2 ** 20;

const unitNames: Readonly<Record<string, readonly [name: string, units: string]>> = {
  Nanometer: ['Wavelength', 'nm'],
  Wavenumber: ['Wavenumber', '1/cm'],
  RelativeWavenumber: ['Raman Shift', '1/cm'],
  eV: ['Energy', 'eV'],
};

function readDocument(path: string): XmlElement {
  return withFile(path, (file) => {
    if (file.size > longestText) {
      throw new EigenscopeError(
        'unsupported-format',
        `${file.name} has ${file.size} bytes of XML, more than can be read (${longestText}). Save a part of the map.`,
        { path },
      );
    }
    const bytes = new Uint8Array(file.size);
    file.readInto(bytes, 0);
    return parseXml(path, decodeXml(bytes));
  });
}

/** An axis of a frame: its list of values, or an index where there is none. */
function frameAxis(path: string, document: XmlElement, side: 'x' | 'y'): { axis: Axis; reversed: boolean } {
  const dimension = childOf(document, `${side}Dim`);
  const size = Number(dimension?.attributes['Length']);
  if (!Number.isSafeInteger(size) || size < 1) {
    throw corrupt(
      path,
      `its frames have ${dimension?.attributes['Length'] ?? 'no'} ${side} values`,
      'a whole number was expected',
    );
  }
  const calibration = childOf(dimension, 'Calibration')?.attributes ?? {};
  const [count, ...pieces] = (calibration['ValueArray'] ?? '').split('|');
  const values = pieces.map((piece) => Number(piece.replace(',', '.')));
  if (Number(count) !== size || values.length !== size || !values.every(Number.isFinite)) {
    return { axis: plainAxis(side === 'x' ? 'channel' : 'y', size, false), reversed: false };
  }
  const reversed = size > 1 && values[size - 1]! < values[0]!;
  if (reversed) values.reverse();
  const unit = calibration['Unit'] ?? '';
  const [name, units] = Object.hasOwn(unitNames, unit) ? unitNames[unit]! : ['Unknown', null];
  const scale = size > 1 ? (values[size - 1]! - values[0]!) / (size - 1) || 1 : 1;
  return { axis: { name, units, size, navigate: false, scale, offset: values[0]!, values }, reversed };
}

function signalOf(path: string, root: XmlElement, document: XmlElement, hints: ReadHints): SignalHeader {
  const { axis: x, reversed } = frameAxis(path, document, 'x');
  const { axis: y } = frameAxis(path, document, 'y');
  const frames = (childOf(document, 'Data')?.children ?? [])
    .filter(({ name }) => name === 'Frame')
    .map((frame) => readFrame(path, frame, x.size * y.size));
  if (frames.length === 0) throw corrupt(path, 'it holds no frame', 'at least one was expected');
  const { axes: navigation, order, warnings } = arrangeFrames(frames);
  const axes = [...navigation, ...(y.size > 1 ? [y] : []), x];
  const shape = axes.map(({ size }) => size);
  checkedBytes(path, shape, 'float64');
  const values = new Float64Array(frames.length * x.size * y.size);
  order.forEach((frame, at) => values.set(frames[frame]!.values, at * x.size * y.size));
  if (reversed) for (let at = 0; at < values.length; at += x.size) values.subarray(at, at + x.size).reverse();
  const { name: title, base } = parse(path);
  const units = document.attributes['DataLabel'] || null;
  const label = document.attributes['Label'] || 'Intensity';
  const info = readInfo(path, document);
  return {
    title,
    signalType: '',
    shape,
    dtype: 'float64',
    axes: calibrateByHints(base, axes, hints),
    quantity: { name: label, units },
    metadata: metadataOf(root, document, info, title, base, units === null ? label : `${label} (${units})`),
    originalMetadata: {
      file: { version: root.attributes['Version'] ?? null, dateTime: root.attributes['DateTime'] ?? null },
      document: Object.fromEntries(Object.entries(document.attributes).filter(([name]) => name !== 'InfoSerialized')),
      info,
    },
    layout: { kind: 'bytes', bytes: new Uint8Array(values.buffer) },
    warnings,
  };
}

function readHeader(path: string, hints: ReadHints): FileHeader {
  const root = readDocument(path);
  const documents = [...findElements(root, ({ name }) => name === 'Document')].filter(
    (document) => childOf(document, 'Data') !== undefined,
  );
  if (documents.length === 0)
    throw corrupt(path, 'it holds no document with data', 'a TriVista measurement was expected');
  return { format: 'trivista', signals: documents.map((document) => signalOf(path, root, document, hints)) };
}

/** S&I TriVista: spectra, series, images and maps of Raman and luminescence. */
export const triVistaReader: Reader = {
  id: 'trivista',
  title: 'S&I TriVista (TVF)',
  extensions: ['tvf'],
  probe(head, path) {
    const text = latin1(head).replaceAll('\0', '');
    if (/<!--\s*TriVista-File/.test(text)) return 1;
    return /\.tvf$/i.test(path) && text.includes('<XmlMain') ? 0.9 : 0;
  },
  header: async (path, hints) => readHeader(path, hints),
};
