"""The top of the live map: what is open, what is broken, how old the picture is."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.text import Translate


def counts(t: Translate) -> list[Any]:
    """Open alerts by priority, then devices by state in words."""
    return [
        html.Span(
            t("live_map.simulated"), className="chip chip--simulated", hidden=True,
            **{"data-live": "simulated"},
        ),
        html.Ul(
            [_priority(number) for number in (1, 2, 3, 4)],
            className="health__priorities",
            **{"data-live": "priorities"},
        ),
        html.P(
            [
                html.Span(className="health__total", **{"data-live": "devices-total"}),
                html.Span(className="health__abnormal", **{"data-live": "devices-abnormal"}),
            ],
            className="health__devices",
        ),
    ]  # fmt: skip


def feed(t: Translate) -> list[Any]:
    """Data age and latency are always in sight, then the clock."""
    return [
        html.Div(
            [
                html.P(
                    [
                        html.I(className="health__dot", **{"data-live": "dot"}),
                        html.Span(t("live_map.connecting"), **{"data-live": "age"}),
                    ]
                ),
                html.P(
                    [
                        html.Span(t("live_map.latency")),
                        html.B("—", **{"data-live": "latency"}),
                        html.Button(
                            t("live_map.sound_on"), type="button", className="health__sound",
                            **{"data-live": "sound", "aria-pressed": "true"},
                        ),
                    ]
                ),
            ],
            className="health__feed",
        ),
        html.Div(
            [
                html.Time("--:--:--", className="health__time", **{"data-live": "clock"}),
                html.Small(className="health__date", **{"data-live": "date"}),
            ],
            className="health__clock",
            role="group",
            **{"aria-label": t("live_map.clock_label")},
        ),
    ]  # fmt: skip


def _priority(number: int) -> html.Li:
    return html.Li(
        [
            html.I(str(number), className=f"mark mark--p{number}", **{"aria-hidden": "true"}),
            html.B("0", **{"data-priority-count": str(number)}),
            html.Span(className="visually-hidden", **{"data-priority-says": str(number)}),
        ],
        hidden=number == 4,
        className=f"health__priority health__priority--{number}",
    )
