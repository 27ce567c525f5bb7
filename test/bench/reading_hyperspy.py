"""Loads a file whole by HyperSpy (or the library named) and prints how long it took, as JSON.

    reading_hyperspy.py FILE hyperspy|numpy|scipy [SIGNAL]

Time is taken inside the process after all imports, until the values lie in memory in the order of their axes, as ours do:
data that are still mapped from the file or lie in another order are copied (`given` is the time before that). `mib` is the
peak above what the process took before.
"""
import json, os, sys, time, warnings

warnings.filterwarnings("ignore")
import numpy as np

path, loader = sys.argv[1:3]
if loader == "hyperspy":
    import hyperspy.api as hs
    import dask.array, h5py, scipy.ndimage, tifffile
    import hyperspy.io_plugins

    # a compiled unpacker of Bruker's maps, where one was built: Debian's package is without
    compiled = os.environ.get("EIGENSCOPE_UNBCF")
    if compiled and path.endswith(".bcf"):
        import importlib.util

        spec = importlib.util.spec_from_file_location("unbcf_fast", compiled)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        from hyperspy.io_plugins import bruker

        bruker.unbcf_fast, bruker.fast_unbcf = module, True
    try:
        import zarr
    except ImportError:
        zarr = None
    # what is imported by the first load counts as an import
    hs.load(os.path.join(os.path.dirname(path), "small.hspy")).data.sum()
else:
    import scipy.io


def status(name):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith(name))


def reset_peak():
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")


def load():
    if loader == "numpy":
        return np.load(path)
    if loader == "scipy":
        return scipy.io.loadmat(path)["cube"]
    loaded = hs.load(path)
    if isinstance(loaded, list):
        loaded = max(loaded, key=lambda signal: signal.data.nbytes)
    return loaded.data


def is_mapped(data):
    while data is not None:
        if isinstance(data, np.memmap):
            return True
        data = getattr(data, "base", None)
    return False


quiet, sys.stdout = sys.stdout, open(os.devnull, "w")
reset_peak()
before = status("VmRSS")
cpu, started = time.process_time(), time.perf_counter()
data = load()
given = time.perf_counter() - started
mapped, ordered = is_mapped(data), bool(data.flags.c_contiguous)
if mapped or not ordered:
    data = np.array(data, order="C")
seconds, used = time.perf_counter() - started, time.process_time() - cpu
peak = status("VmHWM") - before
if data.dtype.names:
    data = data.view(data.dtype[0])
total = float(data.sum(dtype=np.float64 if data.dtype.kind == "f" else np.int64))
json.dump(
    dict(given=given, seconds=seconds, cpu=used, mib=peak, mapped=mapped, ordered=ordered, bytes=data.nbytes, shape=list(data.shape),
         dtype=str(data.dtype), sum=total),
    quiet,
)
