"""A reader of the trends page, for tests of its pictures."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from dashboard.kpis.choice import Period
from dashboard.principal import Principal
from dashboard.roles import Role
from dashboard.stream.rollups import DAY_MS
from dashboard.text import translator
from dashboard.trends.choice import TrendChoice
from layouts.markup import markup
from layouts.trends.address import Address
from layouts.trends.here import Here, Picture
from tests.builders import SITE
from tests.kpis.facts_builder import START_MS

WEEK = Period(START_MS, START_MS + 7 * DAY_MS)


def reader(role: Role = Role.DUTY, language: str = "en", leg: str = "", **choice: Any) -> Here:
    """choice: what TrendChoice takes; the period is the week the test's world begins with."""
    wanted = TrendChoice(**{"period": WEEK, **choice})
    who = Principal(role.value, role, language=language)
    address = replace(Address(wanted), leg=leg)
    known = {"zone": ["z1"], "route": ["r1"]}
    return Here(translator(language), who, SITE, address, WEEK.to_ms, known)


def html_of(picture: Picture) -> str:
    return markup([picture.above, picture.below])


def words_of(picture: Picture) -> str:
    """What is read, chart and its table included."""
    said = re.sub(r"<[^>]*>", " ", html_of(picture))
    if picture.chart is None:
        return said
    chart, label = picture.chart
    cells = [*chart.table.head, *(str(cell) for row in chart.table.rows for cell in row)]
    return " ".join([said, label, json.dumps(chart.figure, allow_nan=False), *cells])


def ill(picture: Picture) -> list[str]:
    """What nobody should ever read."""
    return re.findall(r"\bnan\b|\bNaN\b|\binf\b|\bNone\b", words_of(picture) + html_of(picture))
