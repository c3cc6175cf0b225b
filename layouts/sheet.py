"""Pieces of the pages that are drawn from their address: the filters' selects, the period.

Twin: callbacks/sheet.py. A form with [data-filters] becomes an address (assets/js/sheet.js).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from dash import html

from dashboard.kpis.choice import ROLLING, RUNNING, Period, day_of_ms
from dashboard.text import Translate
from layouts.kpis import words
from layouts.markup import Tag

BY_HAND = "days"  # the select's value for from and to
Option = tuple[str, str]  # value and what is read


def period_select(t: Translate, period: Period, now_ms: int, default: str) -> html.Label:
    """default: the word of the period that an address without one means."""
    today = day_of_ms(now_ms)
    groups = [
        ("rolling", [(word, words.name(t, word)) for word in ROLLING]),
        ("running", [(word, words.name(t, word)) for word in RUNNING]),
        ("ended", [(word, words.name(t, word)) for word in ended(today)]),
    ]
    listed = {word for _, options in groups for word, _ in options}
    if period.word and period.word not in listed:
        groups.append(("other", [(period.word, words.name(t, period.word))]))
    chosen = period.word or BY_HAND
    options: list[Any] = [
        html.Optgroup([option(o, chosen) for o in options], label=t(f"kpis.periods_{name}"))
        for name, options in groups
    ]
    options.append(option((BY_HAND, t("kpis.period_days")), chosen))
    return select(t("kpis.period"), "period", options, chosen != default)


def days_by_hand(t: Translate, period: Period, now_ms: int) -> html.Div:
    """Shown when the period is none of the select's."""
    return html.Div(
        [
            _date(t, "from", period.first, now_ms),
            _date(t, "to", period.last, now_ms),
            html.Button(t("kpis.apply_days"), type="submit", className="button kpis__apply"),
        ],
        className="kpis__days",
        hidden=bool(period.word),
        **{"data-days": "1"},
    )


def ended(today: date) -> list[str]:
    """The weeks, months, quarter and year that ended last, as words of an address."""
    weeks = [(today - timedelta(days=7 * n)).isocalendar() for n in (1, 2)]
    last_month = today.replace(day=1) - timedelta(days=1)
    before = last_month.replace(day=1) - timedelta(days=1)
    quarter = today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1) - timedelta(days=1)
    return [
        *(f"{year:04}-W{number:02}" for year, number, _ in weeks),
        *(f"{day.year:04}-{day.month:02}" for day in (last_month, before)),
        f"{quarter.year:04}-Q{(quarter.month + 2) // 3}",
        f"{today.year - 1:04}",
    ]


def select(label: str, name: str, options: Sequence[Any], is_set: bool) -> html.Label:
    look = "kpis__filter kpis__filter--set" if is_set else "kpis__filter"
    return html.Label(
        [
            html.Span(label, className="kpis__filter-name"),
            html.Select(list(options), name=str(name), className="kpis__select"),
        ],
        className=look,
        **{"data-key": f"filter-{name}"},
    )


def option(option: Option, chosen: str) -> Tag:
    value, words_ = option
    return Tag("option", {"value": value, "selected": value == chosen}, words_)


def _date(t: Translate, name: str, day: date, now_ms: int) -> html.Label:
    return html.Label(
        [
            html.Span(t(f"kpis.{name}_day"), className="kpis__filter-name"),
            Tag(
                "input",
                {
                    "type": "date",
                    "name": name,
                    "value": day.isoformat(),
                    "max": day_of_ms(now_ms).isoformat(),
                    "class": "kpis__date",
                },
            ),
        ],
        className="kpis__filter",
    )
