import type { Directory, TiffFile } from './ifd.ts';
import { numberAt } from './ifd.ts';
import { tags } from './tags.ts';
import type { VendorNotes } from './vendor.ts';
import { known, uniform } from './vendor.ts';

/* Places of the fields of EM-MENU's record of version 2, in bytes from its beginning (EM-MENU's help: structure TemData). */
const second = 4 + 80 + 40 * 4;
const place = (before: number): number => second + before;
const fields = {
  imageName: place(0),
  imageFolder: place(160),
  date: place(340),
  time: place(344),
  comment: place(348),
  pixelSizeX: place(348 + 2048 + 64 + 256 + 8),
  pixelSizeY: place(348 + 2048 + 64 + 256 + 12),
};
const temType = fields.pixelSizeX + 16 + 128;
const tem = {
  type: temType,
  highTension: temType + 160,
  mode: temType + 160 + 4 + 128 + 128,
  magnification: temType + 160 + 4 + 256 + 4,
  stage: temType + 160 + 4 + 256 + 4 + 4 + 4 + 4 + 4,
};
const cameraType = tem.stage + 20 + 24 + 28 + 12 + 4 + 128;
const camera = { type: cameraType, binningX: cameraType + 160 + 16, exposure: cameraType + 160 + 24 };
const recordBytes = cameraType + 160 + 24 + 12 + 160 + 8 + 128 + 2048 + 4;
const magic = 0xaaaaaaaa;

function wideText(view: DataView, at: number, bytes: number): string {
  const raw = new Uint8Array(view.buffer, view.byteOffset + at, bytes);
  return new TextDecoder('utf-16le').decode(raw).split('\0')[0]!.trim();
}

const two = (n: number): string => String(n).padStart(2, '0');

/** TVIPS cameras (EM-MENU): tag 37706 holds the place of a record; lengths in nm, stage in m, tension in V, exposure in ms. */
export function readTvips(tiff: TiffFile, directory: Directory): VendorNotes | null {
  const at = numberAt(tiff, directory, tags.tvips);
  if (at === undefined || at + recordBytes > tiff.file.size) return null;
  const view = tiff.view(at, recordBytes);
  const le = tiff.littleEndian;
  if (view.getInt32(0, le) !== 2 || view.getUint32(recordBytes - 4, le) !== magic) return null;
  const float = (offset: number): number => view.getFloat32(offset, le);
  const date = view.getInt32(fields.date, le);
  const seconds = view.getInt32(fields.time, le);
  const [year, month, day] = [date >> 16, (date >> 8) & 255, date & 255];
  const isDate = year > 1980 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  const x = uniform(float(fields.pixelSizeX), 'nm');
  const y = uniform(float(fields.pixelSizeY), 'nm');
  const name = wideText(view, fields.imageName, 160);
  const stage = [0, 1, 2, 3, 4].map((i) => float(tem.stage + 4 * i));
  const general = known({
    date: isDate ? `${year}-${two(month)}-${two(day)}` : undefined,
    time:
      seconds > 0 && seconds < 86400
        ? `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
        : undefined,
  });
  const cameraName = wideText(view, camera.type, 160);
  return {
    ...(x ? { x } : {}),
    ...(y ? { y } : {}),
    metadata: {
      General: general,
      Acquisition_instrument: {
        TEM: known({
          beam_energy: float(tem.highTension) / 1000,
          magnification: float(tem.magnification),
          Detector: { Camera: known({ name: cameraName, exposure: float(camera.exposure) / 1000 }) },
          Stage: known({
            // millimetres, as everywhere
            x: stage[0]! * 1e3,
            y: stage[1]! * 1e3,
            z: stage[2]! * 1e3,
            tilt_alpha: stage[3],
            tilt_beta: stage[4],
          }),
        }),
      },
    },
    original: {
      TVIPS: known({
        ImageName: name,
        ImageFolder: wideText(view, fields.imageFolder, 160),
        Comment: wideText(view, fields.comment, 1024),
        PixelSizeX: float(fields.pixelSizeX),
        PixelSizeY: float(fields.pixelSizeY),
        TemType: wideText(view, tem.type, 160),
        TemHighTension: float(tem.highTension),
        TemMode: view.getInt32(tem.mode, le),
        TemMagnification: float(tem.magnification),
        TemStagePosition: stage,
        CameraType: cameraName,
        BinningX: view.getInt32(camera.binningX, le),
        ExposureTime: float(camera.exposure),
      }),
    },
  };
}
