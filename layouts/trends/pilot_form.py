"""The form that defines a pilot, changes it, or gives it up. assets/js/trends/pilots.js sends it.

Native elements, so that it works by keyboard and by touch; it is drawn once and then belongs to
its reader ([data-drawn]), so nothing typed is lost when the page is drawn anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from dash import html

from dashboard.kpis.choice import day_of_ms
from dashboard.kpis.facts import CATEGORIES
from dashboard.pilots.checked import AHEAD_DAYS, NAME_LENGTH, WHAT_LENGTH, WHY_LENGTH
from dashboard.pilots.ground import Ground
from dashboard.pilots.pilot import AREAS, OUTCOMES, REACHES, Area, Pilot
from layouts.markup import Tag
from layouts.trends.here import Here

NEW = Pilot("", "", "", "", Area(), Area())
SAID = ("sending", "failed", "saved", "conflict")
Option = tuple[str, str]


def define(here: Here, ground: Ground) -> html.Details:
    return _opened(here, "define", _definition(here, ground, NEW, "new"), "pilots-new")


def change(here: Here, ground: Ground, pilot: Pilot) -> list[html.Details]:
    """And give it up."""
    key = f"pilots-{pilot.id}"
    return [
        _opened(here, "change", _definition(here, ground, pilot, pilot.id), key),
        _opened(here, "give_up", _withdrawal(here, pilot), f"{key}-give-up"),
    ]


def _opened(here: Here, name: str, form: html.Form, key: str) -> html.Details:
    title = html.Summary(here.t(f"pilots.{name}"), className="pilots__opener")
    return html.Details([title, form], className="pilots__forms", **{"data-key": key})


def _definition(here: Here, ground: Ground, pilot: Pilot, key: str) -> html.Form:
    t = here.t
    latest = (day_of_ms(here.now_ms) + timedelta(days=AHEAD_DAYS)).isoformat()
    fields = [
        _field(here, key, "name", _input(key, "name", pilot.name, maxlength=NAME_LENGTH)),
        _field(here, key, "what", _area_of_text(key, "what", pilot.what, WHAT_LENGTH)),
        html.Div(
            [
                _field(here, key, "start", _input(key, "start", pilot.start, "date", max=latest)),
                _field(here, key, "end", _input(key, "end", pilot.end, "date")),
            ],
            className="pilots__days",
        ),
        *[_area(here, ground, key, name, pilot.area(name)) for name in AREAS],
        _ticks(here, key, "outcomes", [(o, t(f"pilots.outcome_{o}")) for o in OUTCOMES],
               pilot.outcomes),
        _ticks(here, key, "categories",
               [(c, t(f"live_map.category_{c}")) for c in CATEGORIES], pilot.categories),
    ]  # fmt: skip
    if pilot.id:
        fields.append(_field(here, key, "why", _area_of_text(key, "why", "", WHY_LENGTH)))
    return _form(here, key, pilot, fields, "change" if pilot.id else "define")


def _withdrawal(here: Here, pilot: Pilot) -> html.Form:
    key = f"{pilot.id}-away"
    field = _field(here, key, "withdrawn", _area_of_text(key, "withdrawn", "", WHY_LENGTH))
    return _form(here, key, pilot, [field], "give_up")


def _form(here: Here, key: str, pilot: Pilot, fields: list[Any], name: str) -> html.Form:
    t = here.t
    hidden = [
        Tag("input", {"type": "hidden", "name": field, "value": value})
        for field, value in (("pilot_id", pilot.id), ("version", str(pilot.version)))
        if pilot.id
    ]
    button = html.Button(
        t(f"pilots.submit_{name}"), type="submit", className="button button--primary"
    )
    says = html.P(className="form__says", role="status", **{"data-says": "1"})
    return html.Form(
        [*hidden, *fields, html.Div([button, says], className="pilots__send")],
        noValidate=True,
        className="pilots__form",
        **{
            "data-pilots-form": name,
            "data-drawn": "1",
            "data-key": f"form-{key}",
            "aria-label": t(f"pilots.{name}"),
            **{f"data-{word}": t(f"pilots.{word}") for word in SAID},
        },
    )


def _area(here: Here, ground: Ground, key: str, name: str, area: Area) -> html.Fieldset:
    t = here.t
    zones = sorted(((z.code, here.zone(z.code)) for z in ground.site.zones), key=lambda o: o[1])
    routes = [(r.id, here.route(r.id)) for r in ground.site.routes]
    pilots = [(word, f"{word} ({len(at)})") for word, at in ground.devices.items()]
    kinds = (("zones", zones), ("routes", routes), ("pilots", pilots))
    reach = html.Label(
        [
            html.Span(t("pilots.reach"), className="field__label"),
            html.Select(
                [
                    Tag("option", {"value": m, "selected": m == area.reach_m},
                        t("pilots.metres", n=m))
                    for m in REACHES
                ],
                name=f"{name}.reach_m",
                className="field__input pilots__reach",
            ),
        ],
        className="field",
    )  # fmt: skip
    lists = [
        _list(here, f"{name}.{kind}", t(f"pilots.{kind}"), options, getattr(area, kind))
        for kind, options in kinds
        if options
    ]
    return html.Fieldset(
        [
            html.Legend(t(f"pilots.area_{name}")),
            html.P(t(f"pilots.hint_{name}"), className="field__hint"),
            *lists,
            reach,
            _error(key, name),
        ],
        className="pilots__area",
        **{"data-field": name},
    )


def _list(
    here: Here, name: str, title: str, options: Iterable[Option], chosen: Iterable[str]
) -> html.Details:
    n = len(tuple(chosen))
    count = html.Span(
        here.t("pilots.chosen", n=n) if n else "",
        className="pilots__count", **{"data-count": here.t("pilots.chosen", n="#")},
    )  # fmt: skip
    boxes = [_tick(name, option, option[0] in chosen) for option in options]
    return html.Details(
        [html.Summary([title, " ", count]), html.Div(boxes, className="pilots__ticks")],
        className="pilots__list",
        **{"data-ticks": "1"},
    )


def _ticks(
    here: Here, key: str, name: str, options: Iterable[Option], chosen: Iterable[str]
) -> html.Fieldset:
    boxes = [_tick(name, option, option[0] in chosen) for option in options]
    return html.Fieldset(
        [
            html.Legend(here.t(f"pilots.field_{name}")),
            html.P(here.t(f"pilots.hint_{name}"), className="field__hint"),
            html.Div(boxes, className="pilots__ticks"),
            _error(key, name),
        ],
        className="pilots__area",
        **{"data-field": name},
    )


def _tick(name: str, option: Option, ticked: bool) -> html.Label:
    value, said = option
    box = Tag("input", {"type": "checkbox", "name": name, "value": value, "checked": ticked})
    return html.Label([box, html.Span(said)], className="pilots__tick")


def _field(here: Here, key: str, name: str, field: Tag) -> html.Div:
    label = html.Label(
        here.t(f"pilots.field_{name}"), htmlFor=_id(key, name), className="field__label"
    )
    return html.Div([label, field, _error(key, name)], className="field", **{"data-field": name})


def _error(key: str, name: str) -> html.P:
    return html.P(
        id=f"{_id(key, name)}-error", className="field__error", hidden=True,
        **{"data-error": name},
    )  # fmt: skip


def _input(key: str, name: str, value: str, kind: str = "text", **more: Any) -> Tag:
    told = {"type": kind, "name": name, "value": value or None, "autocomplete": "off", **more}
    return Tag("input", {"id": _id(key, name), "class": "field__input", **told})


def _area_of_text(key: str, name: str, value: str, longest: int) -> Tag:
    told = {"id": _id(key, name), "name": name, "maxlength": longest, "rows": 2}
    return Tag("textarea", {**told, "class": "field__input"}, value)


def _id(key: str, name: str) -> str:
    return f"trends-pilots-{key}-{name}"
