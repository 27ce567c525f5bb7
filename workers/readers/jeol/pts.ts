import type { Axis } from '../../model/axes.ts';
import type { DType } from '../../model/dtype.ts';
import type { FileHeader, Metadata, SignalHeader } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import { corrupt, latin1, withFile } from '../file-bytes.ts';
import type { Reader, ReadHints } from '../reader.ts';
import { general, isTransmission, known, pixelSize, spatialAxis } from './common.ts';
import { largestCount } from './event-counts.ts';
import { channelsOfEvents, chooseFrames, eventIndexOf, positionUnits, wholeFrames } from './event-index.ts';
import type { EventsAbout } from './event-pixels.ts';
import type { Tag } from './tags.ts';
import { numberAt, plainTags, readTags, tagAt, textAt } from './tags.ts';

const magic = 'PTTDFILE';

export const isJeolEvents = (head: Uint8Array): boolean => latin1(head.subarray(4, 4 + magic.length)) === magic;

/** The smallest unsigned type that holds counts up to this. */
const countType = (largest: number): DType => (largest <= 0xff ? 'uint8' : largest <= 0xffff ? 'uint16' : 'uint32');

/** “512x512”: pixels across, lines. */
function mapSize(path: string, text: string | null): [width: number, height: number] {
  const parts = /^(\d{1,4})x(\d{1,4})$/.exec(text?.trim() ?? '');
  const [width, height] = [Number(parts?.[1]), Number(parts?.[2])];
  if (width >= 1 && height >= 1 && width <= positionUnits && height <= positionUnits) return [width, height];
  throw corrupt(path, `its map is of “${text ?? 'no'}” pixels`, 'a size such as 512x512 was expected');
}

/**
 * Cubes of fewer values are taken as announced. Beyond, a photon takes 2 bytes at least, and a map with less than one in
 * tens of thousands of its values is damage (or an attempt to fill the memory), not a measurement.
 */
const smallCube = 2 ** 30;
const valuesPerByte = 100_000;

function checkPlausible(path: string, values: number, listBytes: number): void {
  if (values <= smallCube || values <= valuesPerByte * listBytes) return;
  throw corrupt(path, `${listBytes} bytes of events are said to make ${values} values`, 'more of them were expected');
}

/** The zero of the pulse heights, in channels, for the processing time that was used. */
function zeroChannel(root: Tag, template: string | null): number {
  const pages = tagAt(root, 'PTTD Param', 'Params')?.children ?? [];
  for (const page of pages) {
    const zero = template === null ? null : numberAt(page, 'Tpl', template, 'DigZ');
    if (zero !== null) return zero;
  }
  return 0;
}

function detectorMetadata(
  root: Tag,
  energy: number | null,
  magnification: number | null,
  doc: Tag | undefined,
): Metadata {
  const page = tagAt(root, 'PTTD Param', 'Params')?.children.find((one) => tagAt(one, 'DetT') !== undefined);
  return {
    [isTransmission(energy) ? 'TEM' : 'SEM']: {
      ...known({ beam_energy: energy, magnification }),
      Detector: {
        EDS: known({
          azimuth_angle: numberAt(page, 'DirAng'),
          detector_type: textAt(page, 'DetT'),
          elevation_angle: numberAt(page, 'ElevAng'),
          energy_resolution_MnKa: numberAt(page, 'MnKaRES'),
          real_time: numberAt(doc, 'RealTime'),
          live_time: numberAt(doc, 'LiveTime'),
        }),
      },
    },
  };
}

/**
 * Header of an event list (.pts).
 * @throws EigenscopeError `corrupt-file`, `truncated-file`; `parameter-out-of-range` for frames that are not there
 */
