"""Compiles the reading path with mypyc: for `make compiled`, and as the build hook of `make wheel` and `pip install .`.

    python hatch_build.py [--must]

The modules of `PARTS` become extension modules in `src/sijill/_compiled`, with a manifest of the sources that they
were made from; `sijill.compiled` loads them only while the sources are those. Without a C compiler, or with
SIJILL_COMPILED=0 in the environment, nothing is compiled, and Sijill runs from its sources alone. So it does where
compiling fails; with --must, exit code 1 then tells whoever cannot take that.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
SOURCES = ROOT / "src"
WORK = ROOT / "build" / "compiled"
TARGET = SOURCES / "sijill" / "_compiled"
SUFFIX = str(sysconfig.get_config_var("EXT_SUFFIX"))

PARTS = ("arabic", "claims", "gazetteer", "lexicon", "mentions", "page", "resolve")
"""The folders of the reading path: one shared library each."""

INTERPRETED = frozenset(
    {
        "gazetteer/check.py",
        "gazetteer/formats.py",
        "gazetteer/imports.py",
        "gazetteer/outlines.py",
        "lexicon/faults.py",
        "lexicon/lint.py",
        "lexicon/lint_events.py",
        "lexicon/schema.py",
    }
)
"""Modules of these folders that gain nothing by it, or hold what mypyc does not make: msgspec's classes that JSON is
decoded into, whose annotations it does not keep."""

TYPES = """[mypy]
mypy_path = src
strict = True
follow_imports = silent
[mypy-sijill.capture.*,sijill.export.*,sijill.record.*,lxml.*,trafilatura.*]
follow_imports = skip
"""
"""For mypy as mypyc's front: what is not compiled and needs libraries of other extras is not looked at."""


def has_compiler() -> bool:
    """Whether the C compiler that Python names is there, and Python's headers with it."""
    command = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]
    headers = Path(sysconfig.get_paths()["include"], "Python.h")
    return os.name == "nt" or (shutil.which(command) is not None and headers.exists())


def turned_off() -> bool:
    return os.environ.get("SIJILL_COMPILED") == "0"


def modules() -> dict[str, list[str]]:
    """The files to compile, by part, as paths from src/."""
    found = {}
    for part in PARTS:
        files = sorted((SOURCES / "sijill" / part).glob("*.py"))
        found[part] = [
            path.relative_to(SOURCES).as_posix()
            for path in files
            if path.name != "__init__.py" and f"{part}/{path.name}" not in INTERPRETED
        ]
    return found


def compile_modules() -> None:
    """Compile into `TARGET`, which is replaced only when all is done. Must run in a process of its own: mypyc ends it
    where a source is at fault."""
    from mypyc.build import mypycify
    from setuptools import Distribution
    from setuptools.command.build_ext import build_ext

    # All anew each time: from a cache of some of the modules mypyc makes C that does not compile, and the parts know
    # each other's insides.
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True, exist_ok=True)
    state = stamp()
    config = WORK / "mypy.ini"
    config.write_text(TYPES, encoding="utf-8")
    parts = modules()
    os.chdir(SOURCES)
    options = [f"--config-file={config}", f"--cache-dir={WORK / 'mypy'}"]
    extensions = mypycify(
        [*options, *(file for files in parts.values() for file in files)],
        opt_level="2",
        debug_level="0",
        separate=[(files, f"sijill_{part}") for part, files in parts.items()],
        target_dir=str(WORK / "c"),
    )
    command = build_ext(Distribution({"name": "sijill", "ext_modules": extensions}))
    command.build_lib, command.build_temp = str(WORK / "lib"), str(WORK / "objects")
    command.parallel = os.cpu_count()
    command.ensure_finalized()
    command.run()
    fresh = TARGET.with_name("_compiled.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    files = {extension.name: extension.name + SUFFIX for extension in extensions}
    for name, file in files.items():
        shutil.copy(WORK / "lib" / command.get_ext_filename(name), fresh / file)
    (fresh / "manifest.json").write_text(json.dumps(state | {"modules": files}, indent=1), encoding="utf-8")
    shutil.rmtree(TARGET, ignore_errors=True)
    fresh.rename(TARGET)


def stamp() -> dict[str, Any]:
    """All that the compiled modules follow from."""
    sys.path.insert(0, str(SOURCES))
    from sijill.compiled import digests

    made_by = [sha256(Path(__file__).read_bytes()).hexdigest(), version("mypy"), sys.version]
    return {"suffix": SUFFIX, "made_by": made_by, "sources": digests()}


def is_fresh() -> bool:
    """Whether the same was compiled before."""
    try:
        held = json.loads((TARGET / "manifest.json").read_bytes())
    except (OSError, ValueError):
        return False
    return all(held.get(key) == value for key, value in stamp().items())


def make() -> bool:
    """Compile where that can be done, and say in one line where not. True: the compiled modules are there."""
    if turned_off():
        print("SIJILL_COMPILED=0: Sijill is not compiled.", file=sys.stderr)
        return False
    if not has_compiler():
        missing = "no C compiler, or no headers of Python"
        print(f"Sijill is not compiled ({missing}): it reads the same, and takes longer.", file=sys.stderr)
        return False
    if is_fresh():
        (TARGET / "manifest.json").touch()
        return True
    done = subprocess.run(
        [sys.executable, __file__, "--here"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        print(f"{done.stdout}\nCompiling failed: Sijill reads the same, and takes longer.", file=sys.stderr)
        return False
    return True


class CustomBuildHook(BuildHookInterface[Any]):
    """A wheel with compiled modules in it, for one Python and platform; a pure one where there is no compiler."""

    def dependencies(self) -> list[str]:
        if turned_off() or not has_compiler():
            return []
        # mypyc reads the types of what is imported, so what Sijill stands on must be there.
        return [*self.metadata.core.dependencies, "lxml-stubs", "mypy>=2.4", "setuptools>=75", "types-PyYAML"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable" or self.target_name != "wheel" or not make():
            return
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["force_include"][str(TARGET)] = "sijill/_compiled"


if __name__ == "__main__":
    if "--here" in sys.argv:
        compile_modules()
    elif not make() and "--must" in sys.argv and has_compiler() and not turned_off():
        sys.exit(1)
