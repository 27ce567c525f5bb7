"""Judges our result of a workload against HyperSpy's of the same run; fails when ours is worse.

    quality.py KIND INPUT.npy HYPERSPY.npz RESULT_FOLDER PARAMETERS_JSON

Random starts, signs and orders differ, so what is compared is what the methods minimise or keep: see each function.
"""
import json, os, sys

import numpy as np


class Result:
    def __init__(self, arrays):
        self.factors, self.loadings = arrays["factors"], arrays["loadings"]
        self.variance = arrays.get("explained_variance")
        mean = arrays.get("mean")
        self.mean = 0 if mean is None or mean.size < 2 else mean

    def model(self, k=None):
        mean = self.mean if np.ndim(self.mean) != 1 else self.mean[None, :]
        return self.loadings[:, :k] @ self.factors[:, :k].T + mean


def at_most(what, ours, theirs, slack):
    if not ours <= theirs * (1 + slack):
        raise SystemExit(f"unequal quality: {what} {ours:.8g} against {theirs:.8g}")
    return f"{what} {ours:.6g} against {theirs:.6g}"


def distance(x, model):
    return float(np.linalg.norm(x - model) / np.linalg.norm(x))


def variance(x, ours, theirs, _):
    """Explained variance of the first components, and the error of the first five."""
    k = min(10, theirs.factors.shape[1])
    less = float((1 - ours.variance[:k] / theirs.variance[:k]).max())
    # A solver that is not exact finds less variance in the noise: more than HyperSpy's is fine, less is not.
    if less > 1e-5:
        raise SystemExit(f"unequal quality: explained variance is less by {less:.1e}")
    return at_most("error of 5 components", distance(x, ours.model(5)), distance(x, theirs.model(5)), 1e-4)


def frobenius(x, ours, theirs, _):
    """‖X − L Fᵀ‖/‖X‖, without negative values."""
    if min(ours.factors.min(), ours.loadings.min()) < 0:
        raise SystemExit("unequal quality: negative values")
    return at_most("error", distance(x, ours.model()), distance(x, theirs.model()), 1e-5)


def huber(x, ours, theirs, _):
    """What GoDec minimises over models of rank k, min_E ½‖X − L − E‖² + λ‖E‖₁, which is a Huber loss."""
    limit = 1 / np.sqrt(max(x.shape))

    def loss(r):
        rest = np.abs(x - r.model())
        return float(np.where(rest <= limit, rest * rest / 2, limit * rest - limit**2 / 2).sum())

    return at_most("objective", loss(ours), loss(theirs), 1e-6)


def robust(x, ours, theirs, _):
    """Online methods depend on their start: the robust error Σ|X − L Fᵀ| must not be larger."""
    error = lambda r: float(np.abs(x - r.model()).sum() / np.abs(x).sum())
    return at_most("absolute error", error(ours), error(theirs), 0.01)


def weighted(x, ours, theirs, _):
    """Σ (X − M)²/X, weights of zero counts 1."""
    with np.errstate(divide="ignore"):
        w = 1 / x
    w[~np.isfinite(w)] = 1
    error = lambda r: float((w * (x - r.model()) ** 2).sum())
    return at_most("weighted error", error(ours), error(theirs), 1e-8)


def sparse(x, ours, theirs, parameters):
    """½‖X − U V‖² + α‖V‖₁ with the best U of length 1 for the sparse components V."""
    centred = x - x.mean(0)

    def objective(r):
        u = centred @ np.linalg.pinv(r.factors.T)
        lengths = np.linalg.norm(u, axis=0)
        rest = 0.5 * ((centred - u @ r.factors.T) ** 2).sum()
        return float(rest + parameters.get("alpha", 1) * (np.abs(r.factors).sum(0) * lengths).sum())

    return at_most("objective", objective(ours), objective(theirs), 1e-6)


def squares_within(rows, labels):
    return float(sum(((rows[labels == c] - rows[labels == c].mean(0)) ** 2).sum() for c in np.unique(labels)))


def inertia(x, peer, folder, parameters):
    """Sum of squared distances to the centroids, each side in the space that it clustered."""
    labels = np.load(os.path.join(folder, "labels.npy"))
    if parameters["cluster_source"] == "decomposition":
        k = parameters["number_of_components"]
        ours = np.load(os.path.join(folder, "../s0/loadings.npy"))[:, :k]
        theirs = peer["loadings"][:, :k]
        # two decompositions of noisy data differ in the noise
        slack = 1e-3
    else:
        ours = theirs = x / np.linalg.norm(x, axis=1, keepdims=True)
        slack = 1e-6
    return at_most("inertia", squares_within(ours, labels), squares_within(theirs, peer["cluster_labels"].argmax(0)), slack)


def silhouette(x, peer, folder, _):
    """The best mean silhouette."""
    ours = np.load(os.path.join(folder, "cluster_metric_data.npy")).max()
    return at_most("1 − silhouette", 1 - ours, 1 - peer["cluster_metric_data"].max(), 1e-3)


def log_likelihood(x, peer, folder, _):
    """Of the mixture, mean of the pixels."""
    with open(os.path.join(folder, "scalars.json")) as file:
        ours = json.load(file)["log_likelihood"]
    return at_most("lost log-likelihood", -ours, -float(peer["log_likelihood"]), 1e-4)


def contrast(x, peer, folder, parameters):
    """
    Distance of log cosh of the derivatives of the sources, which is what is separated, from that of normal numbers,
    summed: what FastICA makes large.
    """

    def distance(loadings):
        maps = loadings.reshape(*parameters["navigation_shape"], -1)
        sources = np.concatenate([np.gradient(maps, axis=axis).reshape(-1, maps.shape[-1]) for axis in (0, 1)])
        white = (sources - sources.mean(0)) / sources.std(0)
        return float(((np.log(np.cosh(white)).mean(0) - 0.37456721) ** 2).sum())

    ours = distance(np.load(os.path.join(folder, "bss_loadings.npy")))
    return at_most("lost contrast", 1 / ours, 1 / distance(peer["bss_loadings"]), 1e-5)


if __name__ == "__main__":
    kind, path, peer, folder, parameters = sys.argv[1:]
    x = np.load(path).astype(float)
    navigation = x.shape[:-1]
    x = x.reshape(-1, x.shape[-1])
    if kind in ("inertia", "silhouette", "contrast", "log_likelihood"):
        given = {**json.loads(parameters), "navigation_shape": navigation}
        print(globals()[kind](x, np.load(peer), folder, given))
        raise SystemExit(0)
    names = ("factors", "loadings", "explained_variance", "mean")
    files = {n: os.path.join(folder, n + ".npy") for n in names}
    ours = Result({n: np.load(f) for n, f in files.items() if os.path.exists(f)})
    print(globals()[kind](x, ours, Result(np.load(peer)), json.loads(parameters)))
