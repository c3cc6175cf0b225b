"""The letters of a week that its hash is made of, and what makes another revision of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from dashboard.weekly import seal
from dashboard.weekly.summary import Row, Told
from tests.weekly.summaries import NOW_MS, a_row, a_sealed, a_summary


def test_the_hash_is_that_of_the_figures_and_of_nothing_else() -> None:
    one = a_sealed()
    again = seal.sealed(a_summary(), None, NOW_MS + 5, NOW_MS + 6)
    assert again.hash == one.hash
    other = a_summary(rows={"sla": a_row("sla", 0.9791)})
    assert seal.hash_of(other) != one.hash


def test_the_letters_have_one_order_whatever_the_order_of_what_is_told() -> None:
    told = {"b": {"z": 1, "a": [0.5, None]}, "a": "\ud55c"}
    assert seal.canonical(told) == b'{"a":"\xed\x95\x9c","b":{"a":[0.5,null],"z":1}}'


def test_whole_numbers_and_floats_of_the_same_value_have_the_same_hash() -> None:
    whole = a_summary(rows={"sla": a_row("sla", 1)})
    assert seal.hash_of(whole) == seal.hash_of(a_summary(rows={"sla": a_row("sla", 1.0)}))


def test_what_json_cannot_tell_is_not_sealed() -> None:
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="not the same"):
            seal.sealed(a_summary(coverage=value), None, 0, 0)


# -- what makes another revision ---------------------------------------------------------------


def with_row(row: Row) -> Any:
    return a_summary(rows={row.key: row})


def test_its_own_figures_make_another_revision_and_others_do_not() -> None:
    before, row = a_summary(), a_row("incidents")
    own = [
        with_row(replace(row, week=Told(41.0, 41))), with_row(replace(row, week=Told(40.0, 41))),
        a_summary(coverage=0.98), a_summary(complete=False),
        with_row(replace(row, week=replace(row.week, parts={"real": 1.0}))),
    ]  # fmt: skip
    others = [
        with_row(replace(row, d28=Told(1.0))), with_row(replace(row, year=Told(1.0))),
        with_row(replace(row, last_year_week=Told(1.0))), with_row(replace(row, target=0.5)),
        with_row(replace(row, line=(1.0,))),
        with_row(replace(row, usual=replace(row.usual, z=9.0))),
        a_summary(said=()), a_summary(simulated=True), a_summary(routes_in_all=1),
    ]  # fmt: skip
    assert [seal.differs(before, after) for after in own] == [True] * len(own)
    assert [seal.differs(before, after) for after in others] == [False] * len(others)


def test_a_row_that_another_version_tells_or_no_longer_tells_is_no_other_figure() -> None:
    before = a_summary()
    fewer = replace(before, rows=before.rows[1:])
    assert not seal.differs(before, fewer) and not seal.differs(fewer, before)


def test_what_changed_is_told_by_name_the_weeks_own_figures_first() -> None:
    row, first = a_row("incidents"), a_row("bell_presses", d28=Told(1.0))
    rows = {"bell_presses": first, "incidents": replace(row, week=Told(41.0, 41))}
    told = seal.differences(a_summary(said=()), a_summary(rows=rows, coverage=0.5))
    paths = [one.path for one in told]
    own = ["coverage", "rows/incidents/week/value", "rows/incidents/week/n"]
    assert paths[:3] == own and "rows/bell_presses/d28/value" in paths[3:]
    value = next(one for one in told if one.path == own[1])
    assert (value.before, value.after) == ("40.0", "41.0")


def test_a_revision_says_when_it_is_another_source_that_worked_it_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = a_sealed()
    after = with_row(replace(a_row("incidents"), week=Told(41.0, 41)))
    assert seal.CODE not in [one.path for one in seal.sealed(after, before, 1, 1).changed]
    monkeypatch.setattr(seal, "code_version", lambda: "0123456789ab")
    found = seal.sealed(after, before, 1, 1)
    assert (found.revision, found.code) == (2, "0123456789ab")
    told = found.changed[0]
    assert (told.path, told.before, told.after) == (
        "code", json.dumps(before.code), '"0123456789ab"',
    )  # fmt: skip
