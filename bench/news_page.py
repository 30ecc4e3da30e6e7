"""A report as a news site serves it: generated markup of the weight of a saved page, its words invented.

Ten articles among the pages that the extraction library is tested on (agencies, dailies and broadcasters, Al Jazeera's
English site among them) weigh 36 to 382 thousand characters of HTML, 134 at the median; in the one looked into, more
than half of them are scripts that carry the state of the page. `news_page` makes a page of that weight and make.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from html import escape

STATE = 80_000
"""Characters of script, of the 134,000 of a page."""
ICON = (
    '<svg class="icon icon--{0} icon--20" viewBox="0 0 20 20" aria-hidden="true"><title>{0}</title>'
    '<path class="icon-main-color" d="M10 12.92l8.3-8.86L20 5.87l-8.3 8.86-1.7 1.83-1.7-1.81L0 5.87l1.7-1.81z'
    'M11.61 17.51v.14c0 .07.13.36.13.36a1.32 1.32 0 0 0 .38.61c.19.14.29.09.33.08a.28.28 0 0 0 .1-.3"></path></svg>'
)
WORDS = """
الوادي السوق المدينة البلدة الموسم القمح الأسعار الوزارة الجامعة الطلاب المطر الطريق الجسر المشروع الفريق المباراة
الدوري الكتاب المعرض الرواية الفيلم الصحة المستشفى الدواء المياه الكهرباء الشركة العملة الدينار السياحة الشاطئ
يفتتح يعلن يبدأ يعود يناقش يزور يكرم ينظم جديد قديم كبير واسع أول آخر قريبا غدا رغم بعد قبل حول خلال
"""
SECTIONS = ("أخبار", "سياسة", "اقتصاد", "رياضة", "ثقافة", "صحة", "منوعات", "فيديو")


class _Words:
    """Headlines and texts of invented words."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.words = WORDS.split()

    def some(self, least: int, most: int) -> str:
        return " ".join(self.draw.choices(self.words, k=self.draw.randint(least, most)))

    def address(self) -> str:
        return f"/news/2021/6/{self.draw.randint(1, 28)}/{self.draw.getrandbits(48):012x}"


def news_page(title: str, lines: list[str], seed: int) -> str:
    """The page of a report: its title, and the lines of its text."""
    words = _Words(random.Random(seed))
    body = [
        _header(words),
        f'<main class="main" id="main-content"><div class="container"><article class="article">{_top(words, title)}',
        '<div class="wysiwyg" aria-live="polite">',
        *[part for n, line in enumerate(lines) for part in _paragraph(words, n, line)],
        f"</div>{_tags(words)}{_share()}</article>{_comments(words)}</div>",
        f'<aside class="sidebar">{_listed(words, "الأكثر قراءة", 10)}{_cards(words, "اقرأ أيضا", 12)}</aside></main>',
        _footer(words),
        _state(words),
    ]
    head = f'<!DOCTYPE html><html lang="ar" dir="rtl"><head>{_head(words, title)}</head>'
    return f"{head}<body>{''.join(body)}</body></html>"


def _head(words: _Words, title: str) -> str:
    text = escape(words.some(15, 25))
    metas = "".join(
        f'<meta {kind}="{name}" content="{escape(title) if name.endswith("title") else text}">'
        for kind, name in (
            *(("property", f"og:{name}") for name in ("title", "description", "type", "url", "image", "locale")),
            *(("name", f"twitter:{name}") for name in ("card", "site", "title", "description", "image", "url")),
            *(("name", name) for name in ("description", "keywords", "viewport", "robots", "theme-color", "pageType")),
        )
    )
    links = "".join(
        f'<link rel="{rel}" href="https://static.example.org/{words.draw.getrandbits(64):x}.{n}" crossorigin>'
        for n, rel in enumerate(("preload", "stylesheet", "preconnect", "icon", "apple-touch-icon") * 5)
    )
    styles = "".join(
        f".c-{n}{{margin:0 auto {n}px;padding:{n % 9}px;color:#{n:06x};font:400 1rem/1.5 sans-serif}}"
        for n in range(120)
    )
    told = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "description": text,
        "datePublished": "2021-06-10T11:20:00Z",
        "dateModified": "2021-06-10T12:05:00Z",
        "author": {"@type": "Organization", "name": words.some(2, 3)},
        "publisher": {"@type": "Organization", "name": words.some(2, 3), "logo": words.address()},
        "image": [words.address() for _ in range(4)],
    }
    return (
        f'<meta charset="utf-8"><title>{escape(title)}</title>{metas}{links}<style>{styles}</style>'
        f'<script type="application/ld+json">{json.dumps(told, ensure_ascii=False)}</script>'
    )


def _menu(words: _Words, kind: str, most: int) -> str:
    items = "".join(
        f'<li class="menu__item menu__item--{kind}" data-testid="sub-menu-item"><a href="{words.address()}">'
        f"<span>{words.some(1, 2)}</span></a></li>"
        for _ in range(most)
    )
    return f'<ul class="menu menu__submenu">{items}</ul>'


