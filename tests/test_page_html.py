"""HTML pages in the styles of several sites, and HTML that no browser should be fed."""

from __future__ import annotations

import time

import pytest

from sijill.errors import InputError
from sijill.page import Page, is_html, read_page
from sijill.page.html import MAX_CHARACTERS

TITLE = "قصف مدفعي يوقع ضحايا في بلدة الكروم"
BODY = [
    "قتل ثلاثة مدنيين وأصيب آخرون، اليوم الأربعاء، في قصف مدفعي استهدف بلدة الكروم بالريف الشمالي.",
    "وقال مسعف من البلدة إن القذائف سقطت على الحي الغربي، وإن فرق الإسعاف نقلت المصابين إلى المشفى.",
    "وكانت البلدة قد تعرضت قبل أيام لقصف مماثل أدى إلى دمار واسع في المدرسة والسوق القديم.",
]
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in BODY)

MODERN = f"""<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8">
<title>{TITLE} | شبكة الوادي</title>
<meta property="og:title" content="{TITLE}"><meta property="og:site_name" content="شبكة الوادي">
<meta property="article:published_time" content="2018-11-07T11:31:00+00:00">
<script>document.write("<p>لا يقرأ</p>")</script><style>p {{ color: red }}</style></head>
<body><nav><ul><li><a href="/">الرئيسية</a></li><li><a href="/news">أخبار</a></li></ul></nav>
<main><article><h1>{TITLE}</h1><div class="meta"><time>7 تشرين الثاني 2018 | 13:31 دمشق</time></div>
<figure><img src="a.jpg"><figcaption>دمار في الحي الغربي من البلدة (أرشيف)</figcaption></figure>
{PARAGRAPHS}
<div class="related"><h3>اقرأ أيضاً</h3><ul><li><a href="/1">اجتماع في العاصمة لبحث أزمة المياه</a></li></ul></div>
</article></main>
<aside><h3>الأكثر قراءة</h3><p>نشر في 1 كانون الثاني 2020</p>
<figure><img src="b.jpg"><figcaption>صورة من الشريط الجانبي</figcaption></figure></aside>
<footer>جميع الحقوق محفوظة 2018</footer></body></html>"""

