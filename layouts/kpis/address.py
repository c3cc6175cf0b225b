"""What an address of the KPI page asks for, and the addresses that ask for something else.

/kpis?view=vendors&period=2026-10&zone=4128552500      a view, a period, a part of the city
/kpis?kpi=mttr&by=vendor                               one KPI, broken down
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dashboard.kpis.choice import Choice
from dashboard.kpis.groups import Dim

PATH = "/kpis"
OVERVIEW, VENDORS, WORST, REPAIRS, DETAIL = "overview", "vendors", "worst", "repairs", "detail"
VIEWS = (OVERVIEW, VENDORS, WORST, REPAIRS)


@dataclass(frozen=True, slots=True)
class Address:
    """view: one of VIEWS, or DETAIL with the KPI's key. by: "" = the first that makes sense."""

    choice: Choice
    view: str = OVERVIEW
    key: str = ""
    by: str = ""

    def query(self) -> dict[str, str]:
        """The parts that are not as they are without saying so, in the page's own order."""
        shown = {"kpi": self.key} if self.view == DETAIL else {"view": self.view}
        if self.view == OVERVIEW:
            shown = {}
        if self.view == DETAIL and self.by:
            shown["by"] = self.by
        return {**shown, **self.choice.query()}

    @property
    def href(self) -> str:
        return to(self.query())

    def of_view(self, view: str) -> str:
        return Address(self.choice, view).href

    def of_kpi(self, key: str, by: str | Dim = "") -> str:
        return Address(self.choice, DETAIL, key, str(by)).href

    def of_group(self, dim: Dim, word: str) -> str:
        """The same for one group of those shown."""
        return Address(narrowed(self.choice, dim, word), self.view, self.key).href


def narrowed(choice: Choice, dim: Dim, word: str) -> Choice:
    return Choice(choice.period, {**choice.wanted, str(dim): word})


def to(query: Mapping[str, Any], path: str = PATH) -> str:
    return f"{path}?{urlencode(query)}" if query else path
