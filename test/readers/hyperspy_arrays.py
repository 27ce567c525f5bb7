"""Loads files with HyperSpy and says as JSON what is in the largest array of each.

    python3 hyperspy_arrays.py REQUESTS

REQUESTS is JSON, a list of {"path", "plugin", "options", "turn"}: the plugin of HyperSpy where the name of the file leads to
another one, options of that plugin, and how its array is turned. Values are those in C order, parts of complex numbers
and of colours one after another; null for NaN.
"""
import importlib
import json
import sys
import warnings

warnings.simplefilter("ignore")
import hyperspy.api as hs
import numpy as np

TURNS = {
    "axes reversed": lambda data: data.T,
    "last axis first": lambda data: np.moveaxis(data, -1, 0),
    "bytes swapped": lambda data: data.byteswap(),
    "colours first": lambda data: np.moveaxis(data.view("u1").reshape(*data.shape, -1), -1, 0).astype("i8"),
}


def largest(path, plugin=None, options=None, turn=None):
    options = dict(options or {})
    if plugin is not None:
        options["reader"] = importlib.import_module(f"hyperspy.io_plugins.{plugin}")
    loaded = hs.load(path, **options)
    signals = loaded if isinstance(loaded, list) else [loaded]
    data = np.asarray(max((s.data for s in signals), key=lambda data: data.size))
    if turn is not None:
        data = np.ascontiguousarray(TURNS[turn](data))
    shape = [int(n) for n in data.shape]
    dtype = data.dtype.name
    if data.dtype.names is not None:
        dtype = "".join(name.lower() for name in data.dtype.names) + str(8 * data.dtype[0].itemsize)
        data = np.ascontiguousarray(data).view(data.dtype[0])
    if data.dtype.kind == "c":
        data = np.ascontiguousarray(data).view(f"f{data.dtype.itemsize // 2}")
    values = [None if value != value else value for value in data.astype(np.float64).ravel().tolist()]
    return {"shape": shape, "dtype": dtype, "values": values}


report = {}
for request in json.loads(sys.argv[1]):
    try:
        report[request["path"]] = largest(**request)
    except Exception as error:
        report[request["path"]] = {"error": f"{type(error).__name__}: {error}"}
print(json.dumps(report))
