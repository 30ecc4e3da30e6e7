"""Pictures of every page in both languages, narrow and wide, light and dark, into a folder.

    .venv/bin/python scripts/screenshots.py [docs/screenshots]

The record that is shown is made of the reports in `examples/`. Needs Chromium and the package `playwright`.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path

import uvicorn
from playwright.sync_api import sync_playwright

from sijill.capture.inputs import inputs
from sijill.record import Record
from sijill.web.app import create_app
from sijill.web.door import House

ROOT = Path(__file__).parent.parent
ARGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
PAGES = {"live": "/", "incident": "/incidents/1", "report": "/reports/1", "review": "/review", "overview": "/overview"}
SHAPES = {"wide": (1280, 900), "narrow": (390, 800)}
PORT = 8497


def main(folder: Path) -> None:
    """Serve a record of the examples and photograph it."""
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()
    os.chdir(ROOT)  # so that reports are named as the project names them
    with tempfile.TemporaryDirectory() as temporary, Record.init(Path(temporary) / "record") as record:
        reports = sorted(str(path) for path in Path("examples").iterdir() if path.suffix in (".txt", ".html"))
        record.add(inputs(reports, record.settings.limits))
        server = uvicorn.Server(
            uvicorn.Config(create_app(House(record, None, "analyst")), port=PORT, log_level="error")
        )
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            photograph(folder)
        finally:
            server.should_exit = True
            thread.join()


def photograph(folder: Path) -> None:
    """One picture for each page, language and shape; the narrow ones are dark."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGS)
        for language in ("ar", "en"):
            for shape, (width, height) in SHAPES.items():
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    locale=language,
                    color_scheme="dark" if shape == "narrow" else "light",
                )
                page = context.new_page()
                for name, path in PAGES.items():
                    page.goto(f"http://127.0.0.1:{PORT}{path}")
                    if page.query_selector("[data-map]"):
                        page.wait_for_selector("[data-drawn], [data-failed]")
                        page.wait_for_timeout(800)
                    page.screenshot(path=folder / f"{name}-{language}-{shape}.jpg", type="jpeg", quality=70)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots")
