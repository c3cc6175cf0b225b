"""Weeks in the words of the API: times are RFC 3339 UTC, days ISO dates of Korea, durations
milliseconds, shares 0 to 1; null for what is not told, and beside it why."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from dashboard.api_json import rfc3339
from dashboard.weekly.measures import BY_KEY
from dashboard.weekly.shown import Shown, WeekLine
from dashboard.weekly.summary import (
    Decision,
    Difference,
    Gap,
    PilotLine,
    RouteNeed,
    Row,
    Said,
    Sealed,
    Summary,
    Told,
    Usual,
    VendorLine,
)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """In one language: name, definition and source of a row by its key, and a sentence."""

    name: Callable[[str], str]
    definition: Callable[[str], str]
    source: Callable[[str], str]
    say: Callable[[Said], str]


def line_json(line: WeekLine, to_ms: int) -> Json:
    """revision null: not sealed, so the rest is not known before it is worked out."""
    return {
        "week": line.week,
        "from": rfc3339(line.from_ms),
        "to": rfc3339(to_ms),
        "provisional": not line.revision,
        "complete": line.complete,
        "revision": line.revision or None,
        "sealed_at": rfc3339(line.sealed_ms or None),
        "hash": line.hash or None,
        "coverage": line.coverage,
    }


def shown_json(shown: Shown, words: Words) -> Json:
    return {
        **_seal(shown.summary, shown.sealed, shown.revisions),
        **summary_json(shown.summary, words),
        "decisions": [decision_json(one) for one in shown.decisions],
    }


def _seal(summary: Summary, sealed: Sealed | None, revisions: int) -> Json:
    """hash: SHA-256 of the summary alone, as it is kept. code: the source that worked it out."""
    return {
        "week": summary.week,
        "provisional": sealed is None,
        "revision": sealed.revision if sealed else None,
        "revisions": revisions,
        "sealed_at": rfc3339(sealed.sealed_ms) if sealed else None,
        "seen_to": rfc3339(sealed.seen_ms) if sealed else None,
        "hash": sealed.hash if sealed else None,
        "code": sealed.code if sealed else None,
        "changed": [_difference(one) for one in sealed.changed] if sealed else [],
    }


def summary_json(summary: Summary, words: Words) -> Json:
    return {
        "from": rfc3339(summary.from_ms),
        "to": rfc3339(summary.to_ms),
        "known_to": rfc3339(summary.known_to_ms),
        "complete": summary.complete,
        "simulated": summary.simulated,
        "coverage": summary.coverage,
        "said": [_said(one, words) for one in summary.said],
        "rows": [row_json(one, words) for one in summary.rows],
        "routes_in_all": summary.routes_in_all,
        "routes": [_route(one, words) for one in summary.routes],
        "vendors": [_vendor(one) for one in summary.vendors],
        "pilots": [_pilot(one) for one in summary.pilots],
        "gaps": [_gap(one) for one in summary.gaps],
        "caveats": [_said(one, words) for one in summary.caveats],
        "inputs": _nulled(summary.inputs),
    }


def row_json(row: Row, words: Words) -> Json:
    """line: 52 weeks, the oldest first, this one last."""
    measure = BY_KEY.get(row.key)  # of an older version there may be rows that are no more
    return {
        "key": row.key,
        "name": words.name(row.key) if measure else None,
        "definition": words.definition(row.key) if measure else None,
        "source": words.source(row.key) if measure else None,
        "unit": measure.unit if measure else None,
        "better": measure.better or None if measure else None,
        "week": told_json(row.week),
        "days_28": told_json(row.d28),
        "year_to_date": told_json(row.year),
        "last_year_to_date": told_json(row.last_year),
        "last_year_week": told_json(row.last_year_week),
        "usual": _usual(row.usual),
        "weeks_52": list(row.line),
        "target": row.target,
    }


def told_json(told: Told) -> Json:
    """at_least: the value is a lower bound. known_from: the day, where it lies within the span."""
    bounded = told.low is not None or told.high is not None
    return {
        "value": told.value,
        "n": told.n if told.value is not None else None,
        "interval": {"low": told.low, "high": told.high} if bounded else None,
        "coverage": told.coverage,
        "at_least": told.at_least,
        "parts": told.parts,
        "known_from": told.since or None,
        "why": told.why or None,
    }


def decision_json(decision: Decision) -> Json:
    return {
        "id": decision.id,
        "text": decision.text,
        "by": decision.by,
        "at": rfc3339(decision.at_ms),
        "withdrawn_by": decision.withdrawn_by or None,
        "withdrawn_at": rfc3339(decision.withdrawn_ms or None),
    }


def _usual(usual: Usual) -> Json | None:
    """null: the weeks before are not known."""
    return _nulled(usual) if usual.weeks else None


def _said(said: Said, words: Words) -> Json:
    values = {name: _nulled(value) for name, value in said.values.items()}
    return {"key": said.key, "text": words.say(said), "values": values}


def _route(need: RouteNeed, words: Words) -> Json:
    return {**_nulled(need), "reasons": [_said(one, words) for one in need.reasons]}


def _vendor(line: VendorLine) -> Json:
    figures = {name: told_json(getattr(line, name)) for name in ("availability", "sla", "mttr")}
    return {**_nulled(line), **figures}


def _pilot(line: PilotLine) -> Json:
    return _nulled(line)


def _gap(gap: Gap) -> Json:
    return _nulled(gap)


def _difference(one: Difference) -> Json:
    return {"path": one.path, "before": _value(one.before), "after": _value(one.after)}


def _value(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def _nulled(one: msgspec.Struct) -> Json:
    """Every field, with null for an empty word."""
    told: Json = {}
    for name in one.__struct_fields__:
        value = getattr(one, name)
        told[name] = None if value == "" else msgspec.to_builtins(value)
    return told
