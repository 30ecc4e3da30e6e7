"""Pages as text: every line is what it is, and doubt leaves it body."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from sijill.page import Page, read_page


def page(text: str, **known: str) -> Page:
    return read_page(textwrap.dedent(text).strip("\n") + "\n", name="test.txt", **known)  # type: ignore[arg-type]


def kinds(read: Page) -> list[tuple[str, str]]:
    return [(block.kind, read.text[block.start : block.end]) for block in read.blocks]


def of(read: Page, kind: str) -> list[str]:
    return [text for found, text in kinds(read) if found == kind]


PROSE = "قتل ثلاثة مدنيين وأصيب آخرون، اليوم الأربعاء، في قصف مدفعي استهدف بلدة الكروم بالريف الشمالي."
MORE = "وقال مسعف من البلدة إن القذائف سقطت على الحي الغربي، وإن فرق الإسعاف نقلت المصابين إلى المشفى."
LAST = "وكانت البلدة قد تعرضت قبل أيام لقصف مماثل أدى إلى دمار واسع في المدرسة والسوق القديم."

PASTED = f"""
    icon
    التغطية الحية

    قصف مدفعي يوقع ضحايا في بلدة الكروم

    2018.11.07 | 13:31 دمشق

    دمار في الحي الغربي من بلدة الكروم (أرشيف - إنترنت)
    تلفزيون سوريا - متابعات
    +A
    حجم الخط
    -A

    {PROSE}

    {MORE}
    اقرأ أيضاً: اجتماع في العاصمة لبحث أزمة المياه
    {LAST}
    مشاركة
    فيسبوك تويتر واتساب
"""


def test_pasted_page() -> None:
    read = page(PASTED)
    assert kinds(read) == [
        ("furniture", "icon"),
        ("section", "التغطية الحية"),
        ("title", "قصف مدفعي يوقع ضحايا في بلدة الكروم"),
        ("dateline", "2018.11.07 | 13:31 دمشق"),
        ("caption", "دمار في الحي الغربي من بلدة الكروم (أرشيف - إنترنت)"),
        ("credit", "تلفزيون سوريا - متابعات"),
        ("furniture", "+A"),
        ("furniture", "حجم الخط"),
        ("furniture", "-A"),
        ("body", PROSE),
        ("body", MORE),
        ("related", "اقرأ أيضاً: اجتماع في العاصمة لبحث أزمة المياه"),
        ("body", LAST),
        ("furniture", "مشاركة"),
        ("furniture", "فيسبوك تويتر واتساب"),
    ]
    assert read.published == "2018-11-07T13:31+02:00"
    assert read.outlet == "تلفزيون سوريا"
    assert read.section is not None
    assert read.section.quote == "التغطية الحية"
    assert read.title is not None
    assert read.language == "ar"


SIMPLE = f"""
    قصف مدفعي يوقع ضحايا في بلدة الكروم

    2018-11-07 13:31
    alwadi

    {PROSE}
    {MORE}
    {LAST}
"""
TEASERS = """
    افتتاح مركز صحي جديد في المدينة الساحلية
    الأمم المتحدة: قافلة مساعدات تصل إلى المخيم
    وفد تجاري يزور العاصمة بعد سنوات من القطيعة
