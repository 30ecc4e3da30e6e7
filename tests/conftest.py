"""What every test stands on: the pages' front-end parts, built where a fresh checkout has none yet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session", autouse=True)
def _front_end_parts() -> None:
    subprocess.run([sys.executable, ROOT / "scripts/build_web.py"], check=True)  # nothing where all is there
