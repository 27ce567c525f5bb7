"""For every case: the model that HyperSpy computes from our files, against the model that we wrote.

    python3 hyperspy_models.py FOLDER CASE…

A case is FOLDER/CASE.hspy (data with results), FOLDER/CASE.npz (results alone), FOLDER/copy.hspy (data alone) and
FOLDER/CASE.model/model.npy. Prints, for both ways to load, the largest difference relative to the model's largest
value, and how many values are NaN on one side only.
"""
import json
import sys
import warnings

warnings.simplefilter("ignore")
import hyperspy.api as hs
import numpy as np

hs.preferences.General.show_progressbar = False
folder, cases = sys.argv[1], sys.argv[2:]


def compare(signal, case):
    theirs = signal.get_decomposition_model().data
    ours = np.load(f"{folder}/{case}.model/model.npy", allow_pickle=False)
    if theirs.shape != ours.shape:
        return {"shape": list(theirs.shape), "expected": list(ours.shape)}
    holes = np.isnan(ours)
    return {
        "difference": float(np.nanmax(np.abs(theirs - ours)) / np.nanmax(np.abs(ours))),
        "unlike": int((holes != np.isnan(theirs)).sum()),
        "holes": int(holes.sum()),
    }


report = {}
for case in cases:
    whole = hs.load(f"{folder}/{case}.hspy")
    bare = hs.load(f"{folder}/copy.hspy")
    bare.learning_results.load(f"{folder}/{case}.npz")
    report[case] = {"hspy": compare(whole, case), "npz": compare(bare, case)}
print(json.dumps(report))
