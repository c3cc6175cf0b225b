"""The three sentences that a week begins with, out of its figures, by rules.

What is wrong comes before what is good, and people before devices. Counts are told beside what is
usual, never as a change in percent. Every figure leads to where it comes from. A sentence may
have several parts (see summary.Said).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.stream.rollups import HOUR_MS
from dashboard.weekly.measures import BY_KEY
from dashboard.weekly.streets import streets
from dashboard.weekly.summary import Gap, RouteNeed, Row, Said, Value
from dashboard.weekly.told import Values, figures, hours, joined, more, told

# In the order in which an executive wants to hear of them; all else follows as in the table.
PEOPLE = ("bell_presses", "incidents_sexual", "incidents_violence", "incidents",
          "incidents_property", "incidents_disorder", "incidents_other", "ai_events")  # fmt: skip
RESPONSE = ("acknowledged", "arrived")
ORDER = tuple(dict.fromkeys((*PEOPLE, *RESPONSE, *BY_KEY)))
SEEN = {"bells": "bell_presses", "ai": "ai_events", "incidents": "incidents"}
BACKLOG = "backlog"
LOW_COVERAGE = 0.9  # with less the counts are called lower bounds
SILENT_MS = 6 * HOUR_MS  # and if the feed was silent for longer
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Table:
    """rows: every row of measures.MEASURES. judged: those that were held against what is usual.
    out: of these, the ones out of it, the most important first. bounds: data are missing, so that
    counts are lower bounds. running: the week is not over. seen: what happened in the week, as
    far as it is known."""

    rows: dict[str, Row]
    judged: tuple[Row, ...]
    out: tuple[Row, ...]
    bounds: bool
    running: bool
    seen: Values

    @classmethod
    def of(cls, rows: Sequence[Row], bounds: bool, running: bool) -> Table:
        judged = [] if running else [row for row in rows if row.usual.z is not None]
        if bounds:  # few of something says nothing
            judged = [row for row in judged if not _too_few(row)]
        out = sorted((row for row in judged if row.usual.mark), key=_rank)
        by_key = {row.key: row for row in rows}
        seen = {name: told(by_key[key]) for name, key in SEEN.items()}
        counts = {name: one["value"] for name, one in seen.items() if "value" in one}
        return cls(by_key, tuple(judged), tuple(out), bounds, running, counts)

    @property
    def empty(self) -> bool:
        """Nothing happened that is known of."""
        return not any(value.value for value in self.seen.values())

    @property
    def lead(self) -> Row | None:
        """What the first sentence tells of."""
        return self.out[0] if self.out and not self.empty else None


def sentences(
    rows: Sequence[Row],
    routes: Sequence[RouteNeed],
    gaps: Sequence[Gap],
    coverage: float | None,
    running: bool,
) -> tuple[Said, Said, Said]:
    """What is most out of the usual; the streets; everything else. coverage: of the whole city,
    None = no device. running: the week is not over, so that nothing is judged yet."""
    warning = _warning(gaps, coverage)
    table = Table.of(rows, warning is not None, running)
    up = table.rows["availability"]
    first = joined(warning, _since(rows), _first(table))
    second = streets(up if up != table.lead else None, routes, coverage)
    return first, second, _rest(table)


def _too_few(row: Row) -> bool:
    return BY_KEY[row.key].chance == "poisson" and not more(row)


def _rank(row: Row) -> tuple[bool, int, bool, int]:
    """Bad news first; then people, response, all else; then what is far out."""
    kind = 0 if row.key in PEOPLE else 1 if row.key in RESPONSE else 2
    bad = row.usual.side == "worse" or (kind == 0 and row.usual.side == "more")
    return not bad, kind, row.usual.mark != "far", ORDER.index(row.key)


# -- first: what is most out of the usual ----------------------------------------------------------


def _first(table: Table) -> Said:
    whole = len(table.seen) == len(SEEN)
    if table.empty:
        return Said("so_far_nothing") if table.running else _nothing(table)
    if table.running:
        return Said("so_far", table.seen) if whole else Said("so_far_bare")
    if table.lead:
        return _most(table.lead)
    if table.judged:
        watched = {"watched": figures(table.judged)}
        if not whole:
            return Said("as_usual_bare", watched)
        sure = len(table.judged) == len(table.rows) and not table.bounds
        return Said("as_usual" if sure else "as_usual_judged", watched | table.seen)
    unknown = not any(row.usual.weeks for row in table.rows.values())
    return Said("no_history", table.seen) if whole and unknown else Said("not_judged")


def _nothing(table: Table) -> Said:
    """A week without anything is no good news where that never happens."""
    if table.bounds:
        return Said("nothing")
    for key in SEEN.values():
        if table.rows[key].usual.low:
            return Said("nothing+nothing_check", told(table.rows[key]))
    return Said("nothing")


def _most(row: Row) -> Said:
    measure, far = BY_KEY[row.key], "far_" if row.usual.mark == "far" else ""
    kind = "census" if measure.census else measure.unit
    said = Said(f"{kind}_{far}{'more' if more(row) else 'less'}", told(row))
    real = row.week.parts.get("real")
    if row.key != "bell_presses" or real is None or not row.week.value:
        return said
    if not real:
        return joined(said, Said("bells_none_real"))
    return joined(said, Said("bells_real", {"real": Value("count", real, f"row:{row.key}")}))


def _since(rows: Sequence[Row]) -> Said | None:
    """The first week of all: counts begin within it."""
    since = max(row.week.since for row in rows)
    return Said("known_since", {"since": Value("day", since)}) if since else None


def _warning(gaps: Sequence[Gap], coverage: float | None) -> Said | None:
    """Why counts are lower bounds; None = they are not."""
    if coverage == 0:
        return Said("unheard")
    silent_ms = sum(gap.ms for gap in gaps if gap.what == "feed")
    silent = {"silent": hours(silent_ms, "gaps")}
    if coverage is not None and coverage < LOW_COVERAGE:
        heard = {"coverage": Value("percent", coverage, "gaps")}
        return Said("partial_silent", heard | silent) if silent_ms else Said("partial", heard)
    return Said("silent", silent) if silent_ms >= SILENT_MS else None


# -- third: everything else ------------------------------------------------------------------------


def _rest(table: Table) -> Said:
    """Of an empty week not that people's affairs were few: that is what was told first."""
    known = (BACKLOG, *((table.lead.key,) if table.lead else ()), *(PEOPLE if table.empty else ()))
    others = [row for row in table.out if row.key not in known]
    usual = [row for row in table.judged if not row.usual.mark and row.key not in known]
    parts = [_others(others)]
    if usual and (table.lead or others):
        key = "rest_one" if len(usual) == 1 else "rest"
        parts.append(Said(key, {"rest": figures(usual)}))
    judged = {row.key for row in table.judged}
    unjudged = [row for key, row in table.rows.items() if key not in judged]
    if table.judged and unjudged:
        parts.append(Said("unjudged", {"unjudged": figures(unjudged)}))
    if table.rows[BACKLOG] != table.lead:
        parts += _backlog(table.rows[BACKLOG])
    return joined(*parts) if any(parts) else Said("nothing_else")


def _others(others: Sequence[Row]) -> Said | None:
    if not others:
        return None
    if len(others) > MOST_NAMED:
        number = {"others": figures(others)}
        return Said("other_more", number | told(others[0]) | told(others[1], "_2"))
    values: Values = {}
    for at, row in enumerate(others, 1):
        values |= told(row, f"_{at}" if at > 1 else "")
    return Said(f"other_{len(others)}", values)


def _backlog(row: Row) -> list[Said]:
    if row.week.value is None:
        return []
    values = {f"backlog_{name}": one for name, one in told(row).items() if name != "what"}
    how = "now"
    if row.usual.z is not None:
        how = ("more" if more(row) else "less") if row.usual.mark else "usual"
    said = [Said(f"backlog_{how}", values)]
    if old := row.week.parts.get("band_31"):
        one = "_one" if old == 1 else ""
        said.append(Said(f"backlog_old{one}", {"old": Value("count", old, f"row:{row.key}")}))
    return said
