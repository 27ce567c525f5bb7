import { describe, expect, it } from 'vitest';
import { probe } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { encodeElements, ramp } from './builders/elements.ts';
import type { BuiltTag, TiffOptions } from './builders/tiff.ts';
import { buildTiff, omeText } from './builders/tiff.ts';
import { axes, load, pages, text, tiffFiles } from './tiff-files.ts';

const { write, all, open } = tiffFiles();

describe('descriptions of programs', () => {
  const resolution = (x: number, y: number): BuiltTag[] => [
    { tag: 282, type: 5, value: [x, 1] },
    { tag: 283, type: 5, value: [y, 1] },
  ];
  const hyperstack =
    'ImageJ=1.53c\nimages=12\nchannels=2\nslices=3\nframes=2\nhyperstack=true\nunit=micron\nspacing=0.5\nfinterval=2.5\nmin=0.0\n';

  it('ImageJ: channels count fastest, then slices, then frames; resolution gives the scale', async () => {
    const signal = await open({
      pages: pages(12, { tags: [text(hyperstack), ...resolution(4, 2)] }),
      littleEndian: false,
    });
    expect(axes(signal)).toEqual(['time 2 nav', 'depth 3 nav', 'channel 2 nav', 'height 3 sig', 'width 5 sig']);
    expect(signal.axes.map(({ scale, units }) => [scale, units])).toEqual([
      [2.5, 's'],
      [0.5, null],
      [1, null],
      [0.5, 'µm'],
      [0.25, 'µm'],
    ]);
    expect(await probe(signal, [1, 2, 1, 0, 0])).toBe(11 * 15);
    expect(signal.originalMetadata.ImageJ).toMatchObject({ slices: 3, min: 0 });
  });

  it('ImageJ: a large stack has one directory and all its planes behind it', async () => {
    const chunk = encodeElements(ramp([60]), 'uint16', false);
    const page = { width: 5, height: 3, chunks: [chunk], tags: [text('ImageJ=1.53c\nimages=4\nslices=4\n')] };
    const signal = await open({ pages: [page], littleEndian: false });
    expect(signal).toMatchObject({ shape: [4, 3, 5], layout: { kind: 'raw' } });
    expect(await load(signal)).toEqual(encodeElements(ramp([60]), 'uint16'));
  });

  it('ImageJ: more planes than the file holds are read as far as they are there', async () => {
    const signal = await open({ pages: pages(3, { tags: [text(hyperstack)] }) });
    expect(axes(signal)[0]).toBe('image series 3 nav');
    expect(signal.warnings.join(' ')).toContain('12 pages; 3 are there');
  });

  it('tifffile: a shape with names of axes, and several of them in one file', async () => {
    const first = pages(6).map((page, i) =>
      i === 0 ? { ...page, tags: [text('{"axes": "TZYX", "shape": [2, 3, 3, 5]}')] } : page,
    );
    const second = pages(2).map((page, i) => (i === 0 ? { ...page, tags: [text('{"shape": [2, 3, 5]}')] } : page));
    const signals = await all({ pages: [...first, ...second] });
    expect(signals.map(axes)).toEqual([
      ['time 2 nav', 'depth 3 nav', 'height 3 sig', 'width 5 sig'],
      ['image series 2 nav', 'height 3 sig', 'width 5 sig'],
    ]);
    const old = await open({
      pages: pages(4)
        .map((page) => ({ ...page, tags: [text('shape=(2,2,3,5)')] }))
        .map((page, i) => (i === 0 ? page : { ...page, tags: [] })),
    });
    expect(axes(old)).toEqual(['y 2 nav', 'x 2 nav', 'height 3 sig', 'width 5 sig']);
  });

  it('OME: the order of dimensions, sizes, and where each plane is', async () => {
    const pixels =
      'DimensionOrder="XYCZT" Type="uint16" SizeX="5" SizeY="3" SizeC="2" SizeZ="3" SizeT="1" PhysicalSizeX="0.25" PhysicalSizeY="250" PhysicalSizeYUnit="nm" PhysicalSizeZ="2"';
    const ome = (more: string) => ({
      pages: pages(6).map((page, i) => (i === 0 ? { ...page, tags: [text(omeText(pixels, more))] } : page)),
    });
    const signal = await open(ome(''));
    expect(signal.title).toBe('cells');
    expect(axes(signal)).toEqual(['depth 3 nav', 'channel 2 nav', 'height 3 sig', 'width 5 sig']);
    expect(signal.axes.map(({ scale, units }) => [scale, units])).toEqual([
      [2, 'µm'],
      [1, null],
      [250, 'nm'],
      [0.25, 'µm'],
    ]);
    expect(await probe(signal, [2, 1, 0, 0])).toBe(75);
    // planes from the last page to the first, one of them nowhere
    const planes = [0, 1, 2]
      .flatMap((z) => [0, 1].map((c) => ({ z, c, page: 5 - (2 * z + c) })))
      .filter(({ page }) => page !== 3);
    const blocks = planes
      .map(({ z, c, page }) => `<TiffData IFD="${page}" FirstZ="${z}" FirstC="${c}" FirstT="0" PlaneCount="1"/>`)
      .join('');
    const turned = await open(ome(blocks));
    expect(await probe(turned, [0, 0, 0, 0])).toBe(75);
    expect(await probe(turned, [1, 0, 0, 0])).toBe(0);
    expect(await probe(turned, [2, 1, 0, 0])).toBe(0 * 15);
    expect(turned.warnings.join(' ')).toContain('1 of 6 planes');
  });

  it('OME: several images are several signals', async () => {
    const image = (id: number) =>
      `<Image ID="Image:${id}" Name="n${id}"><Pixels ID="Pixels:${id}" DimensionOrder="XYZCT" Type="uint16" SizeX="5" SizeY="3" SizeC="1" SizeZ="2" SizeT="1"><TiffData IFD="${2 * id}" PlaneCount="2"/></Pixels></Image>`;
    const signals = await all({
      pages: pages(4).map((page, i) =>
        i === 0 ? { ...page, tags: [text(`<OME>${image(0)}${image(1)}</OME>`)] } : page,
      ),
    });
    expect(signals.map(({ title }) => title)).toEqual(['n0', 'n1']);
    expect(await probe(signals[1]!, [1, 0, 0])).toBe(45);
  });
});

