"""What floats over the map: search, layer switches, filters, legend, zoom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.records import Kind, Status
from dashboard.text import Translate

LAYERS = ("devices", "routes", "traffic", "incidents", "problems")
ON_AT_FIRST = ("devices", "routes", "traffic")
ABNORMAL_FIRST = (Status.FAULT, Status.OFFLINE, Status.UNKNOWN, Status.OUT_OF_SERVICE, Status.OK)


def search(t: Translate) -> html.Div:
    """A combobox: the list below is filled while typing."""
    return html.Div(
        [
            html.Div(className="search__field", **{"data-input": "map-search"}),
            html.Kbd("/", className="kbd search__key", **{"aria-hidden": "true"}),
            html.Ul(
                id="map-found", className="search__found", hidden=True, role="listbox",
                **{"data-live": "found", "aria-label": t("live_map.search_results")},
            ),
        ],
        className="search",
        role="search",
        **{"data-live": "search"},
    )  # fmt: skip


def layers(t: Translate) -> html.Div:
    switches = [
        html.Button(
            t(f"live_map.layer_{name}"), type="button", className="layers__switch",
            **{"data-layer": name, "aria-pressed": str(name in ON_AT_FIRST).lower()},
        )
        for name in LAYERS
    ]  # fmt: skip
    days = html.Div(
        [_days(t, number) for number in (7, 28)],
        className="layers__days", hidden=True, role="group",
        **{"aria-label": t("live_map.incident_days"), "data-live": "incident-days"},
    )  # fmt: skip
    more = html.Button(
        t("live_map.filters"), type="button", className="layers__switch layers__filters",
        **{"data-open": "filters", "aria-expanded": "false", "data-live": "filters-button"},
    )  # fmt: skip
    label = {"role": "group", "aria-label": t("live_map.layers")}
    return html.Div([*switches, days, more], className="layers", **label)


def _days(t: Translate, number: int) -> html.Button:
    return html.Button(
        t(f"live_map.days_{number}"), type="button", className="layers__switch",
        **{"data-days": str(number), "aria-pressed": str(number == 7).lower()},
    )  # fmt: skip


def filters(t: Translate) -> html.Div:
    return html.Div(
        [
            _chips(t, "filter_states", "state", [s.word for s in ABNORMAL_FIRST], "status"),
            _chips(t, "filter_kinds", "kind", [str(kind) for kind in Kind], "kind"),
            html.Div(
                [
                    _choice(t, "filter_zone", "zone"),
                    _choice(t, "filter_route", "route"),
                ],
                className="filters__row",
            ),
            html.Div(
                [
                    html.Span(className="filters__hidden", **{"data-live": "devices-hidden"}),
                    html.Button(t("live_map.filter_clear"), type="button",
                                className="button button--quiet", **{"data-clear": "1"}),
                    html.Button(t("live_map.close"), type="button",
                                className="button button--quiet", **{"data-shut": "filters"}),
                ],
                className="filters__foot",
            ),
        ],
        className="filters",
        hidden=True,
        role="region",
        **{"aria-label": t("live_map.filters"), "data-live": "filters"},
    )  # fmt: skip


def _chips(t: Translate, label: str, what: str, names: Sequence[str], prefix: str) -> html.Fieldset:
    chips = [
        html.Button(
            [html.I(className=f"state state--{name}") if what == "state" else None,
             t(f"live_map.{prefix}_{name}")],
            type="button", className="chip",
            **{f"data-filter-{what}": name, "aria-pressed": "true"},
        )
        for name in names
    ]  # fmt: skip
    legend = html.Legend(t(f"live_map.{label}"), className="field__label")
    return html.Fieldset([legend, html.Div(chips, className="filters__chips")])


def _choice(t: Translate, label: str, what: str) -> html.Div:
    return html.Div(
        [
            html.Label(t(f"live_map.{label}"), htmlFor=f"filter-{what}", className="field__label"),
            html.Div(className="filters__select", **{"data-select": what}),
        ],
        className="field",
    )


def zoom_buttons(t: Translate) -> html.Div:
    return html.Div(
        [
            _zoom("+", t("live_map.zoom_in"), "in"),
            _zoom("−", t("live_map.zoom_out"), "out"),
            _zoom("⌂", t("live_map.whole_city"), "city"),
        ],
        className="map__zoom",
    )


def _zoom(sign: str, label: str, what: str) -> html.Button:
    return html.Button(
        sign, type="button", className="map__zoom-button", title=label,
        **{"aria-label": label, "data-zoom": what},
    )  # fmt: skip


def legend(t: Translate) -> html.Div:
    states = [
        _sign(f"state state--{name}", t(f"live_map.status_{name}"))
        for name in ("ok", "fault", "offline", "unknown", "out_of_service")
    ]
    layers_shown = [
        _sign("sign sign--route", t("live_map.legend_route"), "routes"),
        _sign("sign sign--busy", t("live_map.legend_busy"), "traffic"),
        _sign("sign sign--quiet", t("live_map.legend_quiet"), "traffic"),
        _sign("sign sign--incident", t("live_map.legend_incident"), "incidents"),
        _sign("sign sign--incident-up", t("live_map.legend_incident_up"), "incidents"),
    ]
    label = {"aria-label": t("live_map.legend"), "role": "group"}
    return html.Div([*states, *layers_shown], className="map__legend", **label)


def _sign(look: str, words: str, layer: str = "") -> Any:
    of = {"data-legend": layer} if layer else {}
    return html.Span([html.I(className=look), words], className="map__sign", **of)
