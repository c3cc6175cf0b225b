"""Knox against a recount in pandas; chance stays chance, planted repeats are found; stopping."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.stream.rollups import DAY_MS, HOUR_MS, KST_MS
from dashboard.trends import near_repeat
from dashboard.trends.near_repeat import DAYS, METRES, Stopped, knox

CITY_M = 9_000.0
BEGIN_MS = 20_000 * DAY_MS - KST_MS  # midnight in Korea


def incidents(x: Any, y: Any, day: Any, hour: Any = 12) -> pd.DataFrame:
    """day: since BEGIN_MS, in Korea."""
    day = np.asarray(day, np.int64)
    reported = BEGIN_MS + day * DAY_MS + np.asarray(hour, np.int64) * HOUR_MS
    return pd.DataFrame(
        {"x": np.asarray(x, float), "y": np.asarray(y, float), "reported": reported}
    )


def by_chance(n: int, seed: int, days: int = 182) -> pd.DataFrame:
    """Half of them around few places, as in a city; dates have nothing to do with places."""
    rng = np.random.default_rng(seed)
    places = rng.uniform(0, CITY_M, (20, 2))[rng.integers(0, 20, n)] + rng.normal(0, 150, (n, 2))
    places[::2] = rng.uniform(0, CITY_M, places[::2].shape)
    return incidents(places[:, 0], places[:, 1], rng.integers(0, days, n))


def with_repeats(n: int, repeats: int, seed: int) -> pd.DataFrame:
    """Some of the last ones happen near an earlier one, within five days."""
    frame, rng = by_chance(n, seed), np.random.default_rng(seed + 1)
    again = frame.iloc[:repeats].copy()
    again[["x", "y"]] += rng.normal(0, 30, (repeats, 2))
    again["reported"] += rng.integers(0, 6, repeats) * DAY_MS
    return pd.concat([frame, again], ignore_index=True)


def recount(frame: pd.DataFrame) -> pd.DataFrame:
    """Pairs by band, [from, to), of days in Korea: every pair, in pandas."""
    when = pd.to_datetime(frame["reported"], unit="ms", utc=True).dt.tz_convert("Asia/Seoul")
    known = frame.assign(day=when.dt.date, id=range(len(frame))).dropna(subset=["x", "y"])
    pairs = known.merge(known, how="cross")
    pairs = pairs[pairs["id_x"] < pairs["id_y"]]
    metres = np.sqrt((pairs["x_x"] - pairs["x_y"]) ** 2 + (pairs["y_x"] - pairs["y_y"]) ** 2)
    days = (pd.to_datetime(pairs["day_x"]) - pd.to_datetime(pairs["day_y"])).dt.days.abs()
    bands = [pd.cut(values, edges, right=False, labels=False)
             for values, edges in ((metres, METRES), (days, DAYS))]  # fmt: skip
    table = pd.crosstab(*bands) if len(pairs) else pd.DataFrame()
    return table.reindex(index=range(3), columns=range(3), fill_value=0)


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 60), st.integers(0, 10_000), st.sampled_from([150.0, 600.0, 3_000.0]))
def test_pairs_are_those_of_a_recount(n: int, seed: int, side: float) -> None:
    rng = np.random.default_rng(seed)
    frame = incidents(*rng.uniform(0, side, (2, n)), rng.integers(0, 40, n), rng.integers(0, 24, n))
    frame.loc[rng.random(n) < 0.1, ["x", "y"]] = np.nan
    found = knox(frame, shuffles=1)
    assert found.observed.tolist() == recount(frame).to_numpy().tolist()
    assert found.n == frame["x"].notna().sum()


def test_a_band_begins_where_the_one_before_ends() -> None:
    for metres, days, band in [
        (0, 0, (0, 0)), (99.9, 6, (0, 0)), (100, 7, (1, 1)), (199.9, 13, (1, 1)),
        (200, 14, (2, 2)), (399.9, 27, (2, 2)), (0, 7, (0, 1)), (300, 0, (2, 0)),
    ]:  # fmt: skip
        table = knox(incidents([0, metres], [0, 0], [0, days]), shuffles=1).observed
        assert table[band] == table.sum() == 1
    assert knox(incidents([0, 400], [0, 0], [0, 0])).why == "few"
    assert knox(incidents([0, 0], [0, 0], [0, 28]), shuffles=1).observed.sum() == 0


def test_a_day_is_one_of_the_korean_calendar() -> None:
    """23:00 and 01:00 are a day apart; 00:00 and 23:00 are not."""
    far = incidents([0, 0], [0, 0], [0, 7], [23, 1])
    near = incidents([0, 0], [0, 0], [0, 6], [0, 23])
    assert knox(far, shuffles=1).observed[0].tolist() == [0, 1, 0]
    assert knox(near, shuffles=1).observed[0].tolist() == [1, 0, 0]


def test_what_is_expected_is_the_mean_of_shuffles() -> None:
    """Each near pair is as likely to be so many days apart as any two incidents."""
    frame = by_chance(300, 1, days=60)
    found = knox(frame, shuffles=999)
    day = frame["reported"].to_numpy() // DAY_MS
    apart = np.abs(day[:, None] - day)[np.triu_indices(len(day), 1)]
    share = np.histogram(apart, bins=[*DAYS[:-1], DAYS[-1] - 0.5])[0] / len(apart)
    distance = np.hypot(*(frame[["x", "y"]].to_numpy()[:, None] - frame[["x", "y"]].to_numpy()).T)
    near = np.histogram(distance[np.triu_indices(len(day), 1)], bins=METRES)[0]
    assert found.expected == pytest.approx(np.outer(near, share), rel=0.03)
    assert found.ratio == pytest.approx(found.observed / found.expected)


def test_p_counts_shuffles_with_as_many_and_never_is_nothing() -> None:
    far = incidents([0, 50, 5_000, 5_050, 0, 0], [0, 0, 0, 0, 9_000, 18_000],
                    [0, 0, 90, 90, 180, 270])  # fmt: skip
    found = knox(far, shuffles=199)
    assert found.observed[0, 0] == 2 and found.p[0, 0] < 0.1
    assert found.p.min() >= 1 / 200 and found.p.max() <= 1
    assert found.p[1, 1] == 1.0 and np.isnan(found.ratio[1, 1])  # no pair ever lies so


def test_where_dates_are_chance_p_is_as_small_as_it_says() -> None:
    cities, shuffles = 150, 99
    p = np.array([knox(by_chance(150, seed), shuffles).p for seed in range(cities)])
    for level in (0.05, 0.2):
        error = sqrt(level * (1 - level) / cities)
        assert ((p <= level).mean(axis=0) <= level + 3.5 * error).all()
    assert 0.1 < (p[:, 2, 2] <= 0.2).mean()  # nor is it larger where pairs are many


def test_planted_repeats_are_found_where_they_are() -> None:
    found = knox(with_repeats(600, 120, seed=4), shuffles=199)
    assert found.ratio[0, 0] > 1.5 and found.p[0, 0] == 1 / 200
    assert found.ratio[2, 2] < 1.2


def test_the_same_incidents_give_the_same_answer() -> None:
    one, other = (knox(by_chance(200, 9), shuffles=49) for _ in range(2))
    assert one.p.tobytes() == other.p.tobytes()
    assert one.expected.tobytes() == other.expected.tobytes()


def test_it_says_how_far_it_is_and_stops_when_told() -> None:
    told: list[float] = []
    knox(by_chance(200, 1), 20, told.append)
    assert told == sorted(told) and len(told) == 20 and told[-1] == 1.0
    told.clear()
    with pytest.raises(Stopped):
        knox(by_chance(200, 1), 20, told.append, lambda: len(told) >= 3)
    assert len(told) == 3


@pytest.mark.parametrize("places", [[], [0.0], [0.0, 5_000.0], [np.nan, np.nan, 3.0]])
def test_too_few_to_compare_is_said(places: list[float]) -> None:
    found = knox(incidents(places, np.zeros(len(places)), np.zeros(len(places))))
    assert found.why == "few" and found.n == np.isfinite(places).sum()


def test_too_many_pairs_are_refused_before_any_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_repeat, "MOST_PAIRS", 100)
    alike = np.zeros(20)
    assert knox(incidents(alike[:14], alike[:14], alike[:14]), 1).why == ""
    assert knox(incidents(alike, alike, alike), 1).why == "many"
