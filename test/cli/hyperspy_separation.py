"""Loads separations of ours with HyperSpy and compares its models with ours.

    python3 hyperspy_separation.py RECIPE_OUT NAME…
"""
import json
import sys
import warnings

warnings.simplefilter("ignore")
import hyperspy.api as hs
import numpy as np

out, names = sys.argv[1], sys.argv[2:]
report = {}
for name in names:
    model = np.load(f"{out}/{name}_model/model.npy", allow_pickle=False)
    found = {}
    for kind in ("hspy", "npz"):
        s = hs.load(f"{out}/{name}.hspy")
        if kind == "npz":
            s = s._deepcopy_with_new_data(s.data)
            s.learning_results = type(s.learning_results)()
            s.learning_results.load(f"{out}/{name}.npz")
        lr = s.learning_results
        theirs = s.get_bss_model(2).data
        chosen = np.load(f"{out}/{name}/comp_list.npy", allow_pickle=False)
        f, l, w = lr.factors[:, chosen], lr.loadings[:, chosen], lr.unmixing_matrix
        unmixed = l @ w.T - lr.bss_loadings if lr.on_loadings else f @ w.T - lr.bss_factors
        holes = int(np.isnan(theirs).sum())
        known = ~(np.isnan(theirs) | np.isnan(model))
        found[kind] = {
            "difference": float(np.abs(theirs[known] - model[known]).max() / np.abs(model[known]).max()),
            "unlike": int((np.isnan(theirs) != np.isnan(model)).sum()),
            "holes": holes,
            "unmixing": float(np.nanmax(np.abs(unmixed))),
            "on_loadings": bool(lr.on_loadings),
            "bss_algorithm": lr.bss_algorithm,
            "bss_node": lr.bss_node,
            "decomposition_algorithm": lr.decomposition_algorithm,
            "poissonian_noise_normalized": bool(lr.poissonian_noise_normalized),
            "factor_shape": list(s.get_bss_factors().data.shape),
            "loading_shape": list(s.get_bss_loadings().data.shape),
        }
    report[name] = found
print(json.dumps(report))
