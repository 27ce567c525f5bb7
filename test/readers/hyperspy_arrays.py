"""Loads files with HyperSpy and says as JSON what is in the largest array of each.

    python3 hyperspy_arrays.py FILE...
"""
import json
import sys
import warnings

warnings.simplefilter("ignore")
import hyperspy.api as hs
import numpy as np


def largest(path):
    loaded = hs.load(path)
    signals = loaded if isinstance(loaded, list) else [loaded]
    data = max((s.data for s in signals), key=lambda data: data.size)
    return {"shape": [int(n) for n in data.shape], "dtype": str(data.dtype),
            "values": data.astype(np.float64).ravel().tolist()}


report = {}
for path in sys.argv[1:]:
    try:
        report[path] = largest(path)
    except Exception as error:
        report[path] = {"error": f"{type(error).__name__}: {error}"}
print(json.dumps(report))
