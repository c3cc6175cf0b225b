"""The row of filters: period, then each dimension; what is chosen stands out and can be cleared.

Native selects in one form: assets/js/kpis.js turns a change into an address. Days by hand open
below the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from dash import html

from dashboard.kpis.choice import DEFAULT, ROLLING, RUNNING, day_of_ms
from dashboard.kpis.groups import Dim
from dashboard.text import Translate
from layouts.kpis import words
from layouts.kpis.address import PATH, to
from layouts.kpis.here import Here
from layouts.markup import Tag

BY_HAND = "days"  # the select's value for from and to
ORDER = (Dim.ZONE, Dim.KIND, Dim.VENDOR, Dim.OWNER, Dim.ROUTE, Dim.PILOT)
Option = tuple[str, str]  # value and what is read


def filters(here: Here) -> html.Form:
    t, choice = here.t, here.address.choice
    dims = [_dimension(here, dim) for dim in ORDER if here.known.get(dim)]
    row = html.Div([_period(here), *dims, *_clear(here)], className="kpis__row")
    by_hand = html.Div(
        [
            _date(t, "from", choice.period.first, here.now_ms),
            _date(t, "to", choice.period.last, here.now_ms),
            html.Button(t("kpis.apply_days"), type="submit", className="button kpis__apply"),
        ],
        className="kpis__days",
        hidden=bool(choice.period.word),
        **{"data-days": "1"},
    )
    rest = {k: v for k, v in here.address.query().items() if k in ("view", "kpi", "by")}
    kept = [Tag("input", {"type": "hidden", "name": k, "value": v}) for k, v in rest.items()]
    return html.Form(
        [row, by_hand, *kept],
        action=PATH,
        method="get",
        className="kpis__filters",
        **{"aria-label": t("kpis.filters"), "data-filters": "1"},
    )


def _period(here: Here) -> html.Label:
    t, period = here.t, here.address.choice.period
    today = day_of_ms(here.now_ms)
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
        html.Optgroup([_option(o, chosen) for o in options], label=t(f"kpis.periods_{name}"))
        for name, options in groups
    ]
    options.append(_option((BY_HAND, t("kpis.period_days")), chosen))
    return _select(t("kpis.period"), "period", options, chosen != DEFAULT)


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


def _dimension(here: Here, dim: Dim) -> html.Label:
    t, chosen = here.t, here.address.choice.wanted.get(dim, "")
    named: Iterable[Option] = ((word, here.say(dim, word)) for word in here.known[dim] if word)
    options = [("", t("kpis.all")), *sorted(named, key=lambda option: option[1])]
    return _select(t(f"kpis.dim_{dim}"), dim, [_option(o, chosen) for o in options], bool(chosen))


def _select(label: str, name: str, options: Sequence[Any], is_set: bool) -> html.Label:
    look = "kpis__filter kpis__filter--set" if is_set else "kpis__filter"
    return html.Label(
        [
            html.Span(label, className="kpis__filter-name"),
            html.Select(list(options), name=str(name), className="kpis__select"),
        ],
        className=look,
        **{"data-key": f"filter-{name}"},
    )


def _option(option: Option, chosen: str) -> Tag:
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


def _clear(here: Here) -> list[Any]:
    choice = here.address.choice
    if not choice.wanted and choice.period.word == DEFAULT:
        return []
    query = here.address.query()
    kept = {name: query[name] for name in ("view", "kpi", "by") if name in query}
    return [html.A(here.t("kpis.clear"), href=to(kept), className="kpis__clear")]
