"""Pages in a real browser: no violation of WCAG by axe, no console error, live update, the review desk by keyboard."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from claims_builder import READ, Maker, item
from sijill.record import Record
from sijill.web.app import create_app
from sijill.web.door import House
from sijill.web.kept import Kept
from web_house import served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
PAGES = (
    "/", "/?type=air-strike&place=إدلب", "/incidents/1", "/reports/1", "/search?q=غارات", "/overview", "/review",
    "/review?queue=second", "/parties/named/russia", "/places/named/إدلب", "/watch", "/export", "/settings",
    "/settings/lexicon", "/about", "/nowhere",
)  # fmt: skip
LOOKS = [
    (language, width, scheme) for language in ("ar", "en") for width in (1280, 390) for scheme in ("light", "dark")
]
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def _report(n: int) -> Any:
    maker = Maker(f"وكالة {n}", "2018-03-05").claim(
        f"غارات على سراقب رقم {n} قتلت {n + 2}",
        killed=n + 2,
        initiators=(("روسيا", "russia"),),
        date=f"2018-03-0{n + 1}",
    )
    return item(maker.report(f"http://{n}.example/"), url=f"http://{n}.example/")


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    with Record.init(tmp_path_factory.mktemp("browser") / "record") as made:
        made.add([_report(n) for n in range(4)], read=READ)
        yield made


@pytest.fixture(scope="module")
def site(record: Record, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    house = House(record, None, "tester", kept=Kept(folder), folder=folder)
    with served(create_app(house)) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.fail("no Chromium is installed: run `make browser` as root, or `apt-get install chromium`")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield made
        made.close()


def _page(browser: Browser, language: str = "ar", width: int = 1280, scheme: Any = "light") -> tuple[Page, list[str]]:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale=language, color_scheme=scheme)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" and "404" not in m.text else None)
    return page, faults


@pytest.mark.parametrize(("language", "width", "scheme"), LOOKS)
def test_axe_finds_nothing_and_the_console_is_silent(
    browser: Browser, site: str, language: str, width: int, scheme: str
) -> None:
    page, faults = _page(browser, language, width, scheme)
    axe = Axe()
    drawn = (width, scheme) in ((1280, "light"), (390, "dark"))
    if not drawn:  # maps are slow to draw without a graphics card; every page has been drawn in two looks
        page.route("**/static/map.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
    for path in PAGES:
        page.goto(site + path)
        if drawn and page.query_selector("[data-map]"):
            page.wait_for_selector("[data-drawn], [data-failed]", timeout=20_000)
            assert page.get_attribute("[data-map]", "data-failed") is None
        found = axe.run(page, options=AXE)
        told = [(v["id"], v["nodes"][0]["html"][:120]) for v in found.response["violations"]]
        assert not told, (path, told)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path}: wider than the window"
    assert not faults
    page.context.close()


def test_a_new_report_appears_by_itself(browser: Browser, site: str, record: Record) -> None:
    page, faults = _page(browser)
    page.goto(site)
    before = page.locator("#rows .row").count()
    page.wait_for_timeout(1500)
    record.add([_report(6)], read=READ)
    page.wait_for_selector(f"#rows .row >> nth={before}", timeout=10_000)
    assert page.locator(".fresh-row").count() >= 1
    assert not faults


def test_reviewing_by_keyboard(browser: Browser, site: str) -> None:
    page, faults = _page(browser, "en")
    page.goto(f"{site}/review")

    def shown() -> str:
        return page.get_attribute(".desk", "data-claim") or ""

    def settled(other: str) -> str:
        page.wait_for_selector(f'.desk:not([data-claim="{other}"])')
        return shown()

    first = shown()
    page.keyboard.press("a")
    second = settled(first)
    page.keyboard.press("u")
    assert settled(second) == first
    page.keyboard.press("n")
    assert settled(first) != first
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.name") == "value"
    assert not faults


def test_hovering_a_card_lights_its_words(browser: Browser, site: str) -> None:
    page, _ = _page(browser)
    page.goto(f"{site}/reports/1")
    page.focus(".card")
    assert page.locator("mark.lit").count() > 0
