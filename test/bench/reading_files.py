"""Writes large files in the formats that HyperSpy (or the libraries it reads with) can write.

    reading_files.py FORMAT FILE [DONOR]

Counts of 256 x 256 spectra with 1024 channels (128 MiB as uint16), the same for every format as far as it can hold them.
"""
import sys, warnings

warnings.filterwarnings("ignore")
import numpy as np

ROWS, COLUMNS, CHANNELS = 256, 256, 1024


def counts():
    """Poisson counts of three spectra in turn: a band of new draws every 16 lines would pack no better."""
    random = np.random.default_rng(7)
    x = np.arange(CHANNELS) / CHANNELS
    spectra = [3 + 30 * np.exp(-0.5 * ((x - at) / 0.02) ** 2) + 5 * np.exp(-4 * x) for at in (0.2, 0.5, 0.8)]
    weights = random.random((16, COLUMNS, 3))
    band = random.poisson(weights @ np.array(spectra)).astype(np.uint16)
    return np.concatenate([np.roll(band, 37 * i, axis=1) for i in range(ROWS // 16)])


def signal(data, dimension=1):
    import hyperspy.api as hs

    return (hs.signals.Signal1D if dimension == 1 else hs.signals.Signal2D)(data)


def velox(path, donor):
    """The small file `donor` with a stream of events in place of its own, and chunks as large as Velox makes them."""
    import h5py, shutil

    shutil.copyfile(donor, path)
    with h5py.File(path, "r+") as file:
        for group in file["Data/SpectrumStream"].values():
            width = height = 256
            random = np.random.default_rng(3)
            frames = []
            for _ in range(8):
                events = random.poisson(24, width * height)
                ends = np.cumsum(events + 1) - 1
                words = random.integers(0, 4096, ends[-1] + 1).astype(np.uint16)
                words[ends] = 65535
                frames.append(words)
            stream = np.concatenate(frames)[:, None]
            del group["Data"]
            group.create_dataset("Data", data=stream, chunks=(65536, 1))
            if "FrameLocationTable" in group:
                del group["FrameLocationTable"]


def write(kind, path, donor=None):
    if kind == "velox":
        return velox(path, donor)
    if kind == "small":
        return signal(np.arange(32.0).reshape(4, 8)).save(path, overwrite=True)
    data = counts()
    if kind == "npy":
        np.save(path, data.astype(np.float32))
    elif kind == "mat":
        import scipy.io

        scipy.io.savemat(path, {"cube": data}, do_compression=True)
    elif kind == "hspy-plain":
        signal(data).save(path, compression=None, overwrite=True)
    elif kind in ("hspy", "zspy", "rpl", "nxs", "emd"):
        signal(data).save(path, overwrite=True)
    elif kind == "blo":
        patterns = np.minimum(data.reshape(64, 64, 128, 128), 255).astype(np.uint8)
        patterns = np.concatenate([patterns, patterns])
        signal(patterns, 2).save(path, overwrite=True)
    elif kind == "tif":
        signal(data.reshape(256, 512, 512), 2).save(path, overwrite=True)
    elif kind == "tif-deflate":
        import tifffile

        tifffile.imwrite(path, data.reshape(64, 1024, 1024), compression="zlib", photometric="minisblack", rowsperstrip=64)
    elif kind == "unf":
        signal(np.moveaxis(data[:128], -1, 0).astype(np.float32).reshape(256, 512, 256), 2).save(path, overwrite=True)
    elif kind == "raw-counts":
        data.tofile(path)
    else:
        raise SystemExit(f"there is no format {kind}")


write(*sys.argv[1:])
