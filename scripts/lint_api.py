"""Lint the OpenAPI document of the API with Redocly, from npm by `web/package-lock.json`: part of `make lint`.

A warning fails as an error does.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from build_web import PARTS, npm

from sijill.web.openapi import described

INSTALLED = Path(sys.prefix) / "api-lint"


def main() -> None:
    """Install what is needed where it is missing, and lint."""
    lock = (PARTS / "package-lock.json").read_text(encoding="utf-8")
    stamp = INSTALLED / "installed.json"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != lock:
        INSTALLED.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(PARTS / name, INSTALLED)
        command = [npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, cwd=INSTALLED, check=True, stdout=subprocess.DEVNULL)
        stamp.write_text(lock, encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "openapi.json"
        document.write_bytes(described())
        node = shutil.which("node", path=str(Path(npm()).parent)) or "node"
        program = INSTALLED / "node_modules/@redocly/cli/bin/cli.js"
        asked = [node, program, "lint", str(document), "--format=json"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False, cwd=folder)
    told = json.loads(done.stdout[done.stdout.index("{") :])
    problems = told.get("problems", [])
    for problem in problems:
        print(f"openapi.json: {problem['severity']}: {problem['message']} ({problem['ruleId']})")
    if done.returncode or problems:
        sys.exit(1)
    print("openapi.json: no fault")


if __name__ == "__main__":
    main()
