"""The `?` dialog: every key of the live map."""

from __future__ import annotations

from dash import html

from dashboard.text import Translate

KEYS = (
    ("Enter", "enter"),
    ("N  P", "next"),
    ("J  K", "rows"),
    ("A", "assign"),
    ("V", "close"),
    ("M", "note"),
    ("R", "release"),
    ("/", "search"),
    ("F", "filters"),
    ("X", "problems"),
    ("G", "center"),
    ("0", "city"),
    ("S", "sound"),
    ("Esc", "escape"),
    ("?", "help"),
)


def dialog(t: Translate) -> html.Dialog:
    rows = [
        html.Div(
            [
                html.Dt([html.Kbd(key, className="kbd") for key in keys.split()]),
                html.Dd(t(f"alerts.help_{name}")),
            ],
            className="keys__row",
        )
        for keys, name in KEYS
    ]
    return html.Dialog(
        [
            html.H2(t("alerts.help_title"), id="keys-title"),
            html.Dl(rows, className="keys__list"),
            html.P(t("alerts.help_map"), className="keys__map"),
            html.Div(
                [
                    html.Button(
                        t("alerts.help_switch"), type="button", className="chip",
                        **{"data-live": "keys-switch", "aria-pressed": "true"},
                    ),
                    html.Button(t("live_map.close"), type="button", className="button",
                                **{"data-shut": "keys"}),
                ],
                className="keys__foot",
            ),
        ],
        className="keys",
        **{"data-live": "keys", "aria-labelledby": "keys-title"},
    )  # fmt: skip
