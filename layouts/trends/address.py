"""What an address of the trends page asks for, and the addresses that ask for something else.

/trends?period=28d&category=theft&hour=fri-22     incidents, of Fridays from 22 to 23
/trends?view=traffic&route=R-07                   foot traffic
/trends?view=pilots&pilot=P-01                    one pilot
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from dashboard.kpis.choice import named
from dashboard.trends.choice import TrendChoice

PATH = "/trends"
INCIDENTS, TRAFFIC, PILOTS = "incidents", "traffic", "pilots"
VIEWS = (INCIDENTS, TRAFFIC, PILOTS)
BY = ("category", "code", "zone", "route")  # what counts are broken down by
OWN = ("view", "by", "leg", "counter", "pilot", "surface")  # what an address says beside the choice


@dataclass(frozen=True, slots=True)
class Address:
    """view: one of VIEWS. by: of BY, "" = category. leg: of legs.LEGS, "" = until the arrival.
    counter: a sensor, pilot: a pilot's id, surface: what the map shows ("" = hot spots, "kde").
    """

    choice: TrendChoice
    view: str = INCIDENTS
    by: str = ""
    leg: str = ""
    counter: str = ""
    pilot: str = ""
    surface: str = ""

    def query(self) -> dict[str, str]:
        """The parts that are not as they are without saying so, in the page's own order."""
        own = {name: getattr(self, name) for name in OWN}
        said = {name: word for name, word in own.items() if word and word != INCIDENTS}
        return {**said, **self.choice.query()}

    @property
    def href(self) -> str:
        return to(self.query())

    def but(self, **changes: Any) -> str:
        """The same address with some of its own parts changed: address.but(view="traffic")."""
        return replace(self, **changes).href

    def of(self, name: str, word: str) -> str:
        """With a filter set."""
        return replace(self, choice=self.choice.of(name, word)).href

    def period(self, word: str) -> str:
        """Of another period, told by its word: 2026-W47."""
        return replace(self, choice=replace(self.choice, period=named(word))).href

    def picking(self, **picks: Any) -> str:
        """With hour=HourPick(…) or cell=(column, row) picked; None takes the pick back."""
        return replace(self, choice=replace(self.choice, **picks)).href

    def without(self, *names: str) -> str:
        return replace(self, choice=self.choice.without(*names)).href


def to(query: Mapping[str, Any]) -> str:
    return f"{PATH}?{urlencode(query)}" if query else PATH
