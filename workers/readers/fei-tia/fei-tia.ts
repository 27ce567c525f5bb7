import { readdirSync } from 'node:fs';
import { basename, dirname, extname, join, parse } from 'node:path';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader, SignalHeader } from '../../model/signal.ts';
import { beside } from '../companion.ts';
import { withFile } from '../file-bytes.ts';
import type { Reader, ReadHints } from '../reader.ts';
import type { XmlElement } from '../xml.ts';
import { readEmiObjects } from './emi-objects.ts';
import { isSerMagic } from './ser-format.ts';
import { serSignal } from './ser-signal.ts';

/** `NAME_k.ser` beside `NAME.emi`, in the order of k. */
function seriesBeside(emi: string): { path: string; number: number }[] {
  const stem = parse(emi).name.toLowerCase();
  let names: string[];
  try {
    names = readdirSync(dirname(emi));
  } catch {
    names = [];
  }
  return names
    .map((name) => {
      const match = /^(.*)_(\d{1,6})\.ser$/i.exec(name);
      return match?.[1]?.toLowerCase() === stem ? { path: join(dirname(emi), name), number: Number(match[2]) } : null;
    })
    .filter((one) => one !== null)
    .sort((a, b) => a.number - b.number);
}

const readOne = (path: string, object: XmlElement | null, hints: ReadHints): SignalHeader =>
  withFile(path, (file) => {
    const head = file.view(0, Math.min(4, file.size));
    if (!isSerMagic(new Uint8Array(head.buffer, head.byteOffset, head.byteLength))) {
      throw new EigenscopeError(
        'corrupt-file',
        `${file.name} does not begin as a series of TIA does (49 49 97 01). Copy it anew from the microscope.`,
        { path },
      );
    }
    return serSignal(file, object, hints);
  });

/** All series that belong to an EMI; those that hold nothing are told of beside those that do. */
function readEmi(path: string, hints: ReadHints): SignalHeader[] {
  const series = seriesBeside(path);
  if (series.length === 0) {
    const { name } = parse(path);
    throw new EigenscopeError(
      'file-not-found',
      `${basename(path)} describes what was recorded, but the values are in ${name}_1.ser, which is not beside it. Copy the .ser files into the same folder; a single spectrum that has none has to be exported from TIA as .msa.`,
      { path },
    );
  }
  const objects = readEmiObjects(path);
  const signals: SignalHeader[] = [];
  const refused: EigenscopeError[] = [];
  for (const { path: ser, number } of series) {
    try {
      signals.push(readOne(ser, objects[number - 1] ?? null, hints));
    } catch (error) {
      if (!(error instanceof EigenscopeError)) throw error;
      refused.push(error);
    }
  }
  if (signals.length === 0) throw refused[0]!;
  if (refused.length === 0) return signals;
  return signals.map((signal) => ({ ...signal, warnings: [...signal.warnings, ...refused.map((e) => e.message)] }));
}

/** One series alone; its description comes from the EMI where that is still beside it. */
function readSerAlone(path: string, hints: ReadHints): SignalHeader {
  const match = /^(.*)_(\d{1,6})$/.exec(parse(path).name);
  const emi = match === null ? null : beside(path, `${match[1]}.emi`);
  let object: XmlElement | null = null;
  if (emi !== null) {
    try {
      object = readEmiObjects(emi)[Number(match![2]) - 1] ?? null;
    } catch {
      // the series can be read without
    }
  }
  return readOne(path, object, hints);
}

/** Series of TIA, the software of FEI microscopes: NAME.emi with NAME_1.ser, NAME_2.ser … beside it, or a .ser alone. */
export const feiTiaReader: Reader = {
  id: 'fei-tia',
  title: 'FEI/TIA series',
  extensions: ['emi', 'ser'],
  probe(head, path) {
    if (isSerMagic(head)) return 1;
    const isEmi = head[0] === 0x4a && head[1] === 0x4b && head[2] === 0 && head[3] === 2;
    return isEmi && extname(path).toLowerCase() === '.emi' ? 0.9 : 0;
  },
  header: async (path, hints): Promise<FileHeader> => ({
    format: 'fei-tia',
    signals: extname(path).toLowerCase() === '.emi' ? readEmi(path, hints) : [readSerAlone(path, hints)],
  }),
};
