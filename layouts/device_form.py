"""Taking a device out of service and back: for those who look after the equipment.

Like the form of alerts it stands outside of what is rendered again; device_form.js runs it.
"""

from __future__ import annotations

from dash import html

from dashboard.text import Translate


def form(t: Translate) -> html.Div:
    fields = [
        html.Label(
            t("live_map.service_reason"), htmlFor="service-reason", className="field__label"
        ),
        html.Div(**{"data-input": "service-reason"}),
        _label(t("live_map.service_until"), "service-until"),
        html.Div(**{"data-input": "service-until"}),
        html.Button(t("live_map.service_do"), type="submit", className="button"),
    ]
    buttons = [
        html.Button(
            t(f"live_map.service_{name}"), type="button", className="button",
            **{"data-service": name},
        )
        for name in ("out", "back")
    ]  # fmt: skip
    says = html.P(role="status", className="form__says", **{"data-live": "service-says"})
    return html.Div(
        [
            html.Div(buttons, className="form__service"),
            html.Form(fields, className="form__small", hidden=True,
                      **{"data-live": "service-form"}),
            says,
        ],
        className="form",
        hidden=True,
        **{"data-live": "service"},
    )  # fmt: skip


def _label(words: str, field: str) -> html.Label:
    return html.Label(words, htmlFor=field, className="field__label")
