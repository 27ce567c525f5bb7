"""Loads files of ours with HyperSpy (and TIFF with tifffile) and says as JSON what is in them.

    python3 hyperspy_formats.py FILE...
"""
import json
import sys
import warnings

warnings.simplefilter("ignore")
import hyperspy.api as hs
import numpy as np


def units(axis):
    return "" if str(axis.units) in ("<undefined>", "None") else str(axis.units)


def plain(value):
    return None if value is None else float(value)


def describe(s):
    data = s.data.astype(np.float64)
    return {
        "class": type(s).__name__,
        "shape": [int(n) for n in s.data.shape],
        "dtype": str(s.data.dtype),
        "sum": float(data.sum()),
        "weighted": float((data.ravel() * (np.arange(data.size) % 1013)).sum()),
        "axes": [
            {"name": str(a.name), "units": units(a), "size": int(a.size), "navigate": bool(a.navigate),
             "scale": float(a.scale), "offset": float(a.offset)}
            for a in sorted(s.axes_manager._axes, key=lambda a: a.index_in_array)
        ],
        "title": s.metadata.General.title,
        "signal_type": s.metadata.Signal.signal_type,
        "beam_energy": plain(s.metadata.get_item("Acquisition_instrument.TEM.beam_energy")),
    }


def tiff(path):
    import tifffile

    with tifffile.TiffFile(path) as file:
        return {"imagej": bool(file.is_imagej), "big": bool(file.is_bigtiff), "axes": file.series[0].axes,
                "shape": [int(n) for n in file.series[0].shape], "sum": float(file.asarray().astype(np.float64).sum()),
                "pages": len(file.pages)}


report = {}
for path in sys.argv[1:]:
    try:
        report[path] = {"signal": describe(hs.load(path))}
        if path.endswith(".tif"):
            report[path]["tiff"] = tiff(path)
    except Exception as error:
        report[path] = {"error": f"{type(error).__name__}: {error}"}
print(json.dumps(report))
