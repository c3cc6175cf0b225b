"""The end of the appendix: what the week was worked out from, its seal, and its revisions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

from dashboard.weekly.measures import BY_KEY
from dashboard.weekly.summary import Difference, Sealed, Told
from layouts.kpis import words as kpis
from layouts.weekly import words
from layouts.weekly.pdf_blocks import SPANS, Paper, line, section, table, text
from layouts.weekly.pdf_text import Json, plain

PATH_OF_A_SPAN = 4  # rows/<measure>/<span>/<name>


def seal(one: Paper) -> Iterator[Json]:
    t = one.t
    facts = [(t(f"weekly_page.source_{name}"), said) for name, said in _inputs(one) if said]
    rows = [line([[name], [said]]) for name, said in facts]
    heads = [t(f"weekly_pdf.fact_{name}") for name in ("name", "value")]
    blocks = [table(heads, (2, 5), rows), text(plain(t("weekly_page.sources_how")))]
    yield section(t("weekly_page.sources"), blocks)
    if len(one.history) > 1:
        yield section(
            t("weekly_page.revisions"), [b for s in one.history for b in _revision(one, s)]
        )


def _inputs(one: Paper) -> list[tuple[str, str]]:
    t, inputs, sealed, count = one.t, one.summary.inputs, one.shown.sealed, kpis.count
    first, last = _day(one, inputs.first_day), _day(one, inputs.last_day)
    device_days = t("weekly_page.device_days", n=count(inputs.device_days))
    told = [
        ("sums", t("weekly.days", first=first, last=last)),
        ("counted_from", _day(one, inputs.counted_from)),
        ("incidents_from", _day(one, inputs.incidents_from)),
        ("devices", f"{count(inputs.devices)} · {device_days}"),
        ("alerts", count(inputs.alerts)),
        ("incidents", count(inputs.incidents)),
        ("orders", count(inputs.orders)),
        ("partitions", count(inputs.partitions)),
    ]
    return told + (_sealed(one, sealed) if sealed else [])


def _sealed(one: Paper, sealed: Sealed) -> list[tuple[str, str]]:
    """The hash in groups, so that it can be read out and broken at the end of a line."""
    groups = " ".join(sealed.hash[at : at + 8] for at in range(0, len(sealed.hash), 8))
    return [
        ("sealed", words.moment(one.t, sealed.sealed_ms)),
        ("seen", words.moment(one.t, sealed.seen_ms)),
        ("code", sealed.code),
        ("hash", groups),
    ]


def _day(one: Paper, day: str) -> str:
    return words.day(one.t, date.fromisoformat(day)) if day else ""


# -- revisions -----------------------------------------------------------------------------------


def _revision(one: Paper, sealed: Sealed) -> Iterator[Json]:
    t, at = one.t, words.moment(one.t, sealed.sealed_ms)
    yield text(plain(t("weekly_page.revised_at", n=sealed.revision, at=at)))
    if sealed.changed:
        heads = [t(f"weekly_page.change_{name}") for name in ("what", "before", "after")]
        yield table(heads, (3, 1, 1), [_change(one, each) for each in sealed.changed])


def _change(one: Paper, change: Difference) -> Json:
    """A figure of the table in words; everything else as it is named in the record."""
    parts = change.path.split("/")
    figure = len(parts) == PATH_OF_A_SPAN and parts[0] == "rows" and parts[3] == "value"
    if not figure or parts[1] not in BY_KEY or parts[2] not in SPANS:
        return line([[change.path], *([x or words.NOTHING] for x in (change.before, change.after))])
    unit = BY_KEY[parts[1]].unit
    name = f"{words.measure(one.t, parts[1])}, {one.t(f'weekly_page.span_{parts[2]}')}"
    told = (Told(None if x is None else json.loads(x)) for x in (change.before, change.after))
    return line([[name], *([words.figure(one.t, each, unit)] for each in told)])