"""


def test_simple_form() -> None:
    read = page(SIMPLE)
    assert [kind for kind, _ in kinds(read)] == ["title", "dateline", "credit", "body", "body", "body"]
    assert (read.outlet, read.published) == ("alwadi", "2018-11-07T13:31")


def test_headlines_below_the_body_are_related() -> None:
    assert len(of(page(SIMPLE.rstrip() + TEASERS), "related")) == 3


def test_headlines_cut_short_are_related() -> None:
    assert len(of(page(SIMPLE.rstrip() + "\n    خبراء: الموسم الزراعي مهدد هذا العام بسبب...\n"), "related")) == 1


def test_dates_between_headlines_below_are_no_datelines() -> None:
    read = page(f"{SIMPLE.rstrip()}\n    مدرسة جديدة تفتح أبوابها في الجنوب\n    March 18, 2023{TEASERS}")
    assert read.published == "2018-11-07T13:31"
    assert "March 18, 2023" in of(read, "related")


@pytest.mark.parametrize(
    "last",
    [
        "وما زال عدد من العائلات عالقاً تحت الأنقاض حتى ساعة إعداد الخبر",
        "استهدفت المدفعية بعد ذلك أطراف القرية المجاورة دون إصابات",
        "كما نزحت عشرات العائلات إلى المخيمات القريبة من الحدود",
        "مصدر طبي قال إن حالة اثنين من المصابين حرجة جداً",
        "الضحايا هم:\n    سالم محمد الجبلي\n    هدى محمد الجبلي\n    عمر خالد الصافي",
        "- سالم محمد الجبلي، 40 عاماً\n    - هدى محمد الجبلي، 35 عاماً",
    ],
)
def test_a_last_sentence_without_full_stop_stays_body(last: str) -> None:
    read = page(SIMPLE.rstrip() + f"\n    {last}\n")
    assert of(read, "related") == []
    assert of(read, "furniture") == []
    assert last.splitlines()[-1].strip() in of(read, "body")


def test_tags_names_and_notices_below_the_body() -> None:
    read = page(
        SIMPLE.rstrip()
        + "\n    بلدة الكروم\n    قصف مدفعي\n    خدمة البث المباشر\n    جميع الحقوق محفوظة للوادي، ولا يجوز النسخ.\n"
    )
    assert len(of(read, "furniture")) == 4


def test_writer_below_the_body() -> None:
    assert of(page(SIMPLE.rstrip() + "\n    - سالم بن علي الجبلي\n"), "byline") == ["- سالم بن علي الجبلي"]


def test_news_agencies_below_the_body_are_a_credit() -> None:
    read = page(SIMPLE.replace("    alwadi\n", "").rstrip() + "\n    فرانس 24/ أ ف ب\n")
    assert of(read, "credit") == ["فرانس 24/ أ ف ب"]
    assert read.outlet == "فرانس 24"


def test_two_headlines_between_paragraphs_are_related_and_one_is_a_heading() -> None:
    head = SIMPLE.rstrip().removesuffix(LAST)
    one = page(f"{head}هدوء حذر في أسواق المدينة\n    {LAST}")
    assert of(one, "title")[1:] == ["هدوء حذر في أسواق المدينة"]
    two = page(f"{head}هدوء حذر في أسواق المدينة\n    من هم سكان الريف الشمالي؟\n    {LAST}")
    assert len(of(two, "related")) == 2


def test_a_list_of_headlines_alone_leaves_no_body() -> None:
    read = page("قصف يوقع ضحايا في بلدة الكروم\n\n2018-11-07\nalwadi.net\n" + textwrap.dedent(TEASERS + TEASERS))
    assert of(read, "body") == []
    assert len(of(read, "related")) == 6


def test_repeated_title_is_title_again_and_views_are_furniture() -> None:
    read = page(SIMPLE.replace(f"    {PROSE}", f"    قصف مدفعي يوقع ضحايا في بلدة «الكروم»\n    41 زيارة\n    {PROSE}"))
    assert len(of(read, "title")) == 2
    assert of(read, "furniture") == ["41 زيارة"]


def test_title_below_the_dateline_and_outlet_on_top() -> None:
    read = page(f"الطريق\n\n2018-11-07\naltareeq.example\n\nقصف يوقع ضحايا في بلدة الكروم\n{PROSE}\n{MORE}\n")
    assert of(read, "title") == ["قصف يوقع ضحايا في بلدة الكروم"]
    assert read.outlet == "altareeq.example"


def test_menu_above_the_title() -> None:
    read = page(
        f"""
        الرئيسية
        أخبار
        سياسة
        رياضة
        اقتصاد
        مقتل جنديين في كمين على الطريق الجبلي
        الأربعاء 7 نوفمبر 2018 - 13:31
        كتب: سالم الجبلي
        {PROSE}
        """
    )
    assert len(of(read, "furniture")) == 5
    assert read.section is None
    assert of(read, "title") == ["مقتل جنديين في كمين على الطريق الجبلي"]
    assert of(read, "byline") == ["كتب: سالم الجبلي"]


def test_breadcrumbs_are_the_section_and_a_standfirst_is_body() -> None:
    read = page(
        f"""
        الرئيسية › أخبار › اليمن
        مقتل جنديين في كمين على الطريق الجبلي
        {MORE}
        نشر في 7 نوفمبر 2018
        {PROSE}
        {LAST}
        """
    )
    assert read.section is not None
    assert read.section.quote.endswith("اليمن")
    assert of(read, "body") == [MORE, PROSE, LAST]
    assert read.published == "2018-11-07"


def test_title_without_dateline_and_byline_of_the_outlet() -> None:
    read = page(f"قصف يوقع ضحايا في بلدة الكروم\n\nبلدي نيوز - إدلب (سالم الجبلي)\n{PROSE}\n{MORE}\n")
    assert of(read, "title") == ["قصف يوقع ضحايا في بلدة الكروم"]
    assert of(read, "byline") == ["بلدي نيوز - إدلب (سالم الجبلي)"]
    assert (read.outlet, read.published) == ("بلدي نيوز", None)


def test_title_above_a_time_that_tells_no_day() -> None:
    read = page(f"قصف يوقع ضحايا في بلدة الكروم\n\nمنذ ساعتين\n\n{PROSE.rstrip('.')}\n\n{MORE.rstrip('.')}\n")
    assert of(read, "title") == ["قصف يوقع ضحايا في بلدة الكروم"]
    assert (read.published, of(read, "dateline")) == (None, ["منذ ساعتين"])


def test_headlines_of_others_above_the_dateline_are_no_title() -> None:
    read = page(
        f"""
        أحدث الأخبار
        الأربعاء 7/11/2018 - 02:57 بتوقيت نيويورك
        قصف يوقع ضحايا في بلدة الكروم
        المصدر / وكالات
        {PROSE}
        {MORE}
        """
    )
    assert of(read, "title") == ["قصف يوقع ضحايا في بلدة الكروم"]
    assert read.published == "2018-11-07T02:57-05:00"


def test_a_date_in_the_body_is_no_dateline() -> None:
    read = page(f"{PROSE}\n{MORE}\n7 نوفمبر 2018\n{LAST}\n")
    assert (read.published, read.dateline) == (None, None)


def test_a_labelled_date_below_a_body_without_header_is_one() -> None:
    read = page(f"{PROSE}\n{MORE}\nنشر بتاريخ 7 نوفمبر 2018\n")
    assert read.published == "2018-11-07"
    assert read.dateline is not None


@pytest.mark.parametrize(
    "post",
    [
        "🔴 عاجل | قصف مدفعي يستهدف أحياء بلدة الكروم\n#ريف_حمص\nالإسعاف يتوجه إلى المكان",
        "عاجل: انفجار في محيط السوق الشعبي\nأنباء عن إصابات",
        "سمعنا صباح اليوم ثلاثة انفجارات قرب المعبر\nثم وصلت سيارات الإسعاف\nلم نعرف عدد الجرحى",
        "قصف",
    ],
)
def test_posts_and_notes_are_body_throughout(post: str) -> None:
    read = page(post)
    assert {block.kind for block in read.blocks} == {"body"}
    assert read.title is None


DIGEST = """
    حصاد الأحداث ليوم الأربعاء 7-11-2018

    2018-11-07
    alwadi.example

    دير الزور::
    استهدف مسلحون مجهولون حاجزاً في بلدة الصبحة بالأسلحة الرشاشة دون وقوع إصابات.
    • ريف حلب:
    قصف مدفعي على قرية التل
    إدلب
    انفجار لغم أرضي بسيارة مدنية على طريق المزارع ما أدى إلى إصابة سائقها بجروح.
    غارتان على محيط المدينة
    اعتقلت الشرطة ثلاثة أشخاص بتهمة التهريب عند مدخل المدينة الشمالي صباح اليوم.
