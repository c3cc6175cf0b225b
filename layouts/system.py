"""The System page: is the pipeline well, what was refused, what is not registered.

Twin: callbacks/system.py. Tables are built here once; assets/js/system.js fills their cells
from `data-figures` and adds rows from `data-rows`, so that nothing a person has opened or
scrolled to is ever drawn anew.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dashboard import ids
from dashboard.principal import Principal
from dashboard.roles import Permission
from dashboard.text import Translate
from layouts import shell

STREAMS = ("alerts", "registry", "status", "traffic", "incidents", "actions")
COLUMNS = ("written", "accepted", "duplicate", "rejected", "waiting", "lag", "last")
FACTS = ("feed", "worker", "durability", "latency", "browsers", "unregistered", "mail")


def layout(t: Translate, who: Principal, partitions: int, simulated: bool = False) -> html.Div:
    content = [
        html.Div(
            [
                html.H1(t("system.title")),
                html.P(className="system__at", **{"data-cell": "at"}),
                html.P(id=ids.System.NOTICE, role="status", className="system__notice"),
            ],
            className="system__head",
        ),
        html.P(t("system.stale"), role="alert", className="banner banner--bad", hidden=True,
               **{"data-system-stale": "1"}),
        facts(t),
        section(t, "streams", stream_table(t, partitions)),
        section(t, "rejected", rejected_table(t, who)),
        section(t, "unregistered", unregistered_table(t)),
        dcc.Store(id=ids.System.TICK),
        dcc.Store(id=ids.System.RESEND),
    ]  # fmt: skip
    return shell.shell(t, who, "system", content, simulated)


def facts(t: Translate) -> html.Dl:
    """What is true of the whole system, in words; filled as `fact.<name>`."""
    rows = [
        html.Div(
            [
                html.Dt(t(f"system.fact_{name}")),
                html.Dd("…", **{"data-cell": f"fact.{name}"}),
                html.Dd(className="system__hint", **{"data-cell": f"fact.{name}.hint"}),
            ],
            className="system__fact",
            **{"data-mark-of": f"fact.{name}"},
        )
        for name in FACTS
    ]
    return html.Dl(rows, id=ids.System.FEEDS, className="system__facts panel")


def section(t: Translate, name: str, table: Any) -> html.Section:
    scroller = html.Div(
        table,
        className="system__scroll panel",
        tabIndex="0",
        role="region",
        **{"aria-label": t(f"system.{name}_title")},
    )
    return html.Section(
        [
            html.H2(t(f"system.{name}_title")),
            html.P(t(f"system.{name}_what"), className="system__what"),
            scroller,
        ],
        className="system__section",
    )


def stream_table(t: Translate, partitions: int) -> html.Table:
    head = html.Tr([_th(t("system.stream")), *(_number_th(t(f"system.{c}")) for c in COLUMNS)])
    rows = [_stream_row(t, p, name, partitions) for p in range(partitions) for name in STREAMS]
    return html.Table([html.Thead(head), html.Tbody(rows)], className="table system__table")


def _stream_row(t: Translate, p: int, name: str, partitions: int) -> html.Tr:
    words = t(f"system.stream_{name}")
    label = t("system.stream_of", p=p, stream=words) if partitions > 1 else words
    cells = [html.Td(_cell(f"{p}.{name}.{c}"), className="is-number") for c in COLUMNS]
    return html.Tr([html.Th(label, scope="row"), *cells], **{"data-mark-of": f"{p}.{name}"})


def _cell(name: str) -> list[html.Span]:
    """A figure and, under it, room for what there is to say about it."""
    hint = html.Span(className="system__hint", **{"data-cell": f"{name}.hint"})
    return [html.Span(**{"data-cell": name}), hint]


def rejected_table(t: Translate, who: Principal) -> html.Div:
    columns = ("at", "from", "reason", "message")
    may_resend = who.may(Permission.REJECTED_RESEND)
    heads = [_th(t(f"system.column_{name}")) for name in columns]
    if may_resend:
        heads.append(html.Th(html.Span(t("system.resend"), className="visually-hidden")))
    body = html.Tbody(
        id=ids.System.REJECTED,
        **{
            "data-columns": json.dumps(columns),
            "data-resend": t("system.resend") if may_resend else "",
            "data-empty": t("system.rejected_empty"),
        },
    )
    return html.Table([html.Thead(html.Tr(heads)), body], className="table system__rejected")


def unregistered_table(t: Translate) -> html.Table:
    columns = ("device", "state", "seen")
    body = html.Tbody(
        id=ids.System.UNREGISTERED,
        **{
            "data-columns": json.dumps(columns),
            "data-empty": t("system.unregistered_empty"),
        },
    )
    heads = [_th(t(f"system.column_{name}")) for name in columns]
    return html.Table([html.Thead(html.Tr(heads)), body], className="table")


def rows_json(rows: Sequence[dict[str, Any]]) -> str:
    """Rows for `data-rows`: each has a `key` and one text per column."""
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _th(text: str) -> html.Th:
    return html.Th(text, scope="col")


def _number_th(text: str) -> html.Th:
    return html.Th(text, scope="col", className="is-number")