OLD = f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1256">
<title>{TITLE} - الوادي</title></head><body bgcolor=white><table width=100%><tr><td>
<a href=1>الرئيسية</a> | <a href=2>اتصل بنا</a></td></tr><tr><td><font size=5><b>{TITLE}</b></font><br>
الأربعاء 07/11/2018 الساعة 01:31 م<br><br>{PARAGRAPHS}</td></tr></table></body></html>"""

LINKED = f"""<html><head><title>موقع</title><script type="application/ld+json">
{{"@graph": [{{"@type": "WebSite", "name": "x"}}, {{"@type": "NewsArticle", "headline": "{TITLE}",
"datePublished": "2018-11-07T13:31:00+02:00", "publisher": {{"@type": "Organization", "name": "الوادي"}}}}]}}</script>
</head><body><header><h1>الوادي نيوز</h1></header><div id="content"><h2>{TITLE}</h2>{PARAGRAPHS}</div></body></html>"""


def kinds(page: Page) -> list[tuple[str, str]]:
    return [(block.kind, page.text[block.start : block.end]) for block in page.blocks]


def bodies(page: Page) -> list[str]:
    return [text for kind, text in kinds(page) if kind == "body"]


def test_modern_page() -> None:
    page = read_page(MODERN.encode(), name="a.html")
    assert kinds(page)[:3] == [
        ("title", TITLE),
        ("dateline", "7 تشرين الثاني 2018 | 13:31 دمشق"),
        ("caption", "دمار في الحي الغربي من البلدة (أرشيف)"),
    ]
    assert bodies(page) == BODY
    assert page.published == "2018-11-07T13:31+02:00"
    assert page.outlet == "شبكة الوادي"
    assert "لا يقرأ" not in page.text
    assert "الشريط الجانبي" not in page.text
    for span in (page.title, page.dateline):
        assert span is not None
        assert page.text[span.start : span.end] == span.quote


def test_old_page_in_windows_1256() -> None:
    page = read_page(OLD.encode("cp1256"), name="old.htm", url="http://www.alwadi.example/1")
    assert page.title is not None
    assert page.title.quote == TITLE
    assert bodies(page)[-3:] == BODY
    assert page.published == "2018-11-07T13:31"
    assert page.outlet == "alwadi.example"


def test_page_with_linked_data() -> None:
    page = read_page(LINKED, name="x")
    assert page.title is not None
    assert (page.title.quote, page.published, page.outlet) == (TITLE, "2018-11-07T13:31+02:00", "الوادي")
    assert bodies(page) == BODY


def test_metadata_completes_a_bare_day_but_does_not_overrule_it() -> None:
    bare = MODERN.replace("7 تشرين الثاني 2018 | 13:31 دمشق", "7 تشرين الثاني 2018")
    assert read_page(bare, name="x").published == "2018-11-07T11:31+00:00"
    moved = read_page(bare.replace("2018-11-07T11:31", "2020-02-02T02:02"), name="x")
    assert moved.published == "2018-11-07"
    assert [warning.code for warning in moved.warnings] == ["published-disagrees"]


def test_no_dateline_is_taken_from_the_sidebar() -> None:
    page = read_page(
        MODERN.replace("7 تشرين الثاني 2018 | 13:31 دمشق", "").replace("article:published_time", "x"), name="x"
    )
    assert (page.dateline, page.published) == (None, None)


def test_what_is_html() -> None:
    assert is_html("<!-- a --><!DOCTYPE html><p>x")
    assert is_html("x <p>", "a.html")
    assert is_html("anything", media_type="text/html; charset=utf-8")
    assert not is_html("<p>a</p>", media_type="text/plain")
    assert not is_html("5 < 6 and <b>")
    assert not is_html("نص", "a.html")


@pytest.mark.parametrize(
    "html",
    [
        "<html><body>" + "<div>" * 50_000 + "نص عميق" + "</div>" * 50_000,
        "<html><body>" + "<div>" * 300 + "<p>نص عميق</p>" + "</div>" * 300,
        "<html><p>" + "نص عميق " * 100_000 + "</p>",
        "<html><<<p><b><i></p>" * 500 + "نص عميق",
        "<html><script>" + "<p>a</p>" * 10_000 + "</script>نص عميق",
        "<html>" + "&amp;" * 50_000 + "نص عميق",
        "<html><table>" + "<tr><td><table>" * 3_000 + "نص عميق",
        "<html><p " + 'a="1" ' * 20_000 + ">نص عميق",
    ],
    ids=["deep", "nested", "long line", "broken", "script", "entities", "tables", "attributes"],
)
def test_hostile_html_is_read_in_time(html: str) -> None:
    started = time.perf_counter()
    page = read_page(html, name="x.html")
    assert time.perf_counter() - started < 10
    assert "نص عميق" in page.text


def test_empty_and_headless_html() -> None:
    assert read_page("<html></html>", name="x").text == ""
    assert read_page("<p>نص بلا رأس", name="x.html").text == "نص بلا رأس"
    assert read_page("<html><head><title>عنوان الصفحة</title></head></html>", name="x").text.strip() == "عنوان الصفحة"


def test_too_long_html_is_refused_in_one_line() -> None:
    with pytest.raises(InputError, match="at most 20,000,000"):
        read_page("<html>" + " " * MAX_CHARACTERS, name="x")


def test_controls_and_their_references_do_no_harm() -> None:
    html = MODERN.replace("أرشيف)</figcaption>", "أرشيف)&#1;&#xd800;&#0;</figcaption>\x01\x0b\ufffe نص بعدها")
    assert read_page(html, name="x").title is not None
