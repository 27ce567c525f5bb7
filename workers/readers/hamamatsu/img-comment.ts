import type { Metadata } from '../../model/signal.ts';
import { known } from '../known-values.ts';

/** Sections `[Name],key=value,key="value, with commas"` of the comment, with or without line ends between them. */
export type ImgComment = ReadonlyMap<string, ReadonlyMap<string, string>>;

export function parseImgComment(text: string): ImgComment {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  for (const [, title, key, quoted, plain] of text.matchAll(
    /\[([^\]=]+)\](?=,|\s|$)|([^,=[\]\r\n"]+)=(?:"([^"]*)"|([^,[\r\n]*))/g,
  )) {
    if (title !== undefined) {
      section = new Map();
      sections.set(title, section);
    } else if (key !== undefined) section.set(key.trim(), (quoted ?? plain ?? '').trim());
  }
  return sections;
}

export const originalOf = (comment: ImgComment): Metadata =>
  Object.fromEntries(
    [...comment]
      .filter(([name]) => name !== '__proto__')
      .map(([name, pairs]) => [name, Object.fromEntries([...pairs].filter(([key]) => key !== '__proto__'))]),
  );

const numberOf = (text: string | undefined): number | undefined => {
  const value = Number.parseFloat(text ?? '');
  return Number.isFinite(value) ? value : undefined;
};

/** Seconds of `5 s`, `200 ms`, `3 us`. */
function secondsOf(text: string | undefined): number | undefined {
  const value = numberOf(text);
  const factor = { s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 }[/[a-zµ]+$/.exec((text ?? '').trim())?.[0] ?? ''];
  return value === undefined || factor === undefined ? undefined : value * factor;
}

/** Units as they are written everywhere else. */
export const unitOf = (text: string | undefined): string | null => {
  const unit = (text ?? '').trim();
  return unit === '' || /^no unit$/i.test(unit) ? null : unit.replace(/^us$/, 'µs');
};

/** Day first, separated by dots or slashes, as yyyy-mm-dd. */
function dateOf(text: string | undefined): string | undefined {
  const found = /^(\d{1,2})[./](\d{1,2})[./](\d{4})$/.exec(text ?? '');
  if (found === null) return undefined;
  const [, day = '', month = '', year = ''] = found;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** The tree in HyperSpy's words: times of exposure in s, gratings in lines per mm, wavelengths in nm. */
export function metadataOf(comment: ImgComment, title: string, fileName: string, quantity: string): Metadata {
  const [application, acquisition, camera, streak, spectrograph] = [
    'Application',
    'Acquisition',
    'Camera',
    'Streak camera',
    'Spectrograph',
  ].map((name) => comment.get(name) ?? new Map<string, string>()) as [
    Map<string, string>,
    Map<string, string>,
    Map<string, string>,
    Map<string, string>,
    Map<string, string>,
  ];
  const frames = numberOf(acquisition.get('NrExposure'));
  const exposure = secondsOf(acquisition.get('ExposureTime'));
  const range = (streak.get('Time Range') ?? '').split(' ');
  const corrected = (key: string): boolean | undefined =>
    acquisition.has(key) ? (numberOf(acquisition.get(key)) ?? 0) !== 0 : undefined;
  const positive = (key: string): number | undefined => numberOf(spectrograph.get(key)) || undefined;
  const mode = { '1': 'live', '2': 'acquire', '3': 'photon_counting', '4': 'analog_integration' };
  const binning = (acquisition.get('pntBinning') ?? '').split(',').map(Number);
  return {
    General: known({
      title,
      original_filename: fileName,
      date: dateOf(application.get('Date')),
      time: application.get('Time')?.split('.')[0],
    }),
    Signal: { signal_type: '', quantity },
    Acquisition_instrument: known({
      Detector: known({
        detector_type: 'StreakCamera',
        model: streak.get('DeviceName') || camera.get('CameraName') || undefined,
        frames,
        integration_time: exposure === undefined ? undefined : exposure * (frames ?? 1),
        binning: binning.length === 2 && binning.every(Number.isFinite) ? binning : undefined,
        mcp_gain: numberOf(streak.get('MCP Gain')),
        time_range: numberOf(range[0]),
        time_range_units: unitOf(range[1]),
        acquisition_mode: mode[acquisition.get('AcqMode') as keyof typeof mode],
        processing: known({
          background_correction: corrected('BacksubCorr'),
          shading_correction: corrected('ShadingCorr'),
          curvature_correction: corrected('CurveCorr'),
          defect_correction: corrected('DefectCorrection'),
        }),
      }),
      Spectrometer: known({
        model: spectrograph.get('DeviceName') || undefined,
        central_wavelength: positive('Wavelength'),
        entrance_slit_width: positive('Side Ent. Slitw.') ?? positive('Slit Width'),
        Grating: known({ groove_density: positive('Ruling'), blazing_wavelength: positive('Blaze') }),
      }),
    }),
  };
}
