"""The form that acts on the selected order: buttons by state, one small form at a time.

It stays while the detail around it is drawn anew. Its fields are made by assets/js/orders/form.js
and never replaced by an update; which buttons are shown comes with each order (callbacks/orders).
"""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.text import Translate

# every action, in the order of the buttons, with its fields and their labels
FIELDS = {
    "assign": (("to", "assign_to"),),
    "repaired": (("done_at", "done_at"), ("note", "note_text")),
    "parts": (("note", "note_text"),),
    "note": (("note", "note_text"),),
    "exclude": (("reason", "exclude_reason"),),
    "include": (("reason", "include_reason"),),
    "cancel": (("reason", "cancel_reason"),),
}


def form(t: Translate) -> html.Div:
    buttons = [
        html.Button(t(f"orders.action_{name}"), type="button", className="button", hidden=True,
                    **{"data-orders-act": name, "aria-expanded": "false"})
        for name in FIELDS
    ]  # fmt: skip
    again = html.Button(t("orders.send_again"), type="button", className="button", hidden=True,
                        **{"data-orders-again": "1"})  # fmt: skip
    said = html.P(role="status", className="form__says", **{"data-orders": "form-says"})
    return html.Div(
        [
            html.Div(buttons, className="orders__actions", role="group",
                     **{"aria-label": t("orders.actions")}),
            *(_small_form(t, name) for name in FIELDS),
            html.Div([said, again], className="form__outcome"),
        ],
        className="form orders__form",
        hidden=True,
        **{"data-orders": "form"},
    )  # fmt: skip


def _small_form(t: Translate, name: str) -> html.Form:
    fields: list[Any] = []
    for field, label in FIELDS[name]:
        of = f"orders-{name}-{field}"
        fields.append(html.Label(t(f"orders.{label}"), htmlFor=of, className="field__label"))
        fields.append(html.Div(**{"data-orders-input": of, "data-field": field}))
    send = html.Div(
        [
            html.Button(t(f"orders.do_{name}"), type="submit", className="button"),
            html.Button(t("orders.never_mind"), type="button", className="button button--quiet",
                        **{"data-orders-cancel": name}),
        ],
        className="form__send",
    )  # fmt: skip
    return html.Form([*fields, send], className="form__small", hidden=True,
                     **{"data-orders-form": name})  # fmt: skip
