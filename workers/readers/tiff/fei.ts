import type { Metadata } from '../../model/signal.ts';
import type { Directory, TiffFile } from './ifd.ts';
import { textOf } from './ifd.ts';
import { parseIni } from './ini-text.ts';
import { tags } from './tags.ts';
import type { VendorNotes } from './vendor.ts';
import { known, uniform } from './vendor.ts';

const two = (n: number): string => String(n).padStart(2, '0');

/** “06/13/2016” and “05:06:40 PM” (month first), else “13.06.2016 17:06:40” of the private section. */
function when(user: Metadata, created: unknown): { date?: string; time?: string } {
  const european = /^(\d{1,2})\.(\d{1,2})\.(\d{4}) (\d{1,2}):(\d{2}):(\d{2})/.exec(String(created ?? ''));
  if (european) {
    const [day, month, year, hour, minute, second] = european.slice(1).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return { date: `${year}-${two(month)}-${two(day)}`, time: `${two(hour)}:${two(minute)}:${two(second)}` };
  }
  const date = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(String(user.Date ?? ''));
  const time = /^(\d{1,2}):(\d{2}):(\d{2})\s*([AP]M)?$/i.exec(String(user.Time ?? ''));
  const half = time?.[4]?.toUpperCase();
  const hour = (Number(time?.[1]) % (half === undefined ? 24 : 12)) + (half === 'PM' ? 12 : 0);
  return {
    ...(date ? { date: `${date[3]}-${two(Number(date[1]))}-${two(Number(date[2]))}` } : {}),
    ...(time ? { time: `${two(hour)}:${time[2]}:${time[3]}` } : {}),
  };
}

/** FEI and Thermo scanning microscopes: an ini text in tag 34680 or 34682; lengths in m, energies in V, angles in rad. */
export function readFei(tiff: TiffFile, directory: Directory): VendorNotes | null {
  const text = textOf(tiff, directory, tags.feiHelios) ?? textOf(tiff, directory, tags.feiSfeg);
  if (text === undefined) return null;
  const ini = parseIni(text);
  const { User: user = {}, System: system = {}, Scan: scan = {}, EScan: escan = {}, Stage: stage = {} } = ini;
  const beamName = String(ini.Beam?.Beam ?? 'EBeam');
  const beam = ini[beamName] ?? ini.EBeam ?? ini.Beam ?? {};
  const number = (value: unknown, factor = 1): number | undefined =>
    typeof value === 'number' ? Number((value * factor).toPrecision(15)) : undefined;
  const ionOrElectron = ini[beamName === 'IBeam' ? 'IScan' : 'EScan'] ?? escan;
  // a navigation camera scans nothing: its field of view is told instead, without the bar below the picture
  const part = (field: unknown, pixels: unknown): number | undefined =>
    typeof field === 'number' && typeof pixels === 'number' ? field / pixels : undefined;
  const image = ini.Image ?? {};
  const pixelWidth = number(scan.PixelWidth) ?? number(ionOrElectron.PixelWidth) ?? part(beam.HFW, image.ResolutionX);
  const pixelHeight =
    number(scan.PixelHeight) ?? number(ionOrElectron.PixelHeight) ?? part(beam.VFW, image.ResolutionY);
  const x = uniform(pixelWidth, 'm');
  const y = uniform(pixelHeight ?? pixelWidth, 'm');
  const instrument = known({
    beam_energy: number(beam.HV, 1e-3) ?? number(ini.Beam?.HV, 1e-3),
    beam_current: number(beam.BeamCurrent, 1e9),
    working_distance: number(beam.WD, 1e3) ?? number(stage.WorkingDistance, 1e3),
    dwell_time: number(scan.Dwelltime) ?? number(ionOrElectron.Dwell),
    microscope: typeof system.SystemType === 'string' ? system.SystemType : undefined,
    Stage: known({
      x: number(stage.StageX),
      y: number(stage.StageY),
      z: number(stage.StageZ),
      rotation: number(stage.StageR),
      tilt: number(stage.StageT),
    }),
  });
  return {
    ...(x ? { x } : {}),
    ...(y ? { y } : {}),
    metadata: {
      General: known({
        ...when(user, ini.PrivateFei?.TimeOfCreation),
        authors: user.User === undefined ? undefined : String(user.User),
      }),
      Acquisition_instrument: { SEM: instrument },
    },
    original: { FEI: ini },
  };
}