export function readJeolEvents(path: string, hints: ReadHints): SignalHeader {
  return withFile(path, (file) => {
    const head = file.view(0, 0x130);
    if (!isJeolEvents(new Uint8Array(head.buffer, head.byteOffset, head.byteLength))) {
      throw corrupt(path, 'it does not begin as a JEOL event list', `${magic} was expected`);
    }
    const [tagsAt, offset, announced] = [0x14, 0x1c, 0x20].map((at) => head.getUint32(at, true)) as [
      number,
      number,
      number,
    ];
    const created = head.getFloat64(0x128, true);
    const root = readTags(file, tagsAt);
    const data = tagAt(root, 'PTTD Data', 'AnalyzableMap MeasData');
    const doc = tagAt(data, 'Doc');
    const template = textAt(data, 'Meas Cond', 'Tpl');
    const [width, height] = mapSize(path, textAt(data, 'Meas Cond', 'Pixels'));
    const warnings: string[] = [];
    const bytes = Math.max(0, Math.min(announced, file.size - offset));
    // some programs write the length of the file instead of that of the list
    if (bytes < announced && announced !== file.size) {
      warnings.push(
        `The list of events is cut short: ${bytes} of ${announced} bytes are there. Later events are missing.`,
      );
    }
    const list = { offset, bytes, width, height };
    const index = eventIndexOf(file, list);
    const whole = wholeFrames(index, height);
    const [firstFrame, endFrame] = chooseFrames(file.name, index.frames, hints.frames ?? [0, Math.max(1, whole)]);
    if (whole < index.frames) {
      warnings.push(
        whole === 0
          ? 'The recording was interrupted in its first sweep: lines behind are empty.'
          : `The recording was interrupted in its last sweep, which is left out unless frames are chosen (0 to ${index.frames - 1}).`,
      );
    }
    const separate = hints.sumFrames === false;
    const sweeps = numberAt(doc, 'Sweep');
    if (sweeps !== null && sweeps !== index.frames) {
      warnings.push(`${sweeps} sweeps are announced; ${index.frames} were found.`);
    }
    const wanted = { first: firstFrame, end: endFrame, separate };
    const condition = tagAt(data, 'MeasCond');
    const energy = numberAt(condition, 'AccKV');
    const magnification = numberAt(condition, 'Mag');
    const scanSize = (tagAt(root, 'PTTD Param', 'Params')?.children ?? [])
      .map((page) => numberAt(page, 'ScanSize'))
      .find((size) => size !== null);
    const dwell = numberAt(doc, 'DwellTime(msec)');
    const frameAxis: Axis = {
      name: 'Frame',
      units: dwell === null ? null : 's',
      size: endFrame - firstFrame,
      navigate: true,
      scale: dwell === null || !(dwell > 0) ? 1 : (dwell * width * height) / 1000,
      offset: 0,
    };
    const scale = numberAt(doc, 'CoefA');
    const shape = [...(separate ? [frameAxis.size] : []), height, width, channelsOfEvents];
    checkPlausible(path, checkedBytes(path, shape, 'uint8'), bytes);
    const title = `EDS extracted from ${file.name}`;
    const signalType = isTransmission(energy) ? 'EDS_TEM' : 'EDS_SEM';
    const about: EventsAbout = { ...list, firstFrame, endFrame, separate };
    return {
      title,
      signalType,
      shape,
      dtype: countType(largestCount(file, list, index, wanted)),
      axes: [
        ...(separate ? [frameAxis] : []),
        spatialAxis('y', height, pixelSize(scanSize ?? null, magnification, height), true),
        spatialAxis('x', width, pixelSize(scanSize ?? null, magnification, width), true),
        {
          name: 'Energy',
          units: scale === null ? null : 'keV',
          size: channelsOfEvents,
          navigate: false,
          scale: scale || 1,
          offset: scale ? (numberAt(doc, 'CoefB') ?? 0) - scale * zeroChannel(root, template) : 0,
        },
      ],
      quantity: { name: 'X-rays', units: 'Counts' },
      metadata: {
        General: general(path, title, created),
        Signal: { signal_type: signalType, quantity: 'X-rays (Counts)' },
        Acquisition_instrument: detectorMetadata(root, energy, magnification, doc),
      },
      originalMetadata: plainTags(root),
      layout: { kind: 'coded', codec: 'jeol-events', path, stamp: file.stamp(), about: { ...about } },
      warnings,
      ...(index.frames > 1 ? { options: { frames: index.frames, summed: true } } : {}),
    };
  });
}

/** Event lists of JEOL's Analysis Station. */
export const jeolEventReader: Reader = {
  id: 'jeol',
  title: 'JEOL event list (PTS)',
  extensions: ['pts'],
  probe: (head) => (isJeolEvents(head) ? 1 : 0),
  header: async (path, hints): Promise<FileHeader> => ({ format: 'jeol', signals: [readJeolEvents(path, hints)] }),
};
