"""Revisions of a week that was sealed more than once, and what the shown one changed."""

from __future__ import annotations

import json
from typing import Any

from dash import html

from dashboard.weekly.measures import BY_KEY
from dashboard.weekly.summary import Difference, Told
from layouts.weekly import address, words
from layouts.weekly.here import Here
from layouts.weekly.lists import section

SPANS = ("week", "d28", "year", "last_year", "last_year_week")
FIRST = 12  # differences that are seen without opening the rest


def revisions(here: Here) -> list[html.Section]:
    sealed = here.sealed
    if sealed is None or here.revisions < 2:
        return []
    t = here.t
    links = [_revision(here, n) for n in range(here.revisions, 0, -1)]
    nav = html.Nav(
        links, className="weekly__revisions", **{"aria-label": t("weekly_page.revisions")}
    )
    said = words.moment(t, sealed.sealed_ms)
    content: list[Any] = [nav, html.P(t("weekly_page.revised_at", n=sealed.revision, at=said))]
    content += _changes(here, sealed.changed) if sealed.revision > 1 else []
    return [section(t("weekly_page.revisions"), "", content, "revisions")]


def _revision(here: Here, n: int) -> html.A:
    current = {"aria-current": "true"} if here.sealed and n == here.sealed.revision else {}
    href = address.to(here.word, 0 if n == here.revisions else n, anchor="revisions")
    return html.A(here.t("weekly_page.revision", n=n), href=href, className="chip", **current)


def _changes(here: Here, changed: tuple[Difference, ...]) -> list[Any]:
    """Values of the table first; everything else as it is named in the record."""
    t = here.t
    told = sorted(changed, key=lambda one: not _is_value(one))
    if not told:
        return [html.P(t("weekly_page.nothing_changed"))]
    shown, rest = told[:FIRST], told[FIRST:]
    content: list[Any] = [_table(here, shown)]
    if rest:
        more = html.Summary(t("weekly_page.more_changes", n=len(rest)), className="weekly__opener")
        content.append(html.Details([more, _table(here, rest)], className="weekly__more"))
    return content


def _table(here: Here, changed: list[Difference]) -> html.Table:
    t = here.t
    heads = [
        html.Th(t(f"weekly_page.change_{name}"), scope="col")
        for name in ("what", "before", "after")
    ]
    rows = [
        html.Tr([html.Th(_what(here, one), scope="row"), html.Td(_told(here, one, one.before)),
                 html.Td(_told(here, one, one.after))])
        for one in changed
    ]  # fmt: skip
    caption = html.Caption(t("weekly_page.changes"), className="visually-hidden")
    return html.Table(
        [caption, html.Thead(html.Tr(heads)), html.Tbody(rows)], className="weekly__changes"
    )


def _parts(one: Difference) -> tuple[str, str, str]:
    """("bell_presses", "week", "value"); all "" where it is not of a row's span."""
    parts = one.path.split("/")
    is_row = len(parts) == 4 and parts[0] == "rows" and parts[1] in BY_KEY and parts[2] in SPANS
    return (parts[1], parts[2], parts[3]) if is_row else ("", "", "")


def _is_value(one: Difference) -> bool:
    return _parts(one)[2] == "value"


def _what(here: Here, one: Difference) -> Any:
    key, span, name = _parts(one)
    if name != "value":
        return html.Code(one.path)
    return f"{words.measure(here.t, key)}, {here.t(f'weekly_page.span_{span}')}"


def _told(here: Here, one: Difference, said: str | None) -> Any:
    """said: JSON."""
    if said is None:
        return words.NOTHING
    if not _is_value(one):
        return html.Code(said)
    return words.figure(here.t, Told(float(json.loads(said))), BY_KEY[_parts(one)[0]].unit)
