"""Who reads a file in which language, and its first sheet: what, of when, who, when, why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from dashboard.format import KST
from dashboard.kpis.choice import Choice
from dashboard.kpis.figure import Kpi
from dashboard.kpis.groups import Dim
from dashboard.principal import Principal
from dashboard.stream.rollups import Group
from dashboard.text import Translate
from layouts.exports.files import Cell, Sheet
from layouts.kpis.here import Say

HOUR_MS, SECOND_MS = 3_600_000, 1_000
LONG = ("devices", "repair")  # sections whose times are told in hours


@dataclass(frozen=True, slots=True)
class Reader:
    """say: the name of a dimension's word. coarse: a role that sees no exact points.

    simulated: what is told of happened nowhere.
    """

    t: Translate
    say: Say
    who: Principal
    coarse: bool
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """What was ordered: kind and reason as in the request; filters by their words."""

    kind: str
    reason: str
    at_ms: int
    known_to_ms: int
    choice: Choice | None = None
    filters: Mapping[str, str] | None = None
    known_from_ms: int = 0


def about(reader: Reader, order: Order, rows: int) -> Sheet:
    t = reader.t
    told: list[tuple[str, Cell]] = [
        (t("export.what"), t(f"kpis.export_{order.kind}")),
        *_period(reader, order),
        *_filters(reader, order),
        (t("export.rows"), rows),
        *_known_from(reader, order),
        (t("export.known_to"), moment(order.known_to_ms)),
        (t("export.made_by"), f"{reader.who.user} ({t(f'shell.role_{reader.who.role.value}')})"),
        (t("export.made_at"), moment(order.at_ms)),
        (t("export.reason"), order.reason),
        (t("export.times"), t("export.times_kst")),
    ]
    if reader.simulated:
        told.insert(0, (t("export.data"), t("shell.simulated")))
    if reader.coarse:
        told.append((t("export.hidden"), t("export.hidden_what")))
    return Sheet(t("export.about"), (t("export.item"), t("export.value")), told)


def _period(reader: Reader, order: Order) -> list[tuple[str, Cell]]:
    if order.choice is None:
        return []
    period = order.choice.period
    if period.whole_days:
        return [(reader.t("export.period"), f"{period.first} – {period.last}")]
    borders = [moment(at) for at in (period.from_ms, period.to_ms)]
    said = " – ".join(f"{at:%Y-%m-%d %H:%M}" for at in borders if at is not None)
    return [(reader.t("export.period"), said)]


def _known_from(reader: Reader, order: Order) -> list[tuple[str, Cell]]:
    """Of figures: from when on, and up to when earlier periods are compared."""
    if order.choice is None:
        return []
    t, period = reader.t, order.choice.period
    first = moment(max(period.from_ms, order.known_from_ms))
    told: list[tuple[str, Cell]] = [(t("export.known_from"), first)]
    if order.known_to_ms < period.to_ms:
        told.append((t("export.compared"), t("kpis.compared_same")))
    return told


def _filters(reader: Reader, order: Order) -> list[tuple[str, Cell]]:
    if order.choice is not None:
        wanted = order.choice.wanted
        named = [(dim, wanted[dim]) for dim in Dim if wanted.get(dim)]
        said = [f"{reader.t(f'kpis.dim_{dim}')}: {reader.say(dim, word)}" for dim, word in named]
    else:
        said = [f"{name}: {word}" for name, word in (order.filters or {}).items()]
    return [(reader.t("export.filters"), "; ".join(said) or reader.t("export.no_filters"))]


def moment(at_ms: int | None) -> datetime | None:
    """In KST; None for what has not happened."""
    if at_ms is None or at_ms < 0:
        return None
    return datetime.fromtimestamp(at_ms // 1000, UTC).astimezone(KST)


def amount(kpi: Kpi, x: float | None) -> float | None:
    """In the unit that unit_of names."""
    if x is None:
        return None
    if kpi.unit == "share":
        return round(100 * x, 4)
    if kpi.unit == "ms":
        return round(x / (HOUR_MS if kpi.section in LONG else SECOND_MS), 4)
    return round(x, 4)


def unit_of(t: Translate, kpi: Kpi) -> str:
    if kpi.unit == "ms":
        return t("export.hours") if kpi.section in LONG else t("export.seconds")
    return t(f"kpis.unit_{kpi.unit}")


def hours(ms: float | None) -> float | None:
    return None if ms is None else round(ms / HOUR_MS, 3)


def places(reader: Reader, group: Group) -> list[str]:
    """Kind, zone, route, vendor, owner and pilot by name."""
    return [reader.say(dim, word) for dim, word in zip(Dim, group, strict=True)]


def place_heads(t: Translate) -> list[str]:
    return [t(f"kpis.dim_{dim}") for dim in Dim]
