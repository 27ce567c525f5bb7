"""Reads sets of OME-TIFF files with tifffile, and writes one of its own into a folder; tells as JSON what is in them.

    python3 tifffile_sets.py FOLDER FILE...
"""
import json
import os
import sys
import uuid
import warnings

warnings.simplefilter("ignore")
import numpy as np
import tifffile

OME = '<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="{id}">' \
    '<Image ID="Image:0" Name="set"><Pixels ID="Pixels:0" DimensionOrder="XYCTZ" Type="float32" SizeX="{x}" SizeY="{y}" ' \
    'SizeC="1" SizeT="{t}" SizeZ="{z}" PhysicalSizeX="0.5"><Channel ID="Channel:0:0" SamplesPerPixel="1"/>{blocks}</Pixels>' \
    '</Image></OME>'


def write_set(folder):
    """One file for each depth, times as its pages: deflated by tifffile, every file with the description of the set."""
    data = np.random.default_rng(5).normal(size=(3, 4, 17, 23)).astype(np.float32)
    ids = [f"urn:uuid:{uuid.UUID(int=z + 1)}" for z in range(3)]
    names = [f"tifffile_Z{z}.ome.tif" for z in range(3)]
    blocks = "".join(
        f'<TiffData FirstC="0" FirstT="{t}" FirstZ="{z}" IFD="{t}" PlaneCount="1"><UUID FileName="{names[z]}">{ids[z]}</UUID></TiffData>'
        for z in range(3) for t in range(4)
    )
    for z, name in enumerate(names):
        text = OME.format(id=ids[z], x=23, y=17, z=3, t=4, blocks=blocks)
        tifffile.imwrite(os.path.join(folder, name), data[z], compression="zlib", photometric="minisblack",
                         description=text.encode(), metadata=None)
    return [os.path.join(folder, name) for name in names], data


def tell(data):
    return {"shape": list(data.shape), "dtype": str(data.dtype), "values": data.astype(np.float64).ravel().tolist()}


folder, *paths = sys.argv[1:]
files, data = write_set(folder)
report = {"written": {"files": files, **tell(data)}, "read": {}}
for path in paths:
    with tifffile.TiffFile(path) as file:
        report["read"][path] = tell(np.squeeze(file.series[0].asarray()))
print(json.dumps(report))
