"""The document of a week is one that everybody can read: tagged as PDF/UA-1 asks."""

from __future__ import annotations

import pytest

from dashboard.text import translator
from dashboard.weekly.measures import MEASURES
from layouts.weekly import words
from tests.weekly.documents import elements, printed, tags
from tests.weekly.pages import SEALED_MS

A4 = (595, 842)
LANGUAGES = ("ko", "en")
MAIN = sum(measure.main for measure in MEASURES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_that_it_is_for_everybody_in_which_language_and_what_it_is(language: str) -> None:
    document = printed(language)
    root, about = document.root_object, document.xmp_metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in about.rdf_root.toxml()
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    week = words.week_name(translator(language), "2026-W47")
    assert document.metadata.title == translator(language)("weekly_page.title", week=week)


def test_it_was_made_when_the_week_was_sealed() -> None:
    assert int(printed().metadata.creation_date.timestamp() * 1000) == SEALED_MS


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_a_page_of_a4_and_an_appendix(language: str) -> None:
    sizes = {tuple(round(float(x)) for x in page.mediabox[2:]) for page in printed(language).pages}
    assert sizes == {A4} and 3 <= len(printed(language).pages) <= 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_is_told_in_words(language: str) -> None:
    figures = [one for one in elements(printed(language)) if one["/S"] == "/Figure"]
    assert len(figures) == MAIN + len(MEASURES)
    names = {words.measure(translator(language), one.key) for one in MEASURES}
    assert {str(one["/Alt"]).split(":")[0] for one in figures} == names
    assert all(len(str(one["/Alt"])) > 15 for one in figures)


def test_every_table_has_heads_and_every_link_says_where_it_leads() -> None:
    found = tags(printed())
    assert found["/Table"] == found["/THead"] == found["/TBody"] >= 6
    assert found["/TH"] >= 2 * found["/Table"]
    notes = [one.get_object() for page in printed().pages for one in page.get("/Annots", ())]
    assert notes and all(one["/Contents"] for one in notes)


def test_headings_begin_with_the_title_and_leave_no_level_out() -> None:
    found = tags(printed())
    assert found["/H1"] == 2 and found["/H2"] >= 10
    assert not [name for name in found if name in ("/H3", "/H4", "/H5", "/H6")]
    assert found["/L"] == 3 and found["/LI"] == 2 + 1 + 3  # routes, decisions, pilots


def test_only_our_type_is_in_it() -> None:
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in printed().pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {name.partition("-")[0] for name in fonts} == {"Pretendard"}
