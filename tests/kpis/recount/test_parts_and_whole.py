"""The sum over zones is the whole, in what is counted; and so for every other dimension."""

from __future__ import annotations

import pytest

from dashboard.kpis.groups import Dim
from dashboard.kpis.indicators import KPIS
from tests.kpis.recount.room import room
from tests.kpis.recount.test_recount import PERIODS, border

# What adds up: times, and numbers of devices, failures, orders, alerts, people.
SUMS = ("up_ms", "down_ms", "unknown_ms", "out_ms", "lit_ms", "unlit_ms", "failures", "reported",
        "by_itself", "met", "missed", "overdue", "unproved", "excluded", "band_0", "band_4",
        "band_8", "band_15", "band_31", "reopened", "closed_per_week", "repeats", "late", "soon",
        "date_unknown", "real", "mistaken", "malfunction", "test", "unclear", "no_verdict",
        "written_in", "without", "open", "passages")  # fmt: skip
ALONE = ("alerts_per_10k",)  # speaks of the places where there are counters


@pytest.mark.parametrize("dim", Dim)
@pytest.mark.parametrize("period", ["2026-W53", "2027", "hours across the year"])
def test_the_sum_over_parts_is_the_whole(period: str, dim: Dim) -> None:
    whole = room().facts(*map(border, PERIODS[period]))
    words = whole.groups.words_of(dim)
    parts = [whole.of(whole.groups.mask(**{dim: word})) for word in words]
    for kpi in KPIS:
        if dim not in kpi.dims or kpi.key in ALONE:
            continue
        figures = [kpi.value(facts) for facts in parts]
        for name, value in kpi.value(whole).parts.items():
            if name in SUMS:
                total = sum(figure.parts.get(name, 0) for figure in figures)
                assert total == pytest.approx(value), (kpi.key, name)


def test_cutting_facts_is_asking_for_a_part() -> None:
    control_room, (first, after) = room(), map(border, PERIODS["2026-W53"])
    whole = control_room.facts(first, after)
    for zone in whole.groups.words_of(Dim.ZONE):
        cut = whole.of(whole.groups.mask(zone=zone))
        asked = control_room.facts(first, after, zone=zone)
        for kpi in KPIS:
            if Dim.ZONE in kpi.dims:
                assert kpi.value(cut) == kpi.value(asked), kpi.key
