"""Compares our decomposition of a workload with HyperSpy's: explained variance and the model of the first components.

    quality.py INPUT.npy RESULT_FOLDER WORKLOAD_JSON
"""
import json, logging, os, sys, warnings

warnings.filterwarnings("ignore")
import numpy as np
import hyperspy.api as hs
from hyperspy.signals import Signal1D

logging.getLogger("hyperspy").setLevel(logging.ERROR)
data, folder, workload = np.load(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
s = Signal1D(data)
s.decomposition(algorithm=workload.get("algorithm", "SVD"), print_info=False, **workload["parameters"])
theirs = s.learning_results
ours = {n: np.load(os.path.join(folder, n + ".npy")) for n in ("factors", "loadings", "explained_variance")}
k = min(10, theirs.factors.shape[1])
# A solver that is not exact finds less variance in the noise: more than HyperSpy's is fine, less is not.
ev = (1 - ours["explained_variance"][:k] / theirs.explained_variance[:k]).max()
x = data.reshape(-1, data.shape[-1]).astype(float)
rows = x[:: max(1, len(x) // 500)]


def error(f, l, mean):
    l = l[:: max(1, len(x) // 500)]
    return np.linalg.norm(rows - mean - l[:, :5] @ f[:, :5].T) / np.linalg.norm(rows)


mean = 0 if theirs.mean is None else theirs.mean
e_ours, e_theirs = error(ours["factors"], ours["loadings"], mean), error(theirs.factors, theirs.loadings, mean)
if not (ev < 1e-5 and e_ours < e_theirs * (1 + 1e-4)):
    raise SystemExit(f"unequal quality: explained variance is less by {ev:.1e}, error {e_ours:.6f} against {e_theirs:.6f}")
print(f"explained variance less by at most {max(ev, 0):.0e}, error of 5 components {e_ours:.6f} against {e_theirs:.6f}")
