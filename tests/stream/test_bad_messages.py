"""Whatever is written to a stream: accepted or rejected with a reason, never a crash."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.stream.kinds import SCHEMAS
from dashboard.stream.messages import MAX_BYTES, Rejection, parse
from dashboard.stream.times import time_ms
from tests.builders import Said, World, beat, counted, did, incident, pressed, registered

REASONS = {
    "not_json", "too_large", "unknown_version", "missing_field", "bad_type", "bad_value",
    "too_late", "in_future",
}  # fmt: skip
GOOD: list[Said] = [registered(), beat(), pressed(), counted(), incident(), did("acknowledge")]
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def reason(stream: str, raw: bytes) -> str:
    result = parse(stream, raw)
    return result.reason if isinstance(result, Rejection) else "accepted"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"v": 2}, "unknown_version"),
        ({"v": "1"}, "bad_type"),
        ({"v": None}, "bad_type"),
        ({"ts": "2026-11-22T21:14:05"}, "bad_value"),
        ({"ts": "yesterday"}, "bad_value"),
        ({"ts": 1_795_000_000}, "bad_type"),
        ({"device_id": ""}, "bad_value"),
        ({"device_id": "a b"}, "bad_value"),
        ({"device_id": "x" * 65}, "bad_value"),
        ({"device_id": "D-1\n"}, "bad_value"),
        ({"state": "broken"}, "bad_value"),
        ({"state": "fault"}, "missing_field"),
        ({"battery": 1.1}, "bad_value"),
        ({"battery": "full"}, "bad_type"),
        ({"seq": 2**70}, "bad_value"),
        ({"until": "2020-01-01T00:00:00Z"}, "bad_value"),
        ({"lamp": {"on": "yes"}}, "bad_type"),
        ({"something_new": 1}, "accepted"),
    ],
)
def test_it_says_what_is_wrong_with_a_status(change: dict[str, Any], expected: str) -> None:
    raw = json.dumps({**beat()[1], **change}).encode()
    assert reason("status", raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"{} {}", "not_json"),
        (b"[]", "bad_type"),
        (b"null", "bad_type"),
        (b"[" * 10_000, "bad_value"),
        (b"{}", "missing_field"),
        (b" " * (MAX_BYTES + 1), "too_large"),
    ],
)
def test_it_rejects_what_is_not_a_message(raw: bytes, expected: str) -> None:
    assert {reason(stream, raw) for stream in SCHEMAS} == {expected}


def test_it_rejects_an_entry_without_its_field() -> None:
    assert parse("status", None) == Rejection("missing_field", "the entry has no field `d`")


def test_it_never_repeats_a_value_in_what_it_says_of_a_rejection() -> None:
    raw = json.dumps({**beat()[1], "device_id": "Hong Gildong 010-1234-5678"}).encode()
    result = parse("status", raw)
    assert isinstance(result, Rejection)
    assert "Hong" not in result.detail


@given(st.datetimes(timezones=st.timezones()), st.sampled_from(["seconds", "milliseconds"]))
def test_it_reads_times_as_the_standard_library_does(moment: Any, spec: str) -> None:
    from datetime import datetime, timedelta

    text = moment.isoformat(timespec=spec)
    offset = moment.utcoffset()
    if offset.total_seconds() % 60:
        assert time_ms(text) is None
        return
    exact = datetime.fromisoformat(text)
    if abs(exact.year - 5_000) > 4_990:
        return  # its UTC may lie beyond what datetime holds
    since_1970 = exact - datetime.fromisoformat("1970-01-01T00:00:00Z")
    assert time_ms(text) == since_1970 // timedelta(milliseconds=1)
    assert time_ms(text) == time_ms(text)


@pytest.mark.parametrize("name", ["occurred_from", "dispatched_at", "closed_at"])
def test_it_takes_no_moment_of_an_incident_from_the_future(name: str) -> None:
    world = World().hear(incident(**{name: "9999-12-31T23:59:59-12:00"}))
    assert world.picture.counts["incidents"].rejected == {"in_future": 1}


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(GOOD), st.data())
def test_it_survives_any_change_to_a_good_message_and_its_counters_add_up(
    good: Said, data: Any
) -> None:
    stream, message = good
    name = data.draw(st.sampled_from([*message, "extra"]))
    changed: dict[str, Any] = {**message, name: data.draw(_json)}
    if data.draw(st.booleans()):
        changed.pop(name)
    raw = json.dumps(changed).encode()
    cut = data.draw(st.integers(0, len(raw)))
    world = World()
    said: list[Any] = [(stream, raw), (stream, raw[:cut]), (stream, data.draw(st.binary()))]
    world.hear(*said)
    count = world.picture.counts[stream]
    assert count.accepted + count.duplicate + sum(count.rejected.values()) == 3
    assert set(count.rejected) <= REASONS
    assert len(world.last.rejected) == sum(count.rejected.values())


def test_it_rejects_what_is_too_far_ahead_or_too_late() -> None:
    world = World().hear(registered(), beat(ts=301), now_s=0)
    assert world.picture.counts["status"].rejected == {"in_future": 1}
    far = 40 * 86_400
    world.hear(beat(ts=far), now_s=far)
    world.hear(beat(ts=0), counted(ts=far - 3 * 86_400), now_s=far)
    assert world.picture.counts["status"].rejected == {"in_future": 1, "too_late": 1}
    assert world.picture.counts["traffic"].rejected == {"too_late": 1}


def test_it_counts_unknown_fields_by_vendor() -> None:
    world = World().hear(registered(vendor="Lumen"))
    world.hear(beat(ts=1, colour="blue"), beat(ts=2, colour="red"))
    assert world.picture.counts["status"].unknown_fields == {"Lumen": 2}
    assert world.picture.counts["status"].accepted == 2
