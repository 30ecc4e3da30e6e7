"""Places by name, offline: the project's own gazetteer and what the user has imported."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

import platformdirs

from sijill.gazetteer.imports import overlaid
from sijill.gazetteer.index import FORMAT, Entry, Gazetteer, Match, compile_places, open_files
from sijill.gazetteer.place import GazetteerPlace, PlaceKind, read_places

__all__ = [
    "Entry",
    "Gazetteer",
    "GazetteerPlace",
    "Match",
    "PlaceKind",
    "built_in_files",
    "default_gazetteer",
    "imported_files",
    "load_gazetteer",
    "make_gazetteer",
    "user_folder",
]

DATA = Path(__file__).parent / "data"
_APP = "sijill"


def built_in_files() -> list[Path]:
    """The CSV files of the project's own gazetteer, one a country."""
    return sorted(DATA.glob("*.csv"))


def user_folder() -> Path:
    """Where imported places are kept."""
    return Path(platformdirs.user_data_dir(_APP)) / "gazetteer"


def imported_files(folder: Path | None = None) -> list[Path]:
    """The CSV files of what the user has imported, the oldest first."""
    return sorted((folder or user_folder()).glob("*.csv"))


@lru_cache(maxsize=1)
def default_gazetteer() -> Gazetteer:
    """The built-in places and the user's imports. Compiled on first use, opened from the cache after."""
    return load_gazetteer([*built_in_files(), *imported_files()], Path(platformdirs.user_cache_dir(_APP)))


def make_gazetteer(places: list[GazetteerPlace]) -> Gazetteer:
    """A gazetteer of these places, in memory."""
    return Gazetteer(*compile_places(places))


def load_gazetteer(files: list[Path], cache: Path) -> Gazetteer:
    """Open the compiled form of these CSV files, compiling it if it is not in `cache` as they now are.

    The cache is written beside its place and moved there in one step, so that processes starting together cannot meet
    half of it. Where it cannot be written, the gazetteer is held in memory.
    """
    folder = cache / f"gazetteer-{_fingerprint(files)}"
    if (folder / "places").exists():
        return open_files(folder / "names", folder / "places")
    trie, table = compile_places(overlaid(place for file in files for place in read_places(file)))
    with contextlib.suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix="gazetteer-", suffix=".tmp", dir=cache))
        try:
            trie.save(str(made / "names"))
            (made / "places").write_bytes(table)
            made.chmod(0o755)
            with contextlib.suppress(OSError):  # Another process was first: theirs is the same.
                made.rename(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
        _drop_older(cache, folder)
        return open_files(folder / "names", folder / "places")
    return Gazetteer(trie, table)


def _fingerprint(files: list[Path]) -> str:
    """Of the files' names, sizes and times: reading them all would cost more than loading."""
    digest = hashlib.blake2b(f"{FORMAT}".encode(), digest_size=10)
    for file in files:
        state = file.stat()
        digest.update(f"{file}\0{state.st_size}\0{state.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def _drop_older(cache: Path, current: Path) -> None:
    """Keep the newest few compiled forms; other processes may still have an older one open, which is harmless."""
    made = sorted(cache.glob("gazetteer-*"), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in made[3:]:
        if folder != current:
            shutil.rmtree(folder, ignore_errors=True)
