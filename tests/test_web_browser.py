"""Pages in a real browser: no violation of WCAG by axe, no console error, live update, the review desk by keyboard."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from claims_builder import READ, Maker, item
from sijill.model import Source
from sijill.record import Record
from sijill.web.app import create_app
from sijill.web.door import House
from sijill.web.kept import Kept
from web_house import MARK, app_of, marked_record, served

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
        if page.locator("#mapfold").is_visible():
            page.check("#mapfold")
        if drawn and page.query_selector("[data-map]"):
            page.wait_for_selector("[data-drawn], [data-failed]", timeout=20_000)
            assert page.get_attribute("[data-map]", "data-failed") is None
        found = axe.run(page, options=AXE)
        told = [(v["id"], v["nodes"][0]["html"][:120]) for v in found.response["violations"]]
        assert not told, (path, told)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path}: wider than the window"
    assert not faults
    page.context.close()


def test_a_decision_in_one_browser_is_seen_in_another_without_losing_the_place(
    browser: Browser, site: str, record: Record
) -> None:
    page, faults = _page(browser)
    other, _ = _page(browser, "en")
    page.goto(site)
    page.wait_for_timeout(1500)
    before = page.locator("#rows .row").count()
    record.add([_report(6)], read=READ)
    page.wait_for_selector(f"#rows .row >> nth={before}", timeout=10_000)
    assert page.locator(".fresh-row").count() >= 1
    # Who reads further down is not moved: what is new waits for a press.
    page.set_viewport_size({"width": 1280, "height": 300})
    page.evaluate("window.scrollTo(0, 400)")
    where = "[...document.querySelectorAll('#rows .row')].at(-1).getBoundingClientRect().top"
    at = page.evaluate(where)
    other.goto(f"{site}/incidents/1")
    other.fill("textarea[name=value]", "seen by one")
    other.locator("textarea[name=value]").locator("xpath=ancestor::form").locator("button").click()
    elsewhere = Maker("وكالة أخرى", "2018-04-02").claim(
        "اعتقالات في دوما", type="arrest", date="2018-04-01", places=("دوما",)
    )
    record.add([item(elsewhere.report("http://other.example/"), url="http://other.example/")], read=READ)
    page.wait_for_selector(".arrived button:not([hidden])", timeout=10_000)
    assert abs(page.evaluate(where) - at) < 2 and page.locator("#rows .row").count() == before + 1
    page.click(".arrived button")
    page.wait_for_selector(f"#rows .row >> nth={before + 1}", timeout=10_000)
    assert not faults


def test_the_timeline_narrows_by_dragging_and_by_its_bars(browser: Browser, site: str) -> None:
    page, faults = _page(browser, "en")
    page.goto(site)
    box = page.locator("svg.timeline").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.05, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + 30, steps=5)
    page.mouse.up()
    page.wait_for_url("**since=*")
    assert 0 < page.locator("#rows .row").count() < 4 and page.locator(".chips a").count() == 3
    page.locator(".chips a").first.click()
    page.wait_for_url(lambda url: "since=" not in url)
    assert not faults


def test_a_phone_shows_the_list_first_and_the_map_by_one_tap(browser: Browser, site: str) -> None:
    page, faults = _page(browser, width=390)
    page.goto(site)
    row = page.locator("#rows .row").first.bounding_box()
    assert row and row["y"] < 560 and not page.locator("[data-map]").is_visible()
    page.check("#mapfold")
    page.wait_for_selector("[data-drawn]", timeout=20_000)
    page.uncheck("#mapfold")
    assert not page.locator("[data-map]").is_visible() and not faults
    page.set_viewport_size({"width": 1280, "height": 800})
    assert page.locator("[data-map]").is_visible() and not page.locator("#mapfold").is_visible()


def test_a_day_is_typed_as_it_is_said_or_picked(browser: Browser, site: str) -> None:
    page, faults = _page(browser)
    page.goto(site)
    page.fill("[name=since]", "٣ آذار ٢٠١٨")
    page.locator(".day-in input[type=date]").last.evaluate(
        "(box) => { box.value = '2018-03-04'; box.dispatchEvent(new Event('change', { bubbles: true })) }"
    )
    page.locator(".filters .buttons button").click()
    page.wait_for_url("**since=2018-03-03&until=2018-03-04**")
    assert page.locator("#rows .row").count() > 0 and not faults


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
    # Dates are typed as they are said, places chosen by arrows, and a correction can be taken back.
    page.keyboard.press("3")
    page.keyboard.type("5 آذار 2018")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("Enter")
    page.wait_for_selector("#field-date[value*='2018-03-05']")
    # Until the desk has taken the answer in, a key would go to the one that it replaces.
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)
    page.keyboard.press("4")
    page.keyboard.type("دوما")
    page.wait_for_selector(".choices li")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#field-places")).to_have_value("دوما")
    page.keyboard.press("u")
    expect(page.locator("#field-places")).not_to_have_value("دوما")
    assert not faults


def test_keys_pressed_while_the_desk_is_swapped_are_kept(browser: Browser, site: str) -> None:
    page, faults = _page(browser, "en")
    page.route("**/review", lambda route: (page.wait_for_timeout(400), route.continue_())[-1])
    page.goto(f"{site}/review")
    first = page.get_attribute(".desk", "data-claim")
    # What is typed after a correction is sent goes into the desk that comes.
    page.keyboard.press("7")
    page.keyboard.type("41")
    page.keyboard.press("Enter")
    page.keyboard.type("842")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    expect(page.locator("#field-killed")).to_have_value("41")
    expect(page.locator("#field-injured")).to_have_value("4")
    expect(page.locator("#field-injured ~ .was, .field:has(#field-injured) .was")).to_be_visible()
    for _ in range(2):
        page.keyboard.press("u")
        expect(page.locator("#desk[aria-busy]")).to_have_count(0)
    # A verdict is for the claim on the screen: a second press does not fall on the next one, an undo does what it says.
    page.keyboard.press("a")
    page.keyboard.press("a")
    page.keyboard.press("x")
    page.wait_for_selector(f'.desk:not([data-claim="{first}"])')
    expect(page.locator("#desk[aria-busy]")).to_have_count(0)
    page.keyboard.press("u")
    page.wait_for_selector(f'.desk[data-claim="{first}"]')
    expect(page.locator("label[for=progress]")).not_to_contain_text("rejected")
    assert not faults


def test_the_keys_of_the_desk_lie_where_they_lie_on_an_arabic_keyboard(browser: Browser, site: str) -> None:
    page, faults = _page(browser)
    page.goto(f"{site}/review")
    first = page.get_attribute(".desk", "data-claim")
    for key, code in (("ش", "KeyA"), ("ع", "KeyU")):
        page.evaluate("(told) => document.body.dispatchEvent(new KeyboardEvent('keydown', {...told, bubbles: true}))",
                      {"key": key, "code": code})  # fmt: skip
        page.wait_for_selector(f'.desk:not([data-claim="{first}"])' if code == "KeyA" else f'[data-claim="{first}"]')
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '٣', code: 'Digit3', bubbles: true}))"
    )
    expect(page.locator("#field-date")).to_be_focused()
    page.keyboard.type("٥ آذار ٢٠١٨")
    page.keyboard.press("Enter")
    page.wait_for_selector("#field-date[value*='2018-03-05']")
    page.wait_for_selector("#desk:not([aria-busy])")
    page.keyboard.press("3")
    page.keyboard.type("غدا ربما")
    page.keyboard.press("Enter")
    expect(page.locator(".problem")).to_contain_text("ليس يوما")
    page.wait_for_selector("#desk:not([aria-busy])")
    assert not faults


def test_a_decision_that_does_not_arrive_is_told(browser: Browser, site: str) -> None:
    page, _ = _page(browser, "en")
    page.goto(f"{site}/review")
    page.route("**/review", lambda route: route.abort())
    first = page.get_attribute(".desk", "data-claim")
    page.keyboard.press("a")
    expect(page.locator(".lost")).to_contain_text("not kept")
    assert page.get_attribute(".desk", "data-claim") == first
    page.unroute("**/review")
    page.keyboard.press("a")
    page.wait_for_selector(f'.desk:not([data-claim="{first}"])')
    page.keyboard.press("u")
    page.wait_for_selector(f'.desk[data-claim="{first}"]')


def test_an_incident_prints_whole_on_paper(browser: Browser, site: str) -> None:
    page, _ = _page(browser, "en", 700)
    page.goto(f"{site}/incidents/1")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for box in page.locator(".scroll").all():
        assert box.evaluate("box => box.scrollWidth <= box.clientWidth + 1")
    sheet = page.inner_text(".cite")
    assert "sha256:" in sheet and "Sijill" in sheet and f"{site}/incidents/1" in sheet
    assert not page.locator(".top").is_visible() and not page.locator(".forms").is_visible()


def test_a_press_on_the_map_offers_the_places_there(browser: Browser, site: str) -> None:
    page, faults = _page(browser, "en")
    page.goto(f"{site}/review")
    page.wait_for_selector("[data-drawn]", timeout=20_000)
    page.locator(".bench .map canvas").click(position={"x": 60, "y": 60})
    page.wait_for_selector(".choices li[aria-selected=true]")
    page.keyboard.press("Enter")
    assert page.locator("#field-places").input_value()
    assert not faults


@pytest.mark.parametrize(("language", "scheme"), [("ar", "dark"), ("en", "light")])
def test_the_public_view_and_the_door_are_accessible_too(
    browser: Browser, tmp_path: Path, language: str, scheme: str
) -> None:
    with marked_record(tmp_path / "record") as record, served(app_of(record, tmp_path, public=True)) as address:
        page, faults = _page(browser, language, 390, scheme)
        for path in ("/", "/incidents/1", "/overview", "/login", "/about"):
            page.goto(address + path)
            told = [(v["id"], v["nodes"][0]["html"][:120]) for v in Axe().run(page, options=AXE).response["violations"]]
            assert not told, (path, told)
            assert MARK not in page.content()
        assert not faults


def test_hostile_words_do_nothing_and_call_nobody(browser: Browser, tmp_path: Path) -> None:
    hostile = (
        "<script>document.title='taken'</script><img src=http://evil.example/x onerror=alert(1)>\u202e&#x3c;b&#62;"
    )
    with Record.init(tmp_path / "record") as record:
        maker = Maker(hostile, "2018-03-05", title=hostile).claim(
            f"غارة {hostile}",
            places=(hostile,),
            initiators=(hostile,),
            targets=(hostile,),
            source=Source("witness", hostile),
        )
        lookalike = Maker("аljazeerа" * 40, "2018-03-05").claim("قصف " + "ا" * 200_000)
        items = [maker.report("http://a.example/"), lookalike.report("http://b.example/")]
        record.add([item(one, url=f"javascript:alert({n})") for n, one in enumerate(items)], read=READ)
        with served(create_app(House(record, None, "tester", kept=Kept(tmp_path), folder=tmp_path))) as address:
            page, faults = _page(browser, width=390)
            asked: list[str] = []
            page.on("request", lambda request: asked.append(request.url))
            page.on("dialog", lambda dialog: faults.append(dialog.message))
            for path in ("/", "/incidents/1", "/reports/1", "/reports/2", "/search?q=غارة", "/overview", "/review"):
                page.goto(address + path)
                assert "taken" not in page.title()
                assert page.locator("a[href^='javascript:']").count() == 0
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path}: pushed wide"
            assert not faults and all(url.startswith((address, "data:", "blob:")) for url in asked)


def test_from_a_value_to_its_words_and_back(browser: Browser, site: str) -> None:
    page, faults = _page(browser)
    page.goto(f"{site}/reports/1")
    page.focus(".card")
    assert page.locator("mark.lit").count() > 0
    while page.evaluate("document.activeElement.dataset.role") != "harm":
        page.keyboard.press("ArrowDown")
    lit = page.locator("mark.lit")
    assert lit.count() and all("harm" in (mark.get_attribute("data-roles") or "") for mark in lit.all())
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('mark.m-harm')")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.role") == "harm"
    page.hover("h1")
    page.locator(".text mark.m-places").first.click()
    assert page.evaluate("document.activeElement.matches('.card')")
    assert not faults
