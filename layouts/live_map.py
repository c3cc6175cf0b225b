"""The live map page: queue left, map in the middle, detail right, last hour at the bottom.

Twin: callbacks/live_map.py. The moving parts are filled by assets/js/live_map/*: they find
their places by `data-live`, take their words from `data-texts`, and are never re-rendered by
Dash. Only the two parts of the detail come from the server.
"""

from __future__ import annotations

import json
from typing import Any

import dash_leaflet as dl
from dash import dcc, html

from dashboard import ids
from dashboard.principal import Principal
from dashboard.roles import Permission
from dashboard.text import Translate, catalogue
from layouts import alerts, device_form, health, keys_help, map_panel, shell

Bounds = list[list[float]]  # [[south, west], [north, east]] in degrees
FEATURES = ("live_map.", "alerts.")


def layout(t: Translate, who: Principal, bounds: Bounds, tile_url: str | None = None) -> html.Div:
    """bounds: the first view, for a person who has none in the address."""
    return html.Div(
        [
            shell.header(t, who, "live_map", health.counts(t), health.feed(t)),
            html.Div(className="live-map__banners", **{"data-live": "banners"}),
            view_tabs(t),
            html.Main(
                [
                    html.H1(t("live_map.title"), className="visually-hidden"),
                    alerts.queue(t),
                    map_section(t, bounds, tile_url),
                    strip(t),
                    detail(t),
                ],
                id="main",
                className="live-map__main",
            ),
            keys_help.dialog(t),
            html.Div(role="status", className="visually-hidden", **{"data-live": "say"}),
            html.Div(role="alert", className="visually-hidden", **{"data-live": "say-now"}),
            dcc.Store(id=ids.LiveMap.SELECTION, data=None),
        ],
        id=ids.LiveMap.ROOT,
        className="live-map",
        **_facts(who, bool(tile_url)),
    )


def view_tabs(t: Translate) -> html.Div:
    """Phones show one of the three panels at a time."""
    buttons = [
        html.Button(
            [t(f"live_map.tab_{name}"), html.Span(className="live-map__tab-count")],
            type="button",
            className="live-map__tab",
            **{"data-view": name, "aria-pressed": str(name == "queue").lower()},
        )
        for name in ("queue", "map", "detail")
    ]
    label = {"role": "group", "aria-label": t("live_map.views")}
    return html.Div(buttons, className="live-map__tabs", **label)


def map_section(t: Translate, bounds: Bounds, tile_url: str | None) -> html.Section:
    tiles = [dl.TileLayer(url=tile_url)] if tile_url else []
    return html.Section(
        [
            dl.MapContainer(
                tiles,
                id=ids.LiveMap.MAP,
                className="map__canvas",
                zoomControl=False,
                attributionControl=bool(tile_url),
                zoomSnap=0.25,
                zoomDelta=0.5,
                minZoom=10,
                maxZoom=19,
                bounds=bounds,  # not center and zoom: dash-leaflet would set those again later
                trackViewport=False,
            ),
            html.Div(
                [
                    map_panel.search(t),
                    map_panel.layers(t),
                    map_panel.filters(t),
                    html.Div(className="map__jumps", **{"data-live": "jumps"}),
                ],
                className="map__top",
            ),
            html.Div(className="map__tip", hidden=True, **{"data-live": "tip"}),
            html.P(
                t("live_map.loading"), className="map__state", role="status",
                **{"data-live": "map-state"},
            ),
            map_panel.zoom_buttons(t),
            map_panel.legend(t),
            html.P(t("live_map.schematic"), className="map__note", hidden=True,
                   **{"data-live": "schematic"}),
        ],
        className="map",
        **{"aria-label": t("live_map.map_region"), "data-panel": "map"},
    )  # fmt: skip


def strip(t: Translate) -> html.Section:
    """The last hour in small lines; each line's sentence is its heading."""
    return html.Section(
        [_line(t, name) for name in ("alerts", "traffic", "incidents")],
        className="strip",
        **{"aria-label": t("live_map.strip_region")},
    )


def detail(t: Translate) -> html.Aside:
    """What the server says of the selection, around a form that is never re-rendered."""
    return html.Aside(
        [
            html.Div(nothing(t), id=ids.LiveMap.DETAIL, className="detail__part"),
            alerts.form(t),
            device_form.form(t),
            html.Div(id=ids.LiveMap.DETAIL_MORE, className="detail__part"),
            html.P(t("live_map.privacy_note"), className="detail__privacy"),
        ],
        className="detail",
        tabIndex=-1,
        **{"aria-label": t("live_map.detail_region"), "data-panel": "detail"},
    )


def nothing(t: Translate) -> list[Any]:
    """The detail when nothing is selected."""
    return [
        html.H2(t("live_map.nothing_title"), className="detail__nothing"),
        html.P(t("live_map.nothing_hint"), className="detail__hint"),
        html.P(t("live_map.nothing_keys"), className="detail__hint"),
    ]


def gone(t: Translate, name: str) -> list[Any]:
    """The detail of something the control room no longer knows."""
    return [html.P(t("live_map.gone", id=name), className="detail__hint")]


def _line(t: Translate, name: str) -> html.Div:
    return html.Div(
        [
            html.H3(
                [t(f"live_map.strip_{name}"), html.B(className="strip__says")],
                className="strip__title",
            ),
            html.Div(className="strip__line"),
        ],
        className=f"strip__part strip__part--{name}",
        **{"data-line": name},
    )


def _facts(who: Principal, tiles: bool) -> dict[str, str]:
    """What the scripts must know before the first message; nothing here is a secret."""
    texts = {key: text for key, text in catalogue(who.language).items() if key.startswith(FEATURES)}
    return {
        "data-texts": json.dumps(texts, ensure_ascii=False, separators=(",", ":")),
        "data-language": who.language,
        "data-user": who.user,
        "data-tiles": "1" if tiles else "",
        "data-may-act": "1" if who.may(Permission.ALERTS_ACT) else "",
    }
