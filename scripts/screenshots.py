"""Pictures of every page in both languages, narrow and wide, light and dark, into a folder: `make screenshots`.

    .venv/bin/python scripts/screenshots.py [docs/screenshots]

The report page shows one of `examples/` as it is read; the others show a made-up world of many reports, so that lists,
maps and disagreements have something to show. Nothing in it happened. Needs Chromium.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from litestar import Litestar
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from claims_builder import READ, item  # noqa: E402
from sijill.capture.inputs import inputs  # noqa: E402
from sijill.record import Record  # noqa: E402
from sijill.review.desk import Desk  # noqa: E402
from sijill.web.app import create_app  # noqa: E402
from sijill.web.door import House  # noqa: E402
from sijill.web.filters import Filters  # noqa: E402
from sijill.web.kept import Kept  # noqa: E402
from sijill.web.looking import Look  # noqa: E402
from sijill.web.roles import Role, Viewer  # noqa: E402
from synthetic_record import world  # noqa: E402
from web_house import served  # noqa: E402

ARGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
SHAPES = {"wide": (1280, 900), "narrow": (390, 800)}
EXAMPLE = "05-long-article"


def main(folder: Path) -> None:
    """Serve two records and photograph them."""
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()
    os.chdir(ROOT)  # so that reports are named as the project names them
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGS)
        with Record.init(Path(temporary) / "made-up") as record, served(site(record, Path(temporary))) as address:
            made = world(events=320, days=75, seed=4)
            reports = [item(report, url=f"http://{n}.example/") for n, report in enumerate(made.reports)]
            record.add(reports, read=READ)
            most = review_some(record)
            pages = {
                "live": "/", "incident": f"/incidents/{most}", "review": "/review", "overview": "/overview",
                "party": "/parties/named/russia", "search": "/search?q=مدرسة", "export": "/export",
            }  # fmt: skip
            photograph(browser, address, pages, folder)
        with Record.init(Path(temporary) / "examples") as record, served(site(record, Path(temporary))) as address:
            record.add(inputs([f"examples/{EXAMPLE}.txt"], record.settings.limits))
            photograph(browser, address, {"report": "/reports/1"}, folder)
        browser.close()


def review_some(record: Record) -> int:
    """Let two people judge some claims; returns the incident on which sources disagree most."""
    look = Look(record, Viewer("amal", Role.ADMINISTRATOR))
    claims, _ = look.claim_ids(Filters(), limit=40)
    for who in ("amal", "salim"):
        desk = Desk(record, who)
        for claim in claims[:25]:
            desk.accept(f"c{claim}")
            desk.state(f"c{claim}", "reviewed" if who == "amal" else "second-review")
    shown = look.incidents(Filters(), limit=200).items
    return int(max(shown, key=lambda one: (len(one.contradictions), one.independent)).id[1:])


def site(record: Record, folder: Path) -> Litestar:
    """The site over a record, for one person alone."""
    return create_app(House(record, None, "analyst", kept=Kept(folder), folder=folder))


def photograph(browser: Browser, address: str, pages: dict[str, str], folder: Path) -> None:
    """One picture for each page, language and shape; the narrow ones are dark."""
    for language in ("ar", "en"):
        for shape, (width, height) in SHAPES.items():
            context = browser.new_context(
                viewport={"width": width, "height": height},
                locale=language,
                color_scheme="dark" if shape == "narrow" else "light",
            )
            page = context.new_page()
            for name, path in pages.items():
                page.goto(address + path)
                if page.locator("[data-map]").count() and page.locator("[data-map]").is_visible():
                    page.wait_for_selector("[data-drawn], [data-failed]", timeout=60_000)
                    page.wait_for_timeout(800)
                page.screenshot(path=folder / f"{name}-{language}-{shape}.jpg", type="jpeg", quality=72)
            context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots")
