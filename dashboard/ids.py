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
    ASKED = "kpis-asked"  # store: {"at": ms, "marks": {...}} when the page wants new figures
    ANSWER = "kpis-answer"  # store: pieces of the page as markup (assets/js/kpis.js)
    SAID = "kpis-said"  # what changed, for screen readers
    PROBLEM = "kpis-problem"
    TOP = "kpis-top"  # head, filters, views
    CONTENT = "kpis-content"
    # below it, in this order: a chart and what stands under it
    LINE = "kpis-line"
    UNDER_LINE = "kpis-under-line"
    BARS = "kpis-bars"
    UNDER_BARS = "kpis-under-bars"
    FUNNEL = "kpis-funnel"
    UNDER_FUNNEL = "kpis-under-funnel"
    LINE_PLOT = "kpis-line-plot"
    BARS_PLOT = "kpis-bars-plot"
    FUNNEL_PLOT = "kpis-funnel-plot"
    DEFINED = "kpis-defined"  # store: the definitions as markup
    DEFINITIONS = "kpis-definitions"


class Trends(StrEnum):
    ROOT = "trends"  # a picture's places are trends-<picture>-asked, -answer, -content and so on
    MAP = "trends-map-canvas"
    MAP_KEYS = "trends-map-keys"


class Orders(StrEnum):
    LIST = "orders-list"
    DETAIL = "orders-detail"
    TICK = "orders-tick"  # store: a number the page raises when it wants new rows


class Devices(StrEnum):
    CONTENT = "devices-content"  # one device's year, from the address


class Weekly(StrEnum):
    ASKED = "weekly-asked"  # store: {"at": ms} when the page asks again
    ANSWER = "weekly-answer"  # store: the sheet as markup (assets/js/weekly.js)
    SAID = "weekly-said"  # what changed, for screen readers
    PROBLEM = "weekly-problem"
    CONTENT = "weekly-content"  # the week, from the address
    # the same of the archive
    ARCHIVE_ASKED = "weekly-archive-asked"
    ARCHIVE_ANSWER = "weekly-archive-answer"
    ARCHIVE_SAID = "weekly-archive-said"
    ARCHIVE_PROBLEM = "weekly-archive-problem"
    ARCHIVE_CONTENT = "weekly-archive-content"


class WeeklyMail(StrEnum):
    CONTENT = "weekly-mail-content"  # who gets the week by mail, and how the last ones went
    DRY_RUN = "weekly-mail-dry-run"
