"""What happened to a device, in lists: failures, repairs, alerts, its newest messages."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from dash import html

from dashboard import format as common
from dashboard.kpis.device_year import DeviceYear, Failure, RawMessage, Repair
from dashboard.order_list import due_by_ms, standing
from dashboard.records import AlertView, OrderCause, Round
from dashboard.text import Translate
from layouts.around import alert_title
from layouts.devices import address, words

SHOWN = 100  # rows of a list
ONE_LINE = 160
T = TypeVar("T")
Row = Callable[[T], Sequence[Any]]


def failures(t: Translate, year: DeviceYear) -> html.Section:
    columns = ("from", "until", "span", "what", "codes")
    rows = [_failure(t, one, year) for one in year.failures[:SHOWN]]
    return _section(t, "failures", _table(t, "failures", columns, rows), len(year.failures))


def _failure(t: Translate, one: Failure, year: DeviceYear) -> list[Any]:
    end_ms = min(year.now_ms, year.to_ms)
    what = " → ".join(words.status(t, status) for status in one.statuses)
    if one.to_ms is None:
        until: Any = html.Strong(t("devices.lasts" if end_ms == year.now_ms else "devices.went_on"))
    else:
        until = [words.moment(one.to_ms), *_then(t, one)]
    took = words.span(t, (one.to_ms or end_ms) - one.from_ms)
    return [words.moment(one.from_ms), until, took, what, ", ".join(one.codes) or words.NOTHING]


def _then(t: Translate, one: Failure) -> list[Any]:
    """What it was afterwards, unless it simply worked again."""
    if not one.then:
        return []
    said = t("devices.then", status=words.status(t, one.then))
    return [html.Span(said, className="devices__hint")]


def repairs(t: Translate, year: DeviceYear, may_see_orders: bool) -> html.Section:
    columns = ("order", "why", "opened", "due", "repaired", "proved", "took", "stands")
    rows = [_repair(t, one, year, may_see_orders) for one in year.repairs[:SHOWN]]
    return _section(t, "repairs", _table(t, "repairs", columns, rows), len(year.repairs))


def _repair(t: Translate, one: Repair, year: DeviceYear, linked: bool) -> list[Any]:
    order, work = one.order, one.round
    name: Any = order.order_id
    if linked:
        name = html.A(name, href=address.order(order.order_id))
    again = [html.Span(t("devices.again", n=one.no), className="devices__hint")] if one.no else []
    charged = [html.Span(order.assignee, className="devices__hint")] if order.assignee else []
    return [
        [name, *again, *charged],
        [t(f"devices.cause_{_cause(one)}"), *_codes(work)],
        words.moment(work.opened_ms),
        words.moment(due_by_ms(order, work)),
        words.moment(work.repaired_ms),
        words.moment(work.restored_ms),
        _took(t, work),
        _stands(t, one, year.now_ms),
    ]


def _cause(one: Repair) -> OrderCause:
    """Of this round: an order has the cause of its first, and may go on with another."""
    cause = OrderCause(one.order.cause)
    if not one.no or cause is OrderCause.INSPECTION:
        return cause
    return OrderCause.FAULT if one.round.faults else OrderCause.OUTAGE


def _codes(work: Round) -> list[Any]:
    return [html.Span(", ".join(work.faults), className="devices__hint")] if work.faults else []


def _took(t: Translate, work: Round) -> str:
    """From the beginning of the trouble to the good beats that prove it is over."""
    if work.restored_ms is None:
        return words.NOTHING
    return words.span(t, work.restored_ms - work.down_ms)


def _stands(t: Translate, one: Repair, now_ms: int) -> Any:
    word = standing(one.order, one.round, now_ms)
    said = t(f"devices.stands_{word}")
    if word == "excluded":
        said = t("devices.stands_excluded_why", why=one.round.excluded)
    return html.Span(said, className=f"devices__stands devices__stands--{word}")


def alerts(t: Translate, year: DeviceYear) -> html.Section:
    if year.alerts is None:
        return _section(t, "alerts", html.P(t("devices.alerts_hidden"), className="empty"))
    columns = ("at", "alert", "state", "verdict", "closed")
    rows = [_alert(t, one) for one in year.alerts[:SHOWN]]
    logged = html.P(t("devices.alerts_logged"), className="devices__hint")
    content = [_table(t, "alerts", columns, rows), logged]
    return _section(t, "alerts", content, len(year.alerts))


def _alert(t: Translate, alert: AlertView) -> list[Any]:
    test = alert.cap_status != "Actual"
    hint = [html.Span(t("devices.alert_test"), className="devices__hint")] if test else []
    return [
        words.moment(alert.raised_ms),
        [alert_title(t, alert), *hint],
        t(f"alerts.state_{alert.state}"),
        t(f"alerts.verdict_{alert.verdict}") if alert.verdict else words.NOTHING,
        words.moment(alert.closed_ms),
    ]


def messages(t: Translate, year: DeviceYear, coarse: bool) -> html.Section:
    if not year.messages:
        return _section(t, "messages", html.P(t("devices.messages_none"), className="empty"))
    shown: list[Any] = [
        html.Div([_message(t, one) for one in year.messages], className="devices__messages")
    ]
    if coarse:
        shown.insert(0, html.P(t("devices.messages_coarse"), className="devices__hint"))
    return _section(t, "messages", html.Div(shown), len(year.messages))


def _message(t: Translate, one: RawMessage) -> html.Details:
    """The beginning in one line; the whole, set out, when opened."""
    head = [
        html.Span(common.clock(one.arrived_ms), className="devices__at"),
        html.Span(t(f"system.stream_{one.stream}"), className="devices__stream"),
        html.Code(one.text[:ONE_LINE]),
    ]
    key = {"data-key": f"{one.stream}-{one.entry_id}"}
    whole = html.Pre(_set_out(one.text), tabIndex="0")
    return html.Details([html.Summary(head), whole], className="devices__message", **key)


def _set_out(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def _section(t: Translate, name: str, content: Any, n: int | None = None) -> html.Section:
    """An empty list says so; one that is cut says what is missing."""
    title: list[Any] = [t(f"devices.{name}")]
    if n is not None:
        title.append(html.Span(t("devices.count", n=common.number(n)), className="devices__count"))
    if n == 0:
        content = html.P(t(f"devices.{name}_none"), className="empty")
    elif n is not None and n > SHOWN:
        content = [html.Div(content), html.P(t("devices.cut", n=SHOWN), className="devices__hint")]
    return html.Section(
        [html.H2(title), html.Div(content, className="panel devices__panel")],
        className=f"devices__section devices__section--{name}",
    )


def _table(
    t: Translate, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> html.Div:
    title = t(f"devices.{name}")
    names = [t(f"devices.column_{name}") for name in columns]
    head = html.Tr([html.Th(name, scope="col", role="columnheader") for name in names], role="row")
    body = [
        html.Tr(
            [
                html.Td(cell, role="cell", **{"data-label": name})
                for name, cell in zip(names, row, strict=True)
            ],
            role="row",
        )
        for row in rows
    ]
    table = html.Table(
        [html.Thead(head, role="rowgroup"), html.Tbody(body, role="rowgroup")],
        role="table",
        className="table devices__table",
    )
    label = {"aria-label": title}
    return html.Div(table, className="devices__scroll", tabIndex="0", role="region", **label)
