"""Loads the compiled modules of the reading path in place of their sources, while they are made from these sources.

`_compiled/` beside this file, where there is one, holds extension modules and a manifest with the digest of every
source that went into them. A source that was changed since turns all of them off, so that what runs is always what
the sources say: modules compiled together know each other's insides, and one cannot be replaced alone.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, ModuleSpec
from importlib.util import spec_from_file_location
from typing import Any

from sijill.folders import PACKAGE

FOLDER = PACKAGE / "_compiled"
MANIFEST = "manifest.json"
PARTS = ("", "arabic", "claims", "gazetteer", "lexicon", "mentions", "page", "resolve")
"""The folders whose sources the compiled modules are made from: constants of one are known to another."""


def digests() -> dict[str, str]:
    """The sources as they stand: path in the package, and digest of the content."""
    from hashlib import sha256

    paths = (path for part in PARTS for path in (PACKAGE / part).glob("*.py"))
    return {path.relative_to(PACKAGE).as_posix(): sha256(path.read_bytes()).hexdigest() for path in paths}


class Finder:
    """Finds the modules that are compiled. Looks at the sources when the first of them is asked for."""

    def __init__(self, manifest: dict[str, Any]) -> None:
        self._modules: dict[str, str] = manifest["modules"]
        self._sources: dict[str, str] = manifest["sources"]
        self._fresh: bool | None = None if manifest["suffix"] in EXTENSION_SUFFIXES else False

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name not in self._modules or not self.fresh():
            return None
        file = str(FOLDER / self._modules[name])
        return spec_from_file_location(name, file, loader=ExtensionFileLoader(name, file))

    def fresh(self) -> bool:
        """Whether the sources are those that were compiled."""
        if self._fresh is None:
            self._fresh = self._sources == digests()
        return self._fresh


def install() -> None:
    """Let compiled modules be found, unless SIJILL_COMPILED=0."""
    if os.environ.get("SIJILL_COMPILED") == "0":
        return
    try:
        manifest = (FOLDER / MANIFEST).read_bytes()
    except OSError:
        return
    import json

    sys.meta_path.insert(0, Finder(json.loads(manifest)))
