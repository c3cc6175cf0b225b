"""Pilots in a sentence, two weeks side by side, the archive, and addresses: as markup."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dashboard.errors import BadChoice
from dashboard.text import translator
from dashboard.weekly.shown import WeekLine
from dashboard.weekly.summary import PilotLine
from dashboard.weekly.week import Week
from layouts.markup import markup
from layouts.weekly import address, archive, compare
from layouts.weekly.address import Asked
from layouts.weekly.effect import effect
from tests.weekly.pages import HOUR, a_page, rows_of, text_of
from tests.weekly.summaries import a_summary

EN, KO = translator("en"), translator("ko")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"value": -5 * HOUR, "low": -9 * HOUR, "high": 2 * HOUR, "unit": "ms"},
         "Time to repair: −5 h (95% interval −9 h to +2 h). Chance could have done it."),
        ({"value": 0.021, "low": 0.01, "high": 0.04, "unit": "share", "side": "more",
          "outcome": "lit"}, "More, and chance does not explain it."),
        ({"value": 0.8, "low": 0.5, "high": 1.3, "ratio": True, "why": "cannot",
          "outcome": "incidents"}, EN("pilots.verdict_cannot")),
        ({"why": "too_short"}, "Nothing can be said yet."),
    ],
)  # fmt: skip
def test_what_a_pilot_changed_is_told_with_how_sure_it_is(fields: Any, said: str) -> None:
    line = PilotLine("P-1", "x", "running", "2026-06-01", "", **{"outcome": "repair", **fields})
    assert said in effect(EN, line)


# -- two weeks -----------------------------------------------------------------------------------


def test_two_weeks_stand_side_by_side_with_the_difference_judged() -> None:
    before = a_page(summary=a_summary("2026-W46"))
    html = markup(compare.side_by_side(before, a_page()))
    rows = rows_of(html)
    assert text_of(rows["bell_presses"]) == "Bell presses 40 112 +72 ↑ clearly more"
    assert "nothing to compare" in text_of(rows["sla"])
    assert 'href="/weekly?week=2026-W47#d-bell_presses"' in rows["bell_presses"]
    assert re.findall(r"<h1[^>]*>([^<]+)", html) == ["Week 46, 2026 and Week 47, 2026"]
    assert not re.findall(r'href="#', html), "definitions are on the page of the week"


# -- the archive ---------------------------------------------------------------------------------


def a_line(word: str, revision: int = 1) -> WeekLine:
    week = Week.of(word)
    sealed_ms = week.settled_ms if revision else 0
    return WeekLine(word, week.from_ms, revision, sealed_ms, "ab" * 32 if revision else "",
                    0.98 if revision else None, bool(revision))  # fmt: skip


def test_the_archive_has_every_week_and_how_it_stands() -> None:
    lines = [a_line("2026-W48", 0), a_line("2026-W47", 2), a_line("2026-W46")]
    said = text_of(markup(archive.archive(EN, lines)))
    assert re.search(r"Week 48, 2026 .* Provisional – –", said)
    assert re.search(r"Week 47, 2026 .* Sealed · revision 2 2026-11-23 06:00 KST 98.0%", said)


def test_any_two_weeks_can_be_chosen_and_the_newest_sealed_ones_are() -> None:
    lines = [a_line("2026-W48", 0), a_line("2026-W47"), a_line("2026-W46")]
    html = markup(archive.archive(EN, lines))
    radios = re.findall(r'<input aria-label="([^"]+)"( checked)? name="(\w+)"[^>]*value="([^"]+)"',
                        html)  # fmt: skip
    chosen = {name: word for _, checked, name, word in radios if checked}
    assert len(radios) == 6 and chosen == {"week": "2026-W47", "with": "2026-W46"}
    assert 'action="/weekly" ' in html and 'method="get"' in html
    alone = markup(archive.archive(EN, lines[:1]))
    assert "radio" not in alone and "submit" not in alone
    assert EN("weekly_page.archive_empty") in markup(archive.archive(EN, []))


# -- addresses -----------------------------------------------------------------------------------


def test_an_address_asks_for_a_week_a_revision_or_two_weeks() -> None:
    week, other = Week.of("2026-W47"), Week.of("2026-W46")
    assert address.asked_of({}) == Asked()
    assert address.asked_of({"week": "2026-W47", "revision": "2"}) == Asked(week, 2)
    assert address.asked_of({"week": "2026-W47", "with": "2026-W46"}) == Asked(week, 0, other)
    assert address.to("2026-W47", 1, "2026-W46", "d-sla") == (
        "/weekly?week=2026-W47&revision=1&with=2026-W46#d-sla"
    )


@pytest.mark.parametrize(
    "query",
    [{"week": "2026-W54"}, {"week": "<b>"}, {"revision": "0"}, {"revision": "-1"},
     {"revision": "1e9"}, {"with": "2026"}, {"week": "2026-W47", "with": "2026-W47"}],
)  # fmt: skip
def test_an_address_that_cannot_be_is_refused_in_words(query: dict[str, str]) -> None:
    with pytest.raises(BadChoice) as refusal:
        address.asked_of(query)
    for t in (EN, KO):
        assert t(refusal.value.key, **refusal.value.values)