def _header(words: _Words) -> str:
    sections = "".join(
        f'<li class="menu__item menu__item--has-submenu"><a href="/{n}">{name}</a><button aria-expanded="false" '
        f'class="no-styles-button expand-button">{ICON.format("caret-down")}<span class="screen-reader-text">المزيد'
        f'</span></button><div class="submenu_wrapper">{_menu(words, "header", 7)}</div></li>'
        for n, name in enumerate(SECTIONS)
    )
    return (
        '<div class="skip-links"><a href="#main-content">تخطى إلى المحتوى</a></div><header class="site-header">'
        f'<div class="site-header__logo"><a href="/">{ICON.format("logo")}</a></div><nav aria-label="الأقسام">'
        f'<ul class="menu header-menu">{sections}</ul></nav><form role="search" action="/search"><input name="q" '
        'placeholder="ابحث"><button type="submit">بحث</button></form></header>'
    )


def _top(words: _Words, title: str) -> str:
    return (
        f'<nav class="breadcrumbs"><a href="/">الرئيسية</a><a href="/1">{SECTIONS[0]}</a></nav>'
        f'<header class="article-header"><h1>{escape(title)}</h1></header>'
        '<div class="article-dates"><time datetime="2021-06-10T11:20:00Z">2021-06-10 | 14:20 دمشق</time></div>'
        f'{_share()}<figure class="article-featured-image"><picture><source srcset="{words.address()} 770w, '
        f'{words.address()} 1170w"><img loading="lazy" src="{words.address()}" alt="{words.some(4, 8)}"></picture>'
        "</figure>"
    )


def _paragraph(words: _Words, n: int, line: str) -> list[str]:
    """A paragraph; after every third a link to another report, before every fourth a place for an advertisement."""
    ads = (
        f'<div class="ads ads--in-article" id="ad-{n}"><span class="ads__title">إعلان</span></div>'
        if n % 4 == 3
        else ""
    )
    link = f'<a href="{words.address()}">{words.some(6, 10)}</a>'
    more = f'<div class="more-on"><h2>اقرأ أيضا</h2><ul><li>{link}</li></ul></div>' if n % 3 == 2 else ""
    return [ads, f'<p class="paragraph">{escape(line)}</p>', more]


def _share() -> str:
    buttons = "".join(
        f'<li><a class="social__link" href="https://{name}.example.org/share" rel="noopener" aria-label="{name}">'
        f"{ICON.format(name)}</a></li>"
        for name in ("facebook", "x", "whatsapp", "telegram", "copy")
    )
    return f'<div class="article-share"><ul class="social">{buttons}</ul></div>'


def _tags(words: _Words) -> str:
    return "".join(f'<a class="tag" href="{words.address()}">{words.some(1, 2)}</a>' for _ in range(8))


def _listed(words: _Words, heading: str, count: int) -> str:
    items = "".join(
        f'<li><a class="trending" href="{words.address()}"><span class="trending__number">{n}</span>'
        f'<span class="trending__title">{words.some(6, 11)}</span></a></li>'
        for n in range(1, count + 1)
    )
    return f'<section class="trending-articles"><h2>{heading}</h2><ol>{items}</ol></section>'


def _cards(words: _Words, heading: str, count: int) -> str:
    cards = "".join(
        f'<article class="card card--type-post"><div class="card__image"><img loading="lazy" src="{words.address()}" '
        f'srcset="{words.address()} 270w, {words.address()} 570w" alt="{words.some(3, 6)}"></div>'
        f'<h3 class="card__title"><a class="u-clickable-card__link" href="{words.address()}"><span>{words.some(7, 12)}'
        f'</span></a></h3><p class="card__excerpt">{words.some(12, 20)}</p><time>10 حزيران</time></article>'
        for _ in range(count)
    )
    return f'<section class="related"><h2>{heading}</h2>{cards}</section>'


def _comments(words: _Words) -> str:
    told = "".join(
        f'<li class="comment" id="comment-{n}"><div class="comment__author">{words.some(1, 2)}</div>'
        f'<div class="comment__text"><p>{words.some(10, 30)}</p></div><button>رد</button></li>'
        for n in range(6)
    )
    return (
        f'<section class="comments" id="comments"><h2>التعليقات</h2><ol>{told}</ol><form><textarea name="comment">'
        "</textarea><button>أرسل</button></form></section>"
    )


def _footer(words: _Words) -> str:
    blocks = "".join(f"<div><h2>{words.some(1, 2)}</h2>{_menu(words, 'footer', 8)}</div>" for _ in range(4))
    return (
        f'<footer class="site-footer"><div class="site-footer__navigation">{blocks}</div>{_share()}'
        '<p class="site-footer__copyright">جميع الحقوق محفوظة</p></footer>'
    )


def _state(words: _Words) -> str:
    """What the scripts of the page begin with: many other reports, as data."""
    kinds: tuple[Callable[[], object], ...] = (
        lambda: words.some(6, 11),
        words.address,
        lambda: words.draw.randrange(10**9),
        lambda: {"url": words.address(), "alt": words.some(3, 6)},
    )
    posts: list[dict[str, object]] = []
    size = 0
    while size < STATE:
        post = {f"field_{n}": kinds[n % len(kinds)]() for n in range(16)}
        size += len(json.dumps(post, ensure_ascii=False)) + 2
        posts.append(post)
    return f"<script>window.__STATE__ = {json.dumps(posts, ensure_ascii=False)};</script>"
