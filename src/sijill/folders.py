"""Where the package stands, with its data. Modules that are compiled stand elsewhere than their sources."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent
