import type { Axis } from '../../../workers/model/axes.ts';
import { isCalibrated } from '../../../workers/model/axes.ts';
import type { Pages } from './pages.ts';

/** Units in ImageJ's own spelling; its text is ASCII with `\u` escapes, and micrometres are microns. */
const unitText = (axis: Axis): string =>
  isCalibrated(axis)
    ? axis
        .units!.replaceAll(/[\r\n=]/g, ' ')
        .replace(/^[\u00b5\u03bcu]m$/, 'micron')
        .replaceAll(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`)
    : 'pixel';

/** Where the zero of an axis is, in pixels: ImageJ's origin. */
const origin = (axis: Axis): number => -axis.offset / axis.scale;

/**
 * The description by which ImageJ, Fiji and HyperSpy calibrate a stack. Of two axes of pages the slower is called
 * frames (t); of three, the fastest is called channels, as ImageJ orders them.
 * @param range smallest and largest finite value, for the display
 * @see https://imagej.net/ij/developer/source/ij/io/FileSaver.java.html (getDescriptionString)
 */
export function imageJText({ page, row, column }: Pages, range: readonly [number, number] | null): string {
  const total = page.reduce((n, axis) => n * axis.size, 1);
  const [channels, slices, frames] =
    page.length === 3 ? [page[2], page[1], page[0]] : [undefined, page.at(-1), page.length === 2 ? page[0] : undefined];
  const sizes: Record<'channels' | 'slices' | 'frames', Axis | undefined> = { channels, slices, frames };
  const lines = [
    'ImageJ=1.53t',
    ...(total > 1 ? [`images=${total}`] : []),
    ...(['channels', 'slices', 'frames'] as const).flatMap((name) =>
      sizes[name] ? [`${name}=${sizes[name].size}`] : [],
    ),
    ...(page.length > 1 ? ['hyperstack=true', 'mode=grayscale'] : []),
    `unit=${unitText(column)}`,
    ...(unitText(row) === unitText(column) ? [] : [`yunit=${unitText(row)}`]),
    ...(slices === undefined ? [] : [`zunit=${unitText(slices)}`]),
    ...(slices === undefined ? [] : [`spacing=${slices.scale}`]),
    ...(frames === undefined ? [] : [`finterval=${frames.scale}`, `tunit=${unitText(frames)}`]),
    ...(
      [
        ['xorigin', column],
        ['yorigin', row],
        ['zorigin', slices],
      ] as const
    ).flatMap(([name, axis]) =>
      axis === undefined || axis.offset === 0 || axis.values !== undefined ? [] : [`${name}=${origin(axis)}`],
    ),
    ...(total > 1 ? ['loop=false'] : []),
    ...(range === null ? [] : [`min=${range[0]}`, `max=${range[1]}`]),
  ];
  return `${lines.join('\n')}\n`;
}
