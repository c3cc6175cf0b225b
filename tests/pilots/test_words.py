"""What a reader is told of pilots, in both languages: never more than can be said."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from dashboard.kpis.choice import start_of
from dashboard.kpis.figure import Figure
from dashboard.pilots.change import Change
from dashboard.pilots.evaluation import Evaluation
from dashboard.pilots.incidents import Crime, Found, verdict
from dashboard.pilots.outcomes import Outcome
from dashboard.pilots.pilot import Area, Kept
from dashboard.pilots.power import power_of
from dashboard.pilots.spans import spans_of
from dashboard.pilots.wdd import Areas, Pair, rate_ratio, wdd
from dashboard.stream.rollups import DAY_MS
from dashboard.text import translator
from layouts.markup import markup
from layouts.trends.effect import effect_picture, nothing_chosen, unknown_pilot
from layouts.trends.here import Picture
from layouts.trends.pilots import pilots_picture
from tests.pilots.pilots import GROUND, a_pilot
from tests.trends.readers import here

FIRST = replace(a_pilot(), version=1, defined_by="kim", defined_ms=start_of(date(2026, 11, 1)))
NOW_MS = start_of(date(2026, 11, 25))
SPANS = spans_of(FIRST, NOW_MS, NOW_MS - 1_000 * DAY_MS)
NONSENSE = re.compile(r"\bnan\b|\binf\b|None\b|\{|\}|Traceback")


def words(picture: Picture) -> str:
    html = markup([*picture.above, *picture.below])
    text = unescape(re.sub(r"<[^>]+>", " ", html))
    assert not NONSENSE.search(text), text
    return re.sub(r"\s+", " ", text)


def crime(t0: int, t1: int, c0: int, c1: int, **more: Any) -> Crime:
    of = Areas(Pair(t0, t1), Pair(c0, c1))
    effect, ratio, power = wdd(of), rate_ratio(of), power_of(of)
    areas = {"treated": Found(0.5, t0, t1), "control": Found(0.7, c0, c1)}
    found = Crime(verdict(effect, ratio, power), areas, effect, ratio, power, per_day=t0 / 23)
    return Crime(**{**{n: getattr(found, n) for n in Crime.__dataclass_fields__}, **more})


def outcomes() -> tuple[Outcome, ...]:
    share, repair = Figure(0.98, 40, 0.97, 0.99, 0.99), Figure(3.6e7, 31, 3e7, 4e7, 0.99)
    night, rate = Figure(812.4, 9_000, coverage=0.8), Figure(1.2, 44, 1.0, 1.4, 0.99)
    return (
        Outcome("lit", "share", (share,) * 4, Change(0.021, 0.004, 0.038)),
        Outcome("repair", "ms", (repair,) * 4, Change(-7.2e6, -1.4e7, 1e6)),
        Outcome("night", "per_night", (night,) * 4, Change(1.12, 0.97, 1.29, ratio=True)),
        Outcome("alerts", "rate", (rate,) * 4, None, "too_few"),
    )


def told(
    found: Evaluation, kept: Kept | None = None, role: str = "duty", language: str = "en"
) -> str:
    reader = here(role, "view=pilots", language)
    return words(effect_picture(reader, kept or Kept((FIRST,)), found, GROUND))


@pytest.mark.parametrize(
    ("counts", "word", "english"),
    [
        ((300, 150, 300, 300), "fall", "It shows a fall."),
        ((150, 300, 300, 300), "rise", "It shows a rise."),
        ((12, 9, 14, 13), "cannot", "It cannot show an effect at this size."),
        ((2000, 2000, 2000, 2000), "no_change", "no change shows"),
        ((0, 0, 0, 0), "none", "no incidents"),
    ],
)
def test_the_verdict_is_a_sentence(
    counts: tuple[int, int, int, int], word: str, english: str
) -> None:
    found = Evaluation(SPANS, outcomes(), crime(*counts))
    assert english in told(found)
    assert translator("ko")(f"pilots.verdict_{word}") in told(found, language="ko")


def test_what_cannot_be_shown_is_told_with_the_size_that_could() -> None:
    text = told(Evaluation(SPANS, outcomes(), crime(12, 9, 14, 13)))
    needed = power_of(Areas(Pair(12, 9), Pair(14, 13))).needed
    assert f"would need {needed} incidents before" in text
    assert re.search(r"\d+ months each before and after at this pace", text)
    assert re.search(r"[\d.]+ times as many such places", text)


def test_a_fall_at_a_size_that_shows_large_ones_alone_is_told_with_care() -> None:
    assert "the true one is likely smaller" in told(
        Evaluation(SPANS, outcomes(), crime(60, 10, 60, 60))
    )


def test_process_outcomes_come_before_incidents() -> None:
    text = told(Evaluation(SPANS, outcomes(), crime(12, 9, 14, 13)))
    assert text.index("Lamps lit at night") < text.index("Then: incidents")
    for said in ("98.0%", "+2.1 pp", "more than chance would make it", "812 a night", "×1.12",
                 "chance could have done it", "too few cases", "coverage 80.0%",
                 "more alerts do not mean more crime"):  # fmt: skip
        assert said in text, said


def test_the_difference_its_interval_and_the_ratio_are_told() -> None:
    text = told(Evaluation(SPANS, outcomes(), crime(207, 110, 308, 318)))
    effect = wdd(Areas(Pair(207, 110), Pair(308, 318)))
    assert f"−{-effect.value:.1f} incidents" in text and f"z −{-(effect.z or 0):.2f}" in text
    assert "Ratio 0.51" in text


def test_before_a_day_has_passed_or_without_history_it_says_so() -> None:
    soon = Evaluation(spans_of(FIRST, start_of(date(2026, 11, 2)) + 1, 1))
    assert "No whole day has passed" in told(soon)
    unknown = Evaluation(spans_of(FIRST, NOW_MS, 0))
    assert "No incidents are known from before" in told(unknown)


def test_it_says_how_honest_the_definition_is() -> None:
    found = Evaluation(SPANS, outcomes(), crime(12, 9, 14, 13))
    assert "not named beforehand" in told(found)
    named = Kept((replace(FIRST, outcomes=("lit",)),))
    assert "Named before it began: Lamps lit at night" in told(found, named)
    late = Kept((replace(FIRST, outcomes=("lit",), defined_ms=start_of(date(2026, 11, 12))),))
    assert "Named 10 days after it began" in told(found, late)


def test_a_change_after_results_could_be_seen_is_told_with_who_when_and_why() -> None:
    moved = replace(
        FIRST, version=2, start="2026-10-20", why="the lamps came earlier", defined_by="lee",
        defined_ms=start_of(date(2026, 11, 20)),
    )  # fmt: skip
    text = told(Evaluation(SPANS, outcomes(), crime(12, 9, 14, 13)), Kept((FIRST, moved)))
    assert "The definition was changed 1×" in text
    assert "lee: changed First day. Why: the lamps came earlier" in text
    assert "Results could be seen by then." in text
    given_up = replace(moved, version=3, withdrawn="no money", why="no money")
    text = told(Evaluation(SPANS), Kept((FIRST, moved, given_up)))
    assert "Given up: no money" in text


def test_a_coarse_role_is_told_that_counts_are_hidden_and_no_number() -> None:
    hidden = {"treated": Found(0.5, None, None, (None, None))}
    found = Evaluation(SPANS, outcomes(), Crime("hidden", hidden, placeless=None))
    text = told(found, role="executive")
    assert "under 5" in text and "WDD) " not in text.split("Then: incidents")[1].split("How")[0]
    assert "standard error" not in text


def test_only_who_may_define_sees_a_form() -> None:
    found = Evaluation(SPANS, outcomes(), crime(12, 9, 14, 13))
    assert "Change this pilot" in told(found, role="manager")
    for role in ("duty", "operator", "executive", "admin"):
        assert "Change this pilot" not in told(found, role=role)
        assert "Define a pilot" not in words(pilots_picture(here(role), [], GROUND))
    assert "Define a pilot" in words(pilots_picture(here("manager"), [], GROUND))


def test_the_list_names_areas_and_days_and_leads_to_each() -> None:
    ended = replace(FIRST, id="P-02", name="<b>Bells</b>", end="2026-11-10",
                    control=Area(zones=("4128555200",), pilots=("voice",)))  # fmt: skip
    reader = here("duty", "view=pilots")
    picture = pilots_picture(reader, [Kept((FIRST,)), Kept((ended,))], GROUND)
    html = markup(picture.above)
    assert "pilot=P-02" in html and "<b>Bells" not in html
    text = words(picture)
    assert "ended" in text and "devices of voice (within 150 m)" in text and "R-03" in text
    assert "No pilot has been defined yet" in words(pilots_picture(reader, [], GROUND))


def test_without_a_choice_or_with_an_unknown_one_it_says_what_to_do() -> None:
    assert "Choose a pilot" in words(nothing_chosen(here("duty", "view=pilots")))
    lost = here("duty", "view=pilots&pilot=P-99")
    assert "There is no pilot “P-99”" in words(unknown_pilot(lost))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_whatever_is_counted_nothing_senseless_is_said(language: str) -> None:
    draw = np.random.default_rng(5)
    sizes: list[Callable[[], int]] = [lambda: int(draw.integers(0, 4)),
                                      lambda: int(draw.integers(0, 5_000))]  # fmt: skip
    for k in range(60):
        counts = [sizes[k % 2]() if draw.random() < 0.8 else 0 for _ in range(4)]
        more = {"placeless": k % 7 or None, "phi": 1 + k % 3, "weighted": bool(k % 2)}
        told(Evaluation(SPANS, outcomes(), crime(*counts, **more)), language=language)
