"""Data health: small cases by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.kpis import health
from dashboard.kpis.estimates import wilson
from dashboard.kpis.figure import NO_DATA
from dashboard.stream.rollups import HOUR_MS
from tests.kpis.facts_builder import BELL, FEED, at, chosen, facts, states


def test_uptime_is_what_is_left_of_the_time_without_the_pauses() -> None:
    figure = health.feed_uptime(facts({FEED: {"pause_ms": 1.68 * HOUR_MS}}))  # of 168 hours
    assert figure.value == pytest.approx(0.99) and (figure.n, figure.low) == (168, None)
    assert figure.parts["pause_ms"] == 1.68 * HOUR_MS


def test_every_partition_has_a_feed_of_its_own() -> None:
    both = replace(facts({FEED: {"pause_ms": 16.8 * HOUR_MS}}), feeds=2)  # of 2 x 168 hours
    assert health.feed_uptime(both).value == pytest.approx(0.95)


def test_a_period_in_progress_is_judged_by_its_hours_so_far() -> None:
    part = facts({FEED: {"pause_ms": 6 * HOUR_MS}}, now_ms=at(1))
    assert health.feed_uptime(part).value == pytest.approx(0.75)


def test_a_part_of_the_city_has_no_feed_of_its_own() -> None:
    told = facts({FEED: {"pause_ms": HOUR_MS}, BELL: states(up=7)})
    assert health.feed_uptime(chosen(told, kind="bell")).why == NO_DATA
    never_paused = facts({BELL: states(up=7)})
    assert health.feed_uptime(never_paused).value == 1
    assert health.feed_uptime(chosen(never_paused, zone="nowhere")).why == NO_DATA


def test_the_delay_is_the_95th_of_a_hundred_samples() -> None:
    # 900 up to 100 ms, 80 up to 200, 20 up to 500: the 950th is 5/8 through the second
    figure = health.feed_lag(facts({FEED: {"g0": 900, "g1": 80, "g2": 20}}))
    assert figure.value == pytest.approx(162.5) and figure.n == 1000
    assert figure.parts["p50"] == pytest.approx(500 / 900 * 100)
    assert figure.low < 162.5 < figure.high


def test_rejected_is_a_share_of_what_arrived() -> None:
    figure = health.rejected(facts({FEED: {"m_ok": 900, "m_dup": 90, "m_bad": 10}}))
    assert (figure.value, figure.n) == (0.01, 1000)
    assert (figure.low, figure.high) == wilson(0.01, 1000)


def test_clocks_ahead_are_a_share_of_the_samples() -> None:
    figure = health.clock_skew(facts({FEED: {"g0": 75, "g3": 25, "ahead": 5}}))
    assert (figure.value, figure.n) == (0.05, 100)


def test_without_messages_there_is_nothing_to_say() -> None:
    for value in (health.feed_lag, health.rejected, health.clock_skew):
        assert value(facts({BELL: states(up=7)})).why == NO_DATA


def test_a_feed_of_fewer_devices_says_so() -> None:
    told = facts({FEED: {"m_ok": 99, "m_bad": 1}, BELL: states(up=3, offline=1)})
    assert health.rejected(told).coverage == 0.75
