"""Revisions of a week that was sealed more than once, and what the shown one changed."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.weekly.summary import Difference
from layouts.weekly import address, words
from layouts.weekly.changes import Change, change_of
from layouts.weekly.here import Here
from layouts.weekly.lists import section

FIRST = 8  # differences that are seen without opening the rest
COLUMNS = ("what", "before", "after")


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
    """Figures of the week first, then what it is held against, then everything else."""
    t = here.t
    told = sorted((change_of(t, one) for one in changed), key=lambda change: change.rank)
    if not told:
        return [html.P(t("weekly_page.nothing_changed"))]
    shown, rest = told[:FIRST], told[FIRST:]
    content: list[Any] = [_table(here, shown)]
    if rest:
        more = html.Summary(t("weekly_page.more_changes", n=len(rest)), className="weekly__opener")
        content.append(
            html.Details(
                [more, _table(here, rest)], className="weekly__more", **{"data-key": "changes"}
            )
        )
    return content


def _table(here: Here, changed: list[Change]) -> html.Table:
    t = here.t
    heads = [html.Th(t(f"weekly_page.change_{name}"), scope="col") for name in COLUMNS]
    rows = [
        html.Tr([html.Th(one.what, scope="row"), html.Td(one.before), html.Td(one.after)])
        for one in changed
    ]
    caption = html.Caption(t("weekly_page.changes"), className="visually-hidden")
    return html.Table(
        [caption, html.Thead(html.Tr(heads)), html.Tbody(rows)], className="weekly__changes"
    )