"""


def test_digest_keeps_its_headings_and_short_items() -> None:
    read = page(DIGEST)
    assert len(of(read, "body")) == 8


def test_message_copied_from_a_channel() -> None:
    read = page("قناة الوادي, [07.11.18 13:31]\nقصف بقذائف الهاون على حي الزهراء\nلا إصابات")
    assert (read.outlet, read.published) == ("قناة الوادي", "2018-11-07T13:31")
    assert [kind for kind, _ in kinds(read)] == ["dateline", "body", "body"]


def test_post_with_handle_and_its_time_below() -> None:
    read = page(
        """
        مراسل الوادي
        @alwadi_news
        ·
        Nov 7, 2018
        غارة جوية على أطراف بلدة الكروم ولا أنباء عن إصابات
        1:31 PM · Nov 7, 2018
        12.3K Views
        """
    )
    assert read.published == "2018-11-07T13:31"
    assert of(read, "body") == ["غارة جوية على أطراف بلدة الكروم ولا أنباء عن إصابات"]
    assert read.title is None


def test_what_is_known_from_elsewhere_goes_first() -> None:
    read = page(SIMPLE, published="2019-01-01T10:00Z", outlet="الوادي", title="قصف مدفعي يوقع ضحايا في بلدة الكروم")
    assert (read.published, read.outlet) == ("2019-01-01T10:00+00:00", "الوادي")
    assert read.dateline is not None
    absent = page(f"{PROSE}\n{MORE}", title="عنوان لا يرد في النص")
    assert absent.title is None
    assert [kind for kind, _ in kinds(absent)] == ["body", "body"]


def test_weekday_that_disagrees_is_a_warning() -> None:
    read = page(SIMPLE.replace("2018-11-07 13:31", "الثلاثاء 7 نوفمبر 2018"))
    assert [warning.code for warning in read.warnings] == ["dateline-weekday"]


def test_line_ends_stay_and_surrogates_go() -> None:
    text = "عنوان\r\n\r\nنص\u2028آخر\r"
    assert read_page(text.encode(), name="x").text == text
    odd = read_page("نص \ud800", name="x")
    assert odd.text == "نص \ufffd"
    assert [warning.code for warning in odd.warnings] == ["encoding-lossy"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Three people were killed in the village and five of them in the market", "en"),
        ("Les autorités ont annoncé la mort de trois personnes dans une attaque et des blessés", "fr"),
        ("در این حمله سه نفر که از نیروهای محلی بودند کشته شدند و این خبر را منابع گفتند", "fa"),
        ("שלושה בני אדם נהרגו בתקיפה", "he"),
        ("12345 !!", "und"),
    ],
)
def test_other_languages_are_told(text: str, language: str) -> None:
    read = page(text)
    assert read.language == language
    assert [warning.code for warning in read.warnings] == (["language-not-arabic"] if language != "und" else [])


def test_empty_page() -> None:
    read = read_page(b"", name="empty")
    assert (read.text, read.blocks, read.title, read.published) == ("", (), None, None)


def test_importing_the_page_step_leaves_the_extraction_library_out() -> None:
    code = "import sys, sijill.page; sys.exit('trafilatura' in sys.modules or 'lxml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
