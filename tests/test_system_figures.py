"""What the System page says of the pipeline."""

from __future__ import annotations

import re
from typing import Any

import pytest

from callbacks.system import figures
from dashboard.city import City
from dashboard.deltas import FeedState, StreamCount
from dashboard.format import ago, clock, span
from dashboard.records import DeviceView
from dashboard.text import translator
from data_sources.feeds import PartitionFigures, StreamFigures
from data_sources.rejected import RejectedMessage

t = translator("en")
NOW = 1_795_392_000_000
MEASURED: dict[str, Any] = {
    "latency_p50": 12, "latency_p95": 40, "latency_n": 5, "latency_to": "screen", "browsers": 3,
}  # fmt: skip


def a_stream(**count: Any) -> StreamFigures:
    kept = StreamCount(**{"accepted": 7, "last_arrival_ms": NOW - 2_000, **count})
    lag_ms = 15_000 if count.get("accepted") == 0 else 0
    return StreamFigures("alerts", 10, kept, "0-0", 1 if lag_ms else 0, lag_ms)


def a_city(**feed: Any) -> City:
    city = City("c", 1, started_ms=NOW)
    city.connected = True
    given = {"owner": "w", "epoch": 4, "at_ms": NOW, "watermark_ms": NOW, "stale_since_ms": None,
             "streams": {"status": StreamCount(accepted=1, last_event_ms=NOW)}}  # fmt: skip
    city.feeds[0] = FeedState(0, **(given | feed))
    city.watermarks[0] = NOW
    return city


def test_a_stream_shows_its_counts_and_the_reasons_most_frequent_first() -> None:
    one = a_stream(duplicate=1, rejected={"not_json": 1, "brand_new_reason": 4})
    cells = figures.streams([PartitionFigures(0, None, "", 0, [one])], NOW, t)
    assert cells["0.alerts.written"] == "10" and cells["0.alerts.duplicate"] == "1"
    assert cells["0.alerts.rejected"] == "5"
    assert cells["0.alerts.rejected.hint"] == "brand_new_reason 4, Not JSON 1"
    assert cells["0.alerts.last"] == "2.0 s ago" and cells["mark:0.alerts"] == ""


def test_a_stream_that_waits_stands_out() -> None:
    cells = figures.streams([PartitionFigures(0, None, "", 0, [a_stream(accepted=0)])], NOW, t)
    assert (cells["0.alerts.waiting"], cells["0.alerts.lag"]) == ("1", "15 s")
    assert cells["mark:0.alerts"] == "careful"


def test_it_says_which_durability_is_in_force() -> None:
    for word, mark in (("always", ""), ("everysec", "careful"), ("strange", "careful")):
        cells = figures.facts(a_city(), word, MEASURED, NOW, t)
        assert cells["mark:fact.durability"] == mark
    assert "not tell" in cells["fact.durability.hint"]


def test_a_feed_and_a_worker_that_fell_silent_stand_out() -> None:
    calm = figures.facts(a_city(), "always", MEASURED, NOW, t)
    assert (calm["fact.feed"], calm["fact.worker"]) == ("Receiving", "Working")
    assert "epoch 4" in calm["fact.worker.hint"]
    later = figures.facts(a_city(stale_since_ms=NOW), "always", MEASURED, NOW + 60_000, t)
    assert (later["mark:fact.feed"], later["mark:fact.worker"]) == ("bad", "bad")


def test_before_the_first_message_it_says_so() -> None:
    cells = figures.facts(a_city(streams={}), "always", MEASURED, NOW, t)
    assert (cells["fact.feed"], cells["fact.feed.hint"]) == ("No message yet", "")


def test_latency_names_what_was_measured() -> None:
    cells = figures.facts(a_city(), "always", MEASURED, NOW, t)
    assert cells["fact.latency"] == "p50 12 ms · p95 40 ms"
    none = MEASURED | {"latency_p50": None, "latency_p95": None, "latency_n": 0}
    assert figures.facts(a_city(), "always", none, NOW, t)["fact.latency"] == "–"


def test_rejected_messages_keep_their_key_and_say_when_they_are_cut() -> None:
    message = RejectedMessage(2, "5-1", "status", "too_late", "older", NOW, "{", 4_000)
    row = figures.rejected([message], t)[0]
    assert row["key"] == "2/5-1" and row["from"] == "Status" and "4,000" in row["more"]


def test_unregistered_devices_come_newest_first_and_not_without_end() -> None:
    city = a_city()
    for n in range(150):
        city.devices.tell([DeviceView(f"X-{n}", 4, last_seen_ms=NOW - n)])
    rows = figures.unregistered(city, NOW, t)
    assert len(rows) == 100 and rows[0]["device"] == "X-0" and rows[0]["state"] == "Fault"


@pytest.mark.parametrize(
    ("ms", "words"),
    [(0, "0.0 s"), (9_949, "9.9 s"), (59_999, "59 s"), (60_000, "1 min"), (3_660_000, "1 h 1 min"),
     (86_400_000, "1 d"), (-5, "0.0 s")],
)  # fmt: skip
def test_spans_in_words(ms: int, words: str) -> None:
    assert span(ms, t) == words


def test_times_are_korean_and_unknown_is_a_dash() -> None:
    assert clock(1_795_392_000_000) == "11.23 09:00:00"
    assert re.fullmatch(r"3.0 s ago", ago(NOW - 3_000, NOW, t)) and ago(None, NOW, t) == "–"
