"""Prepared films in files, to be carried to a machine that has neither the films nor the program's readers.

    python -m training.films.prepared --config training/configs/shipped.toml --images DIR --labels CSV --out DIR
    python -m training.run.train --config training/configs/shipped.toml --prepared DIR --run runs/mine      (there)

Parts are compressed; several configurations may share a folder.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from bone_age_gui.core.values.errors import BoneAgeError
from training.films.data import Films, load_films, pixels_key
from training.run.config import read_config

_STEP = 256
"""Films that are compressed together."""


def write_prepared(films: Films, folder: Path, key: str) -> list[Path]:
    """Write films in steps of 256; each file appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, start in enumerate(range(0, len(films), _STEP)):
        part = films.subset(range(start, min(start + _STEP, len(films))))
        path = folder / f"films-{key}-{number:04d}.npz"
        partial = path.with_suffix(".partial.npz")
        np.savez_compressed(
            partial, ids=np.array(part.ids), pixels=part.pixels, months=part.months, male=part.male, total=len(films)
        )
        partial.replace(path)
        written.append(path)
    return written


def is_prepared(folder: Path, key: str) -> bool:
    """Whether films that were prepared in this way lie there."""
    return any(folder.glob(f"films-{key}-*.npz"))


def read_prepared(folder: Path, key: str) -> Films:
    """The films that were prepared in this way; ``BoneAgeError`` (``no_films``) if any are missing."""
    parts, total = [], 0
    for path in sorted(folder.glob(f"films-{key}-[0-9]*.npz")):
        if path.name.endswith(".partial.npz"):
            continue
        with np.load(path, allow_pickle=False) as held:
            parts.append({name: held[name] for name in ("ids", "pixels", "months", "male")})
            total = int(held["total"])
    found = sum(len(part["ids"]) for part in parts)
    if not parts or found < total:
        raise BoneAgeError(
            "The prepared films are incomplete",
            f"{found} of {total or 'the'} films of this preprocessing lie in {folder.name}. Carry all parts over, or "
            "make them again with training.films.prepared.",
            "no_films",
        )
    pixels, months, male, ids = (
        np.concatenate([part[name] for part in parts]) for name in ("pixels", "months", "male", "ids")
    )
    return Films(tuple(map(str, ids)), pixels, months, male)


def main(argv: list[str] | None = None) -> int:
    """Prepare a folder of films."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--sizes", type=Path, help="CSV: id,orig_width,orig_height, undoes a stretch")
    parser.add_argument("--cache", type=Path, help="folder for prepared films, as training.run.train uses it")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args(argv)
    try:
        spec = read_config(args.config).preprocessing
        films = load_films(args.images, args.labels, args.sizes, spec, args.cache)
        written = write_prepared(films, args.out, pixels_key(spec, args.sizes is not None))
    except BoneAgeError as error:
        print(f"{error.title}. {error.message}")
        return 2
    size = sum(path.stat().st_size for path in written)
    print(f"{len(films)} films in {len(written)} files, {size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