describe('tags of instruments', () => {
  const page = (...tags: BuiltTag[]): TiffOptions => ({ pages: [{ width: 4, height: 3, tags }] });

  it('DigitalMicrograph and HyperSpy: units, origins in units, scales', async () => {
    const tags: BuiltTag[] = [
      { tag: 65003, type: 2, value: 'nm' },
      { tag: 65004, type: 2, value: 'nm' },
      { tag: 65005, type: 2, value: 's' },
      { tag: 65006, type: 12, value: [3] },
      { tag: 65007, type: 12, value: [-4] },
      { tag: 65008, type: 12, value: [1] },
      { tag: 65009, type: 12, value: [0.5] },
      { tag: 65010, type: 12, value: [0.25] },
      { tag: 65011, type: 12, value: [2] },
    ];
    const signal = await open({ pages: pages(2, { tags: [...tags, text('ImageJ=1.11a\nunit=nm\nspacing=2.0')] }) });
    expect(signal.axes.map(({ name, scale, offset, units }) => [name, scale, offset, units])).toEqual([
      ['image series', 2, 1, 's'],
      ['height', 0.25, -4, 'nm'],
      ['width', 0.5, 3, 'nm'],
    ]);
  });

  it('FEI: an ini text in m, V, A and s', async () => {
    const ini =
      '[User]\r\nDate=06/13/2016\r\nTime=12:06:40 AM\r\nUser=me\r\n[System]\r\nSystemType=Helios\r\n[Beam]\r\nBeam=EBeam\r\nHV=5000\r\n[EBeam]\r\nHV=5000\r\nWD=0.004\r\nBeamCurrent=6.25e-012\r\n[Scan]\r\nDwelltime=1e-005\r\nPixelWidth=3e-009\r\nPixelHeight=4e-009\r\n';
    const signal = await open(page({ tag: 34682, type: 2, value: ini }));
    expect(signal.axes.map(({ scale, units }) => [scale, units])).toEqual([
      [4e-9, 'm'],
      [3e-9, 'm'],
    ]);
    expect(signal.metadata).toMatchObject({
      General: { date: '2016-06-13', time: '00:06:40', authors: 'me' },
      Acquisition_instrument: {
        SEM: { beam_energy: 5, beam_current: 0.00625, working_distance: 4, dwell_time: 1e-5, microscope: 'Helios' },
      },
    });
  });

  // HyperSpy 1.7.3 on a picture of a navigation camera: the field by what ResolutionX and ResolutionY say
  it('FEI: the field of a navigation camera, which scans nothing', async () => {
    const ini =
      '[Beam]\r\nHV=\r\nBeam=IRBeam\r\nScan=\r\n[IRBeam]\r\nHFW=0.2\r\nVFW=0.15\r\n[Image]\r\nResolutionX=1000\r\nResolutionY=500\r\n';
    const signal = await open(page({ tag: 34682, type: 2, value: ini }));
    expect(signal.axes.map(({ scale, units }) => [scale, units])).toEqual([
      [0.0003, 'm'],
      [0.0002, 'm'],
    ]);
  });

  // the numbers that HyperSpy 1.7.3 gives for pictures of 93 dots per inch at 200 kV
  it.each([
    [
      'MAG',
      '<SelectorValue>150000</SelectorValue><SelectorUnitString>X</SelectorUnitString>',
      'nm',
      1.8207885304659497,
    ],
    ['DIFF', '<SelectorValue>400</SelectorValue><SelectorUnitString>mm</SelectorUnitString>', '1 / nm', 0.27225424858],
  ])('JEOL: %s of a screen by its dots per inch, also when the XML is cut short', async (_, selected, units, scale) => {
    const xml = `<?xml version="1.0"?><TemReporter><Instruments>JEM</Instruments><AccelerationVoltage>200000</AccelerationVoltage><EosMode>eosTEM</EosMode>${selected}<Cut`;
    const inches = [282, 283].map((tag) => ({ tag, type: 5, value: [93, 1] }));
    const signal = await open({ pages: [{ width: 3, height: 2, tags: [text(xml), ...inches] }] });
    for (const axis of signal.axes) {
      expect(axis.units).toBe(units);
      expect(axis.scale).toBeCloseTo(scale, 9);
    }
    expect(signal.metadata).toMatchObject({ Acquisition_instrument: { TEM: { beam_energy: 200, microscope: 'JEM' } } });
  });

  it('Zeiss: the size of a pixel is that of 1024 columns', async () => {
    const sem =
      '0\r\n0\r\n0\r\n5.8e-009\r\n68\r\nAP_WD\r\nWD =  3.9 mm\r\nAP_MAG\r\nMag =  50.00 K X\r\nAP_ACTUALKV\r\nEHT =  5.00 kV\r\nAP_DATE\r\nDate :25 Sep 2018\r\nAP_TIME\r\nTime :8:20:42\r\nAP_STAGE_AT_X\r\nStage at X = 62.9961 mm\r\n';
    const signal = await open({
      pages: [{ width: 512, height: 2, tags: [{ tag: 34118, type: 7, value: Buffer.from(sem, 'latin1') }] }],
    });
    expect(signal.axes[1]).toMatchObject({ units: 'm' });
    expect(signal.axes[1]!.scale).toBeCloseTo(1.16e-8, 15);
    expect(signal.metadata).toMatchObject({
      General: { date: '2018-09-25', time: '08:20:42' },
      Acquisition_instrument: {
        SEM: { beam_energy: 5, working_distance: 3.9, magnification: '50.00 K X', Stage: { x: 62.9961 } },
      },
    });
  });

  it('Hamamatsu: a table of wavelengths in the file, and its straight line', async () => {
    const comment = (place: number) =>
      `[Application],Date="10/02/2022",Software="HPD-TA"\r\n[Scaling],ScalingXType=2,ScalingXUnit="nm",ScalingXScalingFile="#${String(place).padStart(7, '0')},0004",ScalingYType=1,ScalingYScale=2,ScalingYUnit="us",ScalingYScalingFile="Other"[Comment],UserComment=""`;
    const build = (place: number) =>
      Buffer.concat([buildTiff(page(text(comment(place)))), encodeElements([400, 402, 404, 406], 'float32')]);
    const path = write('streak.tif', build(build(0).length - 16));
    const signal = (await openHeader(path)).signals[0]!;
    expect(signal.axes.map(({ scale, offset, units }) => [scale, offset, units])).toEqual([
      [2, 0, 'us'],
      [2, 400, 'nm'],
    ]);
  });

  it('GeoTIFF: the size of a pixel, a known point, rows to the south', async () => {
    const signal = await open(
      page(
        { tag: 33550, type: 12, value: [30, 30, 0] },
        { tag: 33922, type: 12, value: [0, 0, 0, 5000, 9000, 0] },
        { tag: 34735, type: 3, value: [1, 1, 0, 1, 1024, 0, 1, 1] },
      ),
    );
    expect(signal.axes.map(({ scale, offset, units }) => [scale, offset, units])).toEqual([
      [-30, 9000, 'm'],
      [30, 5000, 'm'],
    ]);
  });

  it('a date of the plain tag; a resolution of a printer is no calibration', async () => {
    const signal = await open(
      page(
        { tag: 306, type: 2, value: '2016:06:13 15:59:52' },
        { tag: 282, type: 5, value: [300, 1] },
        { tag: 296, type: 3, value: [2] },
      ),
    );
    expect(signal.metadata.General).toMatchObject({ date: '2016-06-13', time: '15:59:52' });
    expect(signal.axes.map(({ scale, units }) => [scale, units])).toEqual([
      [1, null],
      [1, null],
    ]);
  });
});
