"""What cannot be is refused with a reason that says what to do; the rest survives an address."""

from __future__ import annotations

from datetime import datetime

import pytest

from dashboard.errors import BadChoice
from dashboard.kpis.choice import Choice, between, choice_of
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.text import t
from tests.kpis.test_choosing_a_period import NOW, days, ms, of


def refused(now: int = NOW, **query: str) -> str:
    """The text a person gets."""
    with pytest.raises(BadChoice) as caught:
        of(now, **query)
    return t(caught.value.key, "en", **caught.value.values)


def test_a_reversed_period_is_told_with_its_days() -> None:
    assert refused(from_="2026-11-24", to="2026-11-20") == (
        "The period ends (2026-11-20) before it begins (2026-11-24)."
    )


def test_a_period_of_one_day_is_one() -> None:
    one = of(from_="2026-11-20", to="2026-11-20")
    assert one.to_ms - one.from_ms == DAY_MS


def test_the_future_is_refused_and_today_named() -> None:
    assert "2026-11-25" in refused(from_="2026-11-20", to="2026-11-26")
    assert "2026-11-25" in refused(period="2026-12")
    assert "2026-11-25" in refused(period="2027")
    assert days(of(from_="2026-11-20", to="2026-11-25"))[1] == "2026-11-25"


def test_what_is_older_than_anything_kept_is_refused() -> None:
    assert "1098 days" in refused(period="2023-10")
    assert days(of(period="2023-12"))[0] == "2023-12-01"


@pytest.mark.parametrize(
    "word", ["", "28", "2026-13", "2026-00", "2026-Q5", "2026-W00", "2026-W54", "0000", "26-10",
             "2026-1", "9999-12", "9999-W52", "9999", "tomorrow", "2026-W47 ", "٢٠٢٦"]
)  # fmt: skip
def test_a_word_that_is_no_period_is_told_back(word: str) -> None:
    if word:
        assert word in refused(period=word)
    else:
        assert of(period=word) == of()  # as if nothing had been chosen


@pytest.mark.parametrize("day", ["2026-11-31", "2026-02-29", "yesterday", "9999-12-31", "1"])
def test_a_day_that_is_no_day_is_told_back(day: str) -> None:
    text = refused(from_="2026-11-01", to=day)
    assert day in text or "2026-11-25" in text


def test_half_a_period_is_refused() -> None:
    assert "both" in refused(from_="2026-11-01") and "both" in refused(to="2026-11-01")


def test_a_very_long_word_is_not_repeated_whole() -> None:
    assert len(refused(period="x" * 10_000)) < 200


def test_an_api_asks_for_full_hours() -> None:
    hour = ms("2026-11-20 03:00")
    assert between(hour, hour + HOUR_MS, NOW).to_ms == hour + HOUR_MS
    with pytest.raises(BadChoice) as caught:
        between(hour + 1, hour + HOUR_MS, NOW)
    assert caught.value.key == "choice.not_full_hours"


@pytest.mark.parametrize(
    ("from_", "to", "key"),
    [
        ("9999-12-31T23:00+00:00", "2026-11-20T00:00+00:00", "choice.future"),
        ("2026-11-20T00:00+00:00", "9999-12-31T23:00+00:00", "choice.future"),
        ("2026-11-20T00:00+00:00", "0001-01-01T00:00+00:00", "choice.too_old"),
        ("0001-01-01T00:00+14:00", "2026-11-20T00:00+00:00", "choice.too_old"),
    ],
)
def test_an_api_is_told_of_moments_beyond_the_calendar(from_: str, to: str, key: str) -> None:
    moments = [round(datetime.fromisoformat(at).timestamp()) * 1000 for at in (from_, to)]
    with pytest.raises(BadChoice) as caught:
        between(*moments, NOW)
    assert caught.value.key == key


# -- a choice in an address ------------------------------------------------------------------


KNOWN = {"zone": ["4128552500"], "kind": ["bell", "light"]}


def test_a_choice_goes_into_an_address_and_back() -> None:
    query = {"period": "2026-W47", "kind": "bell", "zone": "4128552500"}
    assert choice_of(query, NOW, KNOWN).query() == query
    days_ = {"from": "2026-11-01", "to": "2026-11-05"}
    assert choice_of(days_, NOW, KNOWN).query() == days_
    assert choice_of({"period": "28d", "kind": ""}, NOW, KNOWN).query() == {}


@pytest.mark.parametrize("dim", ["kind", "zone", "route", "vendor", "owner", "pilot"])
def test_an_unknown_part_of_the_city_is_named(dim: str) -> None:
    with pytest.raises(BadChoice) as caught:
        choice_of({dim: "nowhere"}, NOW, KNOWN)
    assert "nowhere" in t(caught.value.key, "en", **caught.value.values)
    assert "nowhere" in t(caught.value.key, "ko", **caught.value.values)


def test_other_words_of_an_address_are_none_of_a_choices_business() -> None:
    assert choice_of({"view": "vendors"}, NOW, KNOWN) == Choice(of())
