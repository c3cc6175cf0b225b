"""Ids of every component a callback or a script names: one StrEnum per feature."""

from __future__ import annotations

from enum import StrEnum


class Shell(StrEnum):
    LOCATION = "shell-location"
    PAGE = "shell-page"
    NOTICE = "shell-notice"  # trouble, told in words
    TITLE = "shell-title"  # name of the page shown, for the window and for screen readers


class LiveMap(StrEnum):
    MAP = "live-map-map"
    SELECTION = "live-map-selection"  # store: {"kind": "device"|"alert", "id": str, "rev": int}
    DETAIL = "live-map-detail"  # server-rendered detail of the selection: head and cause
    DETAIL_MORE = "live-map-detail-more"  # and below the form: what is around, timeline
    ROOT = "live-map"


class System(StrEnum):
    FEEDS = "system-feeds"  # carries all figures as texts, in data-figures
    REJECTED = "system-rejected"
    UNREGISTERED = "system-unregistered"
    TICK = "system-tick"  # store: a number the page raises when it wants new figures
    RESEND = "system-resend"  # store: {"entry": "<partition>/<entry id>", "at": ms}
    NOTICE = "system-notice"


class Kpis(StrEnum):
    CONTENT = "kpis-content"  # everything that follows from the address
    FILTERS = "kpis-filters"
    VIEWS = "kpis-views"  # the person's saved views
    CHART = "kpis-chart"


class Orders(StrEnum):
    LIST = "orders-list"
    DETAIL = "orders-detail"
    TICK = "orders-tick"  # store: a number the page raises when it wants new rows


class Devices(StrEnum):
    CONTENT = "devices-content"  # one device's year, from the address
