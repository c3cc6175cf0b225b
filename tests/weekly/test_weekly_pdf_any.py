"""Whatever people write, there is a document, its first page is one page, and nothing is markup."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from dashboard.text import translator
from dashboard.weekly.summary import Decision, Said, Value
from layouts.weekly.glyphs import BOX, missing, printable, shapes
from layouts.weekly.pdf import pdf
from layouts.weekly.pdf_blocks import Paper
from layouts.weekly.pdf_text import flow, plain
from layouts.weekly.words import Link
from tests.weekly.documents import RARE, a_paper, asked, bare, read, texts
from tests.weekly.pages import a_full_summary

FULL = a_full_summary()
NASTY = '#set page(width: 9cm) #panic() $x^2$ *b* _i_ `code` \\ <script>"1"</script> @d-sla [x] //'
HANJA, EMOJI = "\u6f22\u5b57", "\U0001f600"
anything = st.text(max_size=300)


def pages(paper: Paper) -> list[str]:
    return texts(read(pdf(paper)))


def stands(told: list[str], language: str = "ko") -> bool:
    """One first page, with its foot, then the appendix."""
    t = translator(language)
    legend = bare(t("weekly_page.legend_usual"))
    return legend in told[0] and told[1].startswith(bare(t("weekly_pdf.appendix")))


# -- letters -------------------------------------------------------------------------------------


def test_every_syllable_of_korean_has_a_shape() -> None:
    assert set(range(0xAC00, 0xD7A4)) <= shapes()
    assert ord(BOX) in shapes()


@given(st.text())
def test_what_is_printed_has_a_shape_and_what_has_none_is_seen_to_be_missing(text: str) -> None:
    told = printable(text)
    assert all(ord(letter) in shapes() for letter in told)
    assert bool(missing(text)) <= (BOX in told)


@given(st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)))
def test_korean_is_printed_as_it_is_written_also_when_it_comes_in_pieces(text: str) -> None:
    assert printable(unicodedata.normalize("NFD", text)) == text


@pytest.mark.parametrize("unseen", ["\u200b", "\u202e", "\ufe0f", "\u00ad", "\x00", "\u2066"])
def test_what_nobody_sees_is_left_out(unseen: str) -> None:
    assert printable(f"a{unseen}b") == "ab" and not missing(unseen)


def test_letters_without_a_shape_are_boxes_and_named_in_the_appendix() -> None:
    told = pages(a_paper(decisions=asked(f"{HANJA} {EMOJI} ok")))
    assert f"{BOX}{BOX}{BOX}ok" in told[0]
    assert bare("U+6F22, U+5B57, U+1F600") in told[-1]
    assert "U+" not in "".join(pages(a_paper(decisions=asked("ok"))))


# -- content -------------------------------------------------------------------------------------


def test_nothing_that_is_written_is_markup() -> None:
    told = pages(a_paper("en", decisions=asked(NASTY)))
    assert bare(NASTY) in told[0] and bare(NASTY) in "".join(told[1:])
    assert stands(told, "en")


@settings(max_examples=12, deadline=None)
@given(st.lists(anything, max_size=12), anything, st.sampled_from(("ko", "en")))
def test_it_is_printed_whatever_is_written(written: list[str], by: str, language: str) -> None:
    decisions = tuple(structs.replace(one, by=by) for one in asked(*written))
    pilots = tuple(structs.replace(one, name=by) for one in FULL.pilots)
    summary = structs.replace(FULL, pilots=pilots)
    assert stands(pages(a_paper(language, summary, decisions=decisions)), language)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_first_page_stays_one_page_when_there_is_too_much_of_everything(language: str) -> None:
    decisions = asked(*(f"{n} {RARE} " * 12 for n in range(40)))
    routes = tuple(structs.replace(FULL.routes[0], route=f"R-{n:02}") for n in range(1, 60))
    summary = structs.replace(
        FULL, routes=routes, pilots=FULL.pilots * 9, caveats=FULL.caveats * 20
    )
    t, told = translator(language), pages(a_paper(language, summary, decisions=decisions))
    assert stands(told, language)
    assert bare("39 " + RARE) in "".join(told[1:]) and bare("39 " + RARE) not in told[0]
    left_out = {bare(t("weekly_pdf.more", n=n)) for n in range(1, 41)}
    assert sum(said in told[0] for said in left_out) >= 2


def test_sentences_become_smaller_before_they_push_the_table_off_the_page() -> None:
    route = Value("route", "a street with a long name " * 12)
    said = (Said("street_bare", {"route": route}),) * 3
    told = pages(a_paper("en", structs.replace(FULL, said=said)))
    assert stands(told, "en") and "31,420" in told[0]


def test_nothing_at_all_makes_the_first_page_two() -> None:
    said = (Said("street_bare", {"route": Value("route", "a street with no end " * 400)}),)
    told = pages(a_paper("en", structs.replace(FULL, said=said)))
    assert told[1].startswith("Appendix")


def test_a_word_longer_than_a_line_is_broken_rather_than_lost() -> None:
    word = "\ub051" * 290
    told = pages(a_paper(decisions=asked(word)))
    assert word in "".join(told[1:]) and stands(told)


def test_the_very_first_week_is_printed_with_nothing_known() -> None:
    summary = a_full_summary(
        said=(), routes=(), vendors=(), pilots=(), gaps=(), caveats=(), coverage=None,
        rows={row.key: structs.replace(row, line=(None,) * 52, usual=structs.replace(
            row.usual, weeks=0, low=None, high=None, middle=None, z=None, mark="", side="",
            why="no_history")) for row in FULL.rows},
    )  # fmt: skip
    assert stands(pages(a_paper(summary=summary, decisions=())))


# -- words and the ends of lines -----------------------------------------------------------------


def said(*parts: str | Link) -> list[Any]:
    return flow(parts, {"d-sla"})


def test_a_particle_stays_with_the_figure_before_it() -> None:
    unit = {"to": "d-sla", "mark": "", "w": [[["6", True], ["to", False]]]}
    assert said("with ", Link("6", "row:sla"), "to do") == ["with", unit, "do"]


def test_what_stands_right_before_a_figure_goes_with_it() -> None:
    unit = {
        "to": "d-sla",
        "mark": "",
        "w": [[["(", False], ["5", True]], [["min", True], [").", False]]],
    }
    assert said("usual (", Link("5 min", "row:sla"), ").") == ["usual", unit]


def test_a_link_to_nowhere_is_text() -> None:
    assert said("by ", Link("5 of", "route:R-99"), " us") == ["by", "5", "of", "us"]
    assert said(Link("5", "route:R-99"), "x") == ["5x"]


@given(st.lists(st.one_of(anything, anything.map(lambda x: Link(x, "row:sla"))), max_size=6))
def test_cutting_into_words_loses_nothing(parts: list[str | Link]) -> None:
    told = said(*parts)
    whole = "".join(
        one if isinstance(one, str) else "".join(piece for word in one["w"] for piece, _ in word)
        for one in told
    )
    text = "".join(part if isinstance(part, str) else part.text for part in parts)
    assert whole.replace(" ", "") == text.replace(" ", "")
    assert plain(" a  b ") == ["a", "b"]


def test_decisions_are_told_with_name_and_time() -> None:
    one = Decision("x", "Mend it", "kim", 1_795_000_000_000)
    assert "Mendit" + bare("kim, 2026-11-18") in pages(a_paper("en", decisions=(one,)))[0]
