"""Addresses of the trends page: read and written back, picks made and taken back."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.errors import BadChoice
from dashboard.kpis.facts import CATEGORIES
from dashboard.trends.choice import CODES, WEEKDAYS, HourPick, hour_pick_of
from layouts.trends.address import BY, VIEWS
from tests.trends.incidents import GRID
from tests.trends.readers import KNOWN, here

CELLS = [GRID.cell_at(int(n)) for n in GRID.inside.nonzero()[0]]
queries = st.fixed_dictionaries(
    {},
    optional={
        "view": st.sampled_from(VIEWS[1:]),
        "by": st.sampled_from(BY),
        "leg": st.sampled_from(["dispatch", "drive"]),
        "surface": st.just("kde"),
        "period": st.sampled_from(["7d", "28d", "365d", "month", "2026-W46"]),
        "category": st.sampled_from(CATEGORIES),
        "code": st.sampled_from(CODES),
        "zone": st.sampled_from(KNOWN["zone"]),
        "route": st.sampled_from(KNOWN["route"]),
        "hour": st.one_of(
            st.sampled_from(WEEKDAYS),
            st.integers(0, 23).map(str),
            st.builds("{}-{}".format, st.sampled_from(WEEKDAYS), st.integers(0, 23)),
        ),
        "cell": st.sampled_from(CELLS).map(lambda cell: f"{cell[0]}.{cell[1]}"),
    },
)


@given(queries)
def test_an_address_says_what_it_asks_for_and_nothing_else(query: dict[str, str]) -> None:
    reader = here(query="&".join(f"{name}={word}" for name, word in query.items()))
    assert reader.address.query() == query
    again = here(query=urlsplit(reader.address.href).query)
    assert again.address == reader.address


@given(queries)
def test_a_pick_changes_one_thing_and_is_taken_back(query: dict[str, str]) -> None:
    address = here(query="&".join(f"{name}={word}" for name, word in query.items())).address
    picked = address.picking(hour=HourPick(4, 22))
    said = {name: words[0] for name, words in parse_qs(urlsplit(picked).query).items()}
    assert said == {**query, "hour": "fri-22"}
    back = here(query=urlsplit(picked).query).address.without("hour")
    rest = {name: word for name, word in query.items() if name != "hour"}
    assert {n: w[0] for n, w in parse_qs(urlsplit(back).query).items()} == rest


@pytest.mark.parametrize("word", ["fri-24", "24", "-1", "fri-", "fri-022", "Fri", "٣", "fri-22-1"])
def test_hours_that_are_none_are_refused(word: str) -> None:
    with pytest.raises(BadChoice) as refusal:
        hour_pick_of(word)
    assert refusal.value.key == "trends.unknown_hour"
