"""Times HyperSpy on one workload and keeps what it found, so that both sides of a comparison are judged on the timed run.

    hyperspy_run.py PEER_SCRIPT workload NAME INPUT.npy SAVE.npz      prints: seconds peak_MiB
    hyperspy_run.py PEER_SCRIPT decomposition JSON INPUT.npy SAVE.npz
    hyperspy_run.py PEER_SCRIPT input SIDE CHANNELS OUT.npy           a synthetic spectrum image
    hyperspy_run.py PEER_SCRIPT normal ROWS COLUMNS OUT.npy         a table of normal numbers
    hyperspy_run.py PEER_SCRIPT crop IN.npy CHANNELS OUT.npy
"""
import importlib.util, json, os, resource, sys, time, warnings

warnings.filterwarnings("ignore")
import numpy as np

spec = importlib.util.spec_from_file_location("peer", sys.argv[1])
peer = importlib.util.module_from_spec(spec)
spec.loader.exec_module(peer)

FIELDS = ("factors", "loadings", "explained_variance", "mean", "bss_factors", "bss_loadings", "unmixing_matrix",
          "cluster_labels", "cluster_centroids", "cluster_metric_data", "estimated_number_of_clusters")


def keep(signal, path):
    found = {name: getattr(signal.learning_results, name, None) for name in FIELDS}
    np.savez(path, **{name: np.asarray(value) for name, value in found.items() if value is not None})


def workload(name, path, save):
    import hyperspy.signals

    signals, plain = [], hyperspy.signals.Signal1D

    def remember(*args, **kwargs):
        signals.append(plain(*args, **kwargs))
        return signals[-1]

    hyperspy.signals.Signal1D = remember
    mixtures = remember_mixtures() if name == "gmm" else []
    seconds = peer.run(name, np.load(path))
    if signals:
        keep(signals[0], save)
    if mixtures:
        np.savez(save, log_likelihood=mixtures[0].score(np.load(path)))
    return seconds


def remember_mixtures():
    import sklearn.mixture

    made, plain = [], sklearn.mixture.GaussianMixture

    def remember(*args, **kwargs):
        made.append(plain(*args, **kwargs))
        return made[-1]

    sklearn.mixture.GaussianMixture = remember
    return made


def decomposition(parameters, path, save):
    from hyperspy.signals import Signal1D

    signal = Signal1D(np.load(path))
    started = time.perf_counter()
    signal.decomposition(print_info=False, **parameters)
    seconds = time.perf_counter() - started
    keep(signal, save)
    return seconds


if __name__ == "__main__":
    kind, args = sys.argv[2], sys.argv[3:]
    if kind == "input":
        np.save(args[2], peer.spectrum_image(int(args[0]), int(args[0]), int(args[1]), 6, 4))
    elif kind == "normal":
        np.save(args[2], np.random.default_rng(0).normal(size=(int(args[0]), int(args[1]))))
    elif kind == "crop":
        np.save(args[2], np.ascontiguousarray(np.load(args[0])[..., : int(args[1])]))
    else:
        # libraries that draw progress bars write to standard output: only our line goes there
        line, sys.stdout = sys.stdout, open(os.devnull, "w")
        seconds = workload(*args) if kind == "workload" else decomposition(json.loads(args[0]), *args[1:])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{seconds:.3f} {peak:.0f}", file=line)
