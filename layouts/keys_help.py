"""The `?` dialog: every key of the live map. keyboard_help.js lists them on first use."""

from __future__ import annotations

from dash import html

from dashboard.text import Translate


def dialog(t: Translate) -> html.Dialog:
    return html.Dialog(
        [
            html.H2(t("alerts.help_title"), id="keys-title"),
            html.Dl(className="keys__list", **{"data-live": "keys-list"}),
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
