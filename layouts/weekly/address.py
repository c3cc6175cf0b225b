"""What an address of the page of a week asks for, and addresses of it.

/weekly                              the newest week that is sealed
/weekly?week=2026-W47                a week, as it was told last
/weekly?week=2026-W47&revision=1     as it was told first
/weekly?week=2026-W47&with=2026-W46  two weeks side by side
/weekly/archive                      all of them
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from dashboard.errors import BadChoice
from dashboard.weekly.week import Week

PATH, ARCHIVE = "/weekly", "/weekly/archive"
_REVISION = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """week None: the newest. revision 0: the newest. other: the week it is held against."""

    week: Week | None = None
    revision: int = 0
    other: Week | None = None


def asked_of(query: Mapping[str, str]) -> Asked:
    """Nothing in it is trusted. Raises BadChoice."""
    week = Week.of(query["week"]) if query.get("week") else None
    other = Week.of(query["with"]) if query.get("with") else None
    if other is not None and week == other:
        raise BadChoice("weekly_page.same_week")
    revision = query.get("revision", "")
    if revision and not _REVISION.fullmatch(revision):
        raise BadChoice("weekly_page.bad_revision", value=revision[:40])
    return Asked(week, int(revision or 0), other)


def to(week: str, revision: int = 0, other: str = "", anchor: str = "") -> str:
    query = {"week": week, "revision": str(revision) if revision else "", "with": other}
    said = urlencode({name: word for name, word in query.items() if word})
    return f"{PATH}?{said}" + (f"#{anchor}" if anchor else "")


def pdf(week: str, language: str, revision: int = 0) -> str:
    query = {"lang": language} | ({"revision": str(revision)} if revision else {})
    return f"/api/v1/weeks/{week}.pdf?{urlencode(query)}"
