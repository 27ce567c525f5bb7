import type { FileHeader } from '../../model/signal.ts';
import { corrupt, latin1, withFile } from '../file-bytes.ts';
import type { Reader } from '../reader.ts';
import { decodeXml, childOf, parseXml } from '../xml.ts';
import { isTransmission, readTrtSpectrum } from './trt-spectrum.ts';
import { childInstances, instanceOf, originalMetadataOf } from './trt-xml.ts';

/** A spectrum and what is known about it; more is not one. */
const longestText = 64 * 2 ** 20;
const mostChannels = 2 ** 20;

function readCounts(path: string, text: string): BigUint64Array {
  const parts = text === '' ? [] : text.split(',');
  // a comma after the last count is no further count
  if (parts.at(-1)?.trim() === '') parts.pop();
  if (parts.length === 0 || parts.length > mostChannels) {
    throw corrupt(path, `its spectrum has ${parts.length} channels`, 'a few thousand were expected');
  }
  return BigUint64Array.from(parts, (part) => {
    const count = part.trim();
    if (/^\d{1,19}$/.test(count)) return BigInt(count);
    throw corrupt(path, `a count of its spectrum is “${count.slice(0, 20)}”`, 'a whole number was expected');
  });
}

function readHeader(path: string): FileHeader {
  return withFile(path, (file) => {
    if (file.size > longestText) throw corrupt(path, `it has ${file.size} bytes`, 'a single spectrum was expected');
    const bytes = new Uint8Array(file.size);
    file.readInto(bytes, 0);
    const root = parseXml(path, decodeXml(bytes));
    const element = instanceOf(root, 'TRTSpectrum');
    if (element === undefined) {
      throw corrupt(path, `it is about “${root.name.slice(0, 40)}”`, 'a TRTSpectrum was expected');
    }
    const spectrum = readTrtSpectrum(element);
    const counts = readCounts(path, spectrum.counts);
    const warnings: string[] = [];
    if (spectrum.channels !== null && spectrum.channels !== counts.length) {
      warnings.push(`ChannelCount says ${spectrum.channels}; ${counts.length} counts were found.`);
    }
    const transmission = isTransmission(spectrum.primaryEnergy);
    const signalType = transmission ? 'EDS_TEM' : 'EDS_SEM';
    const name = element.attributes['Name']?.trim();
    const list = childOf(instanceOf(element, 'TRTPSEElementList'), 'ChildClassInstances');
    const elements = childInstances(list, 'TRTPSEElement')
      .map(({ attributes }) => attributes['Name'] ?? '')
      .filter((symbol) => /^[A-Z][a-z]?$/.test(symbol));
    return {
      format: 'bruker-spx',
      signals: [
        {
          title: 'EDX',
          signalType,
          shape: [counts.length],
          dtype: 'uint64',
          axes: [
            {
              name: 'Energy',
              units: spectrum.scale === null ? null : 'keV',
              size: counts.length,
              navigate: false,
              scale: spectrum.scale || 1,
              offset: spectrum.offset ?? 0,
            },
          ],
          quantity: { name: 'X-rays', units: 'Counts' },
          metadata: {
            General: {
              original_filename: file.name,
              title: 'EDX',
              ...(spectrum.date === undefined ? {} : { date: spectrum.date }),
              ...(spectrum.time === undefined ? {} : { time: spectrum.time }),
            },
            Signal: { signal_type: signalType, quantity: 'X-rays (Counts)' },
            Acquisition_instrument: {
              [transmission ? 'TEM' : 'SEM']: {
                ...(spectrum.primaryEnergy === null ? {} : { beam_energy: spectrum.primaryEnergy }),
                Detector: {
                  EDS: {
                    ...spectrum.detector,
                    ...(spectrum.realTime === null ? {} : { real_time: spectrum.realTime }),
                    ...(spectrum.liveTime === null ? {} : { live_time: spectrum.liveTime }),
                  },
                },
              },
            },
            Sample: { ...(name ? { name } : {}), elements },
          },
          originalMetadata: originalMetadataOf(element),
          layout: { kind: 'bytes', bytes: new Uint8Array(counts.buffer) },
          warnings,
        },
      ],
    };
  });
}

/** A single spectrum of Bruker's programs. */
export const spxReader: Reader = {
  id: 'bruker-spx',
  title: 'Bruker spectrum (SPX)',
  extensions: ['spx'],
  probe(head) {
    const text = latin1(head.subarray(0, 1024));
    return /<TRTSpectrum[\s>]/.test(text) ? 1 : 0;
  },
  header: async (path) => readHeader(path),
};
