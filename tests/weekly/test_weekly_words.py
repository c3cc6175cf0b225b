"""Figures, names, times and sentences of a week in words."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from dashboard.kpis.choice import start_of
from dashboard.text import LANGUAGES, catalogue, translator
from dashboard.weekly.measures import BY_KEY, MEASURES
from dashboard.weekly.summary import Said, Told, Usual, Value
from layouts.weekly import words
from layouts.weekly.particles import PAIRS, particle
from layouts.weekly.words import Link
from tests import source_tree, test_translations
from tests.weekly.summaries import a_summary

KO, EN = translator("ko"), translator("en")
FILE = Path(source_tree.ROOT) / "dashboard" / "locales" / "en" / "weekly.json"
SPEAKERS = ("dashboard/weekly", "layouts/weekly", "callbacks/weekly", "data_sources/weekly")
ANY_KEY = f"weekly.{test_translations.HOLE}"  # of a sentence: says nothing of which are said


@pytest.mark.parametrize(
    ("told", "unit", "said"),
    [
        (Told(1234.0), "count", "1,234"),
        (Told(348_000.0), "ms", "5 min 48 s"),
        (Told(0.979, low=0.97, high=0.982), "share", "97.9%"),
        (Told(0.9956, low=0.9948, high=0.9962), "share", "99.56%"),
        (Told(1.0), "share", "100%"),
        (Told(31_420.0), "per_day", "31,420"),
        (Told(120_000.0, at_least=True), "ms", "at least 2 min"),
        (Told(None, why="no_data"), "count", "–"),
    ],
)
def test_figures(told: Told, unit: str, said: str) -> None:
    assert words.figure(EN, told, unit) == said


@pytest.mark.parametrize(
    ("low", "high", "unit", "said"),
    [
        (96.0, 131.0, "count", "96–131"),
        (0.964, 0.978, "share", "96.4–97.8%"),
        (0.9944, 0.9966, "share", "99.44–99.66%"),
        (320_000.0, 380_000.0, "ms", "5 min 20 s–6 min 20 s"),
        (None, None, "count", "–"),
    ],
)
def test_usual_ranges(low: float | None, high: float | None, unit: str, said: str) -> None:
    assert words.usual(EN, Usual(8, None, low, high), unit) == said


def test_z_has_its_sign_and_a_minus_that_is_one() -> None:
    said = [words.z(EN, Usual(z=z)) for z in (3.21, -0.34, 0.0, -0.04, None)]
    assert said == ["+3.2", "−0.3", "0.0", "0.0", "–"]


def test_marks_parts_and_reasons() -> None:
    assert [words.mark(Usual(mark=m)) for m in ("", "out", "far")] == ["", "△", "▲"]
    assert (
        words.part(EN, "real", 9.0) == "9 real" and words.part(EN, "p90", 552e3)[4:] == "9 min 12 s"
    )
    assert words.why(EN, Told(3.0)) == "" and words.why(EN, Usual(why="no_history"))
    assert "2026" in words.since(EN, Told(3.0, since="2026-09-30"))
    assert words.since(EN, Told(3.0)) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_has_name_definition_source_and_parts(language: str) -> None:
    t = translator(language)
    for one in MEASURES:
        assert words.measure(t, one.key) and words.definition(t, one.key).endswith(".")
        assert words.source(t, one.key)
        assert all("7" in words.part(t, name, 7e3) for name in one.shown)
    names = [words.measure(t, one.key) for one in MEASURES]
    assert len(set(names)) == len(names)


def test_days_tell_both_years_where_they_differ() -> None:
    assert words.days(EN, a_summary("2026-W47")) == "Mon 16 Nov – Sun 22 Nov"
    assert words.days(EN, a_summary("2026-W01")) == "Mon 29 Dec 2025 – Sun 4 Jan 2026"
    assert words.week_name(EN, "2026-W01") == "Week 1, 2026"


def test_moments_are_in_korean_time_and_say_so() -> None:
    assert words.moment(EN, start_of(date(2026, 11, 23)) + 6 * 3_600_000) == "2026-11-23 06:00 KST"


def test_anchors_lead_to_the_page_s_own_ids() -> None:
    ofs = ["row:sla", "route:R-07", "vendor:Gaon", "gaps"]
    assert [words.anchor(of) for of in ofs] == ["d-sla", "route-R-07", "vendors", "gaps"]


# -- sentences -------------------------------------------------------------------------------------


def names(dim: object, word: str) -> str:
    return f"{word} ({dim})"


def test_every_figure_that_leads_somewhere_is_a_link_and_the_rest_is_text() -> None:
    values = {"availability": Value("share", 0.979, "row:availability")}
    told = words.say(EN, names, Said("streets_fine", values))
    assert [one.text for one in told if isinstance(one, Link)] == ["97.9%"]
    assert [one.of for one in told if isinstance(one, Link)] == ["row:availability"]
    assert [type(one) for one in told] == [str, Link, str]


def test_parts_of_a_key_are_sentences_in_a_row() -> None:
    told = words.plain(words.say(EN, names, Said("nothing+nothing+streets_fine_bare")))
    assert told.count(". ") == 2 and told.endswith("No safe route needs attention.")


@pytest.mark.parametrize(
    ("n", "said"), [(0.0, "no bell presses"), (1.0, "1 bell press"), (2000.0, "2,000 bell presses")]
)
def test_english_counts_have_the_right_number(n: float, said: str) -> None:
    counts = {name: Value("count", n, "row:bell_presses") for name in ("bells", "ai", "incidents")}
    assert f"seen {said}, {said} and" in words.plain(words.say(EN, names, Said("so_far", counts)))


def test_one_of_what_is_out_of_the_usual_is_singular_in_every_sentence() -> None:
    values = {name: Value("count", 1.0, "row:backlog") for name in ("value", "low", "high")}
    values["what"] = Value("measure", "backlog")
    keys = [
        key[7:] for key in catalogue("en") if key.startswith(("weekly.count_", "weekly.census_"))
    ]
    assert len(keys) == 8
    for key in keys:
        assert "1 open repair," in words.plain(words.say(EN, names, Said(key, values))), key


def test_a_range_has_its_unit_once_and_is_one_figure_where_its_ends_are_one() -> None:
    def said(unit: str, low: float, high: float) -> str:
        of = "row:incidents"
        numbers = {"low": low, "high": high, "value": high}
        values = {name: Value(unit, x, of) for name, x in numbers.items()}
        values["what"] = Value("measure", "incidents")
        return words.plain(words.say(EN, names, Said("other_1", values)))

    assert "(usual 0–4)" in said("count", 0, 4)
    assert "(usual 97.0–98.0%)" in said("share", 0.97, 0.98)
    assert "(usual 4)" in said("count", 4, 4)


def test_names_come_from_the_site_and_others_from_the_catalogue() -> None:
    route = {"route": Value("route", "R-07", "route:R-07")}
    assert "R-07 (route)" in words.plain(words.say(EN, names, Said("street_bare", route)))
    day = {"since": Value("day", "2026-11-18")}
    assert "Wed 18 Nov" in words.plain(words.say(EN, names, Said("known_since", day)))


# -- particles -------------------------------------------------------------------------------------

_, GA_I, EUL, _, RO = range(5)
GA, GAK, SEOUL = "\uac00", "\uac01", "\uc11c\uc6b8"  # without, with a final consonant, with rieul


@pytest.mark.parametrize("pair", range(5))
def test_a_particle_fits_the_last_syllable(pair: int) -> None:
    closed, opened = PAIRS[pair]
    assert particle(GAK, closed) == particle(GAK, opened) == closed
    assert particle(GA, closed) == particle(GA, opened) == opened
    assert particle(SEOUL, closed) == (opened if pair == RO else closed)


@pytest.mark.parametrize("text", ["6", "10", "1,000", "3", "LAN", f"({GA}){GAK}", f"{GA} ({GAK})"])
def test_what_ends_in_a_consonant_when_it_is_read_out(text: str) -> None:
    assert particle(text, PAIRS[RO][0]) == PAIRS[RO][0]
    assert particle(text, PAIRS[GA_I][0]) == PAIRS[GA_I][0]


@pytest.mark.parametrize("text", ["97.9%", "2", "4", "5", "9", "LED", "CCTV"])
def test_what_ends_in_a_vowel_when_it_is_read_out(text: str) -> None:
    assert particle(text, PAIRS[GA_I][0]) == PAIRS[GA_I][1]


@pytest.mark.parametrize("text", ["1", "7", "8", "URL"])
def test_what_ends_in_rieul_when_it_is_read_out(text: str) -> None:
    assert particle(text, PAIRS[RO][0]) == PAIRS[RO][1]
    assert particle(text, PAIRS[GA_I][0]) == PAIRS[GA_I][0]


@pytest.mark.parametrize("text", ["Gaon", "Park", "", "–"])
def test_both_are_given_after_what_nobody_can_hear(text: str) -> None:
    closed, opened = PAIRS[EUL]
    assert particle(text, closed) == f"{closed}({opened})"
    closed, opened = PAIRS[RO]
    assert particle(text, closed) == f"({closed[0]}){opened}"


# -- texts -----------------------------------------------------------------------------------------


def _asked() -> set[str]:
    """Texts of the week, or stems with a HOLE, that some file of it speaks of."""
    files = [path for path in test_translations.SPEAKERS if str(path).startswith(SPEAKERS)]
    texts = {text for path in files for text in test_translations._python_texts(path)}
    parts = {part for text in texts for part in text.removeprefix("weekly.").split("+")}
    return {f"weekly.{part}" for part in parts} - {ANY_KEY}


def test_every_text_of_the_week_is_said_by_something() -> None:
    keys = {f"weekly.{name}" for name in json.loads(FILE.read_text(encoding="utf-8"))}
    asked, holes = _asked(), [one for one in _asked() if test_translations.HOLE in one]
    rows = {f"weekly.{key}" for key in BY_KEY}
    unsaid = keys - asked - rows
    assert not {k for k in unsaid if not any(test_translations._matches(h, k) for h in holes)}
    assert keys <= set(catalogue("ko"))
