"""Loads a file of ours with HyperSpy, says as JSON what it found, and saves it again.

    python3 hyperspy_round_trip.py OURS.hspy OURS.npz AGAIN.hspy

Or OURS.zspy and AGAIN.zspy, where its zarr module is installed.
"""
import json
import sys
import warnings

warnings.simplefilter("ignore")
import h5py
import hyperspy.api as hs
import numpy as np

ours, npz, again = sys.argv[1:4]


def plain(value):
    if isinstance(value, (np.bool_, bool)):
        return bool(value)
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, np.floating):
        return float(value)
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, float) and value != value:
        return "nan"
    return value if isinstance(value, (str, int, float, type(None))) else repr(value)


def learned(results):
    return {k: plain(v) for k, v in vars(results).items() if v is not None and not k.startswith("_")}


def describe(s):
    data = s.data.astype(np.float64)
    return {
        "class": type(s).__name__,
        "shape": list(s.data.shape),
        "dtype": str(s.data.dtype),
        "sum": float(data.sum()),
        "first": plain(s.data.ravel()[:5]),
        "last": plain(s.data.ravel()[-5:]),
        "weighted": float((data.ravel() * (np.arange(data.size) % 1013)).sum()),
        "axes": [
            {
                "name": str(a.name), "units": str(a.units), "size": a.size, "navigate": bool(a.navigate),
                "uniform": bool(a.is_uniform), "binned": bool(a.is_binned),
                "scale": float(a.scale) if a.is_uniform else None, "offset": float(a.offset) if a.is_uniform else None,
                "values": plain(a.axis) if not a.is_uniform else None,
            }
            for a in sorted(s.axes_manager._axes, key=lambda a: a.index_in_array)
        ],
        "metadata": plain(s.metadata.as_dictionary()),
        "original": plain(s.original_metadata.as_dictionary()),
        "learning": learned(s.learning_results),
    }


loaded = hs.load(ours)
signals = loaded if isinstance(loaded, list) else [loaded]
report = {"signals": [describe(s) for s in signals]}

# HyperSpy can go on with what it loaded: a model from our factors and loadings.
first = signals[0]
if first.learning_results.factors is not None:
    model = first.get_decomposition_model()
    report["model_sum"] = float(np.nansum(model.data))
    report["factor_shape"] = list(first.get_decomposition_factors().data.shape)
    report["loading_shape"] = list(first.get_decomposition_loadings().data.shape)

other = hs.signals.Signal1D(np.zeros(first.data.shape))
other.learning_results.load(npz)
report["npz"] = learned(other.learning_results)

first.save(again, overwrite=True)

# Everything in the file is readable for h5py, chunk by chunk.
if ours.endswith(".hspy"):
    kinds = {"group": 0, "dataset": 0}
    with h5py.File(ours, "r") as f:
        def visit(name, item):
            list(item.attrs.items())
            if isinstance(item, h5py.Dataset):
                kinds["dataset"] += 1
                item[()]
            else:
                kinds["group"] += 1
        f.visititems(visit)
        report["storage"] = {name: [f[name]["data"].compression, f[name]["data"].shuffle, list(f[name]["data"].chunks or [])]
                             for name in ("Experiments/" + k for k in f["Experiments"])}
    report["h5py"] = kinds
print(json.dumps(report))
