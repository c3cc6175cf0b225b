"""The document of a week says what the page says, on one page and in an appendix."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec import structs

from dashboard.text import translator
from dashboard.weekly.measures import BY_KEY
from dashboard.weekly.summary import Difference, Row, Told
from layouts.weekly import words
from layouts.weekly.effect import effect
from layouts.weekly.pdf import NotPrinted, compiled, pdf
from layouts.weekly.pdf_blocks import SPANS
from layouts.weekly.pdf_view import view
from tests.weekly.documents import (
    RARE,
    a_paper,
    asked,
    bare,
    leads,
    links,
    places,
    printed,
    read,
    texts,
    told,
)
from tests.weekly.pages import a_decision, a_full_summary, a_seal

LANGUAGES = ("ko", "en")
ON_PAGE_ONE = ("week", "d28", "year", "last_year")
SUMMARY = a_full_summary()
MAIN = [row for row in SUMMARY.rows if BY_KEY[row.key].main]


def figures(language: str, row: Row, spans: tuple[str, ...]) -> list[str]:
    """As words.py says them."""
    t, unit = translator(language), BY_KEY[row.key].unit
    said = [words.figure(t, getattr(row, span), unit) for span in spans]
    return [*said, words.usual(t, row.usual, unit), words.z(t, row.usual)]


# -- what is told --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", MAIN, ids=lambda row: row.key)
def test_the_first_page_tells_every_figure_of_a_main_row_beside_its_name(
    language: str, row: Row
) -> None:
    """In the table: what is extracted after this name and before the next one."""
    t, page = translator(language), told(language)[0]
    head = bare(t("weekly_page.column_z") + t("weekly_page.column_line"))
    names = [bare(words.measure(t, one.key)) for one in MAIN]
    at = MAIN.index(row)
    begin = page.index(names[at], page.index(head))
    end = page.index(names[at + 1], begin) if at + 1 < len(MAIN) else begin + 120
    place = begin
    for figure in map(bare, figures(language, row, ON_PAGE_ONE)):
        place = page.index(figure, place, end) + len(figure)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", SUMMARY.rows, ids=lambda row: row.key)
def test_the_appendix_tells_every_figure_of_every_row(language: str, row: Row) -> None:
    page = told(language)[1]
    at = page.index(bare(words.measure(translator(language), row.key)))
    for figure in map(bare, figures(language, row, SPANS)):
        assert figure in page[at : at + 220]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_decisions_routes_and_pilots_are_on_the_first_page(language: str) -> None:
    page, paper = told(language)[0], a_paper(language)
    t = paper.t
    for said in SUMMARY.said:
        assert bare(words.plain(words.say(t, paper.names, said))) in page
    for need in SUMMARY.routes:
        for said in need.reasons:
            assert bare(words.plain(words.say(t, paper.names, said))) in page
    assert bare(f"{a_decision().text} manager, {words.moment(t, a_decision().at_ms)}") in page
    for pilot in SUMMARY.pilots:
        assert bare(f"{pilot.pilot} {pilot.name} {effect(t, pilot)}") in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_appendix_defines_every_figure_and_says_what_it_comes_from(language: str) -> None:
    t, text = translator(language), "".join(told(language)[1:])
    for row in SUMMARY.rows:
        assert bare(words.definition(t, row.key)) in text, row.key
        assert bare(words.source(t, row.key)) in text, row.key


def test_the_appendix_holds_the_whole_seal_and_what_the_week_was_worked_out_from() -> None:
    text = "".join(told("en")[1:])
    sealed = a_seal(SUMMARY)
    assert sealed.hash in text and sealed.code in text
    assert bare(words.moment(translator("en"), sealed.sealed_ms)) in text
    assert "10,024" in text and "70,168" in text


def test_rare_syllables_come_back_as_they_were_written() -> None:
    first, *rest = texts(read(pdf(a_paper(decisions=asked(RARE)))))
    assert bare(RARE) in first and bare(RARE) in "".join(rest)


def test_a_figure_that_is_not_told_says_why_in_the_appendix() -> None:
    t = translator("en")
    page = told("en")[1]
    at = page.index(bare(words.measure(t, "sla")))
    assert bare(t("weekly.why_too_few")) in page[at : at + 80]
    assert bare(t("weekly.why_no_history")) in page[at : at + 160]


def test_a_star_stands_at_a_figure_that_is_known_from_a_day_within_its_span() -> None:
    page = told("en")[0]
    assert "98.0%*" in page and "98.1%*" not in page
    assert bare(f"* {words.since(translator('en'), Told(0.98, since='2026-09-28'))}") in page


def test_revisions_tell_what_they_changed() -> None:
    changed = (
        Difference("rows/incidents_sexual/week/value", "5.0", "6.0"),
        Difference("rows/arrived/week/parts/p90", None, "552000.0"),
    )
    both = a_seal(SUMMARY), a_seal(SUMMARY, 2, changed=changed)
    text = "".join(texts(read(pdf(a_paper("en", sealed=both[1], history=both)))))
    assert bare("Sexual offences and stalking, this week 5 6") in text
    assert bare("rows/arrived/week/parts/p90 – 552000.0") in text


def test_an_old_revision_says_that_there_is_a_newer_one_on_every_page() -> None:
    both = a_seal(SUMMARY), a_seal(SUMMARY, 2)
    for page in texts(read(pdf(a_paper("en", sealed=both[0], history=both[:1], revisions=2)))):
        assert bare("revision 1 (the newest is 2)") in page


def test_a_withdrawn_decision_is_told_in_the_appendix_alone_and_moves_no_number() -> None:
    away = structs.replace(
        asked("Paint it")[0], withdrawn_by="boss", withdrawn_ms=1_795_100_000_000
    )
    stands = structs.replace(asked("Mend it")[0], id="other")
    pages = texts(read(pdf(a_paper("en", decisions=(away, stands)))))
    assert "Paintit" not in pages[0] and "1Mendit" in pages[0]
    text = "".join(pages[1:])
    assert "–Paintit" in text and "Withdrawn:boss" in text and "1Mendit" in text


# -- how it stands -------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "word"), [("ko", "\uc7a0\uc815"), ("en", "Provisional")])
def test_a_week_that_is_not_sealed_says_so_on_every_page(language: str, word: str) -> None:
    summary = a_full_summary(complete=False)
    pages = texts(read(pdf(a_paper(language, summary, sealed=None))))
    assert len(pages) > 2 and all(page.startswith(word) for page in pages)
    assert not [page for page in told(language) if word in page]


def test_every_page_has_its_number_the_week_and_the_beginning_of_the_hash() -> None:
    pages = told("en")
    for n, page in enumerate(pages, 1):
        assert page.endswith(f"{a_seal(SUMMARY).hash[:12]}{n}/{len(pages)}")
        assert "Week47,2026" in page


# -- where figures lead --------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_of_the_table_leads_to_its_definition(language: str) -> None:
    document = printed(language)
    page, defined = document.pages[0], told(language)
    found = places(page)
    for row in MAIN:
        name = bare(words.measure(translator(language), row.key))
        goals = _goals(page, found, figures(language, row, ON_PAGE_ONE))
        assert goals and all(goal and name in defined[goal] for goal in goals), row.key


def _goals(page: Any, found: list[Any], said: list[str]) -> list[int | None]:
    """Of what is written alone at its place; a dash may be anything's."""
    alone = [one for one in found if one[0] in said and one[0] != words.NOTHING]
    return [leads(page, one) for one in alone]


def test_links_of_the_first_page_lead_into_the_appendix() -> None:
    goals = [goal for _, goal in links(printed("ko").pages[0])]
    assert len(goals) > 60 and 0 not in goals


# -- when it cannot be made ----------------------------------------------------------------------


def test_what_typst_refuses_is_an_error_that_quotes_nothing_of_the_week() -> None:
    week = json.dumps(view(a_paper())).replace('"to": "d-sla"', '"to": "a secret"')
    with pytest.raises(NotPrinted, match="label") as caught:
        compiled(week, 0)
    assert "secret" not in str(caught.value) and caught.value.__cause__ is None


def test_the_same_week_is_the_same_bytes_whenever_it_is_made() -> None:
    first = pdf(a_paper())
    compiled.cache_clear()
    assert pdf(a_paper()) == first
