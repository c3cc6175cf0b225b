"""What is done with the list as a whole: saved views, a file of it, paper.

Small menus that assets/js/kpis_tools.js runs for every page that has them; each says what became
of it. What the server does with an export is its own matter: it lists what this address lists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from dashboard.text import Translate
from layouts.markup import Tag
from layouts.orders.head import PATH

OUTCOMES = {
    "saved": ("working", "failed", "saved", "forgotten"),
    "export": ("working", "failed", "exported"),
}


def tools(t: Translate, views: Mapping[str, str] | None, exports: bool) -> list[Any]:
    """views: name -> query, None = they could not be read."""
    told: list[Any] = [_saved(t, views)]
    if exports:
        told.append(_export(t))
    paper = html.Button(
        t("kpis.print"), type="button", className="kpis__action", **{"data-print": "1"}
    )
    return [*told, paper]


def _saved(t: Translate, views: Mapping[str, str] | None) -> html.Details:
    if views is None:
        listed: Any = _hint(t("kpis.saved_unknown"))
    elif not views:
        listed = _hint(t("orders.saved_none"))
    else:
        shown = [_view(t, name, query) for name, query in views.items()]
        listed = html.Ul(shown, **{"data-key": "views"})
    name = _text("name", {"maxlength": "60", "required": True})
    save = html.Button(t("kpis.saved_save"), type="submit", className="button")
    form = html.Form(
        [_field(t("kpis.saved_name"), name), save],
        className="kpis__form",
        **{"data-save-view": "1", "data-key": "form"},
    )
    return _menu(t, "saved", [listed, form])


def _hint(text: str) -> html.P:
    return html.P(text, className="kpis__hint", **{"data-key": "hint"})


def _view(t: Translate, name: str, query: str) -> html.Li:
    forget = {"data-forget-view": name, "aria-label": t("kpis.saved_forget_name", name=name)}
    link = html.A(name, href=f"{PATH}?{query}" if query else PATH, **{"data-orders-go": "1"})
    button = html.Button(t("kpis.saved_forget"), type="button", className="link", **forget)
    return html.Li([link, button], className="kpis__view", **{"data-key": name})


def _export(t: Translate) -> html.Details:
    """Without a reason nothing leaves the house."""
    reason = _text("reason", {"minlength": "3", "maxlength": "200", "required": True})
    fields = [
        Tag("input", {"type": "hidden", "name": "kind", "value": "orders"}),
        _formats(t),
        _field(t("kpis.export_reason"), reason),
        html.P(t("kpis.export_logged"), className="kpis__hint"),
        html.Button(t("kpis.export_do"), type="submit", className="button"),
    ]
    form = html.Form(fields, className="kpis__form", **{"data-export": "1"})
    return _menu(t, "export", [form])


def _formats(t: Translate) -> html.Fieldset:
    choices = [
        html.Label(
            [
                Tag("input", {"type": "radio", "name": "format", "value": value,
                              "checked": value == "xlsx"}),
                value.upper(),
            ],
            className="kpis__radio",
        )
        for value in ("xlsx", "csv")
    ]  # fmt: skip
    legend = html.Legend(t("kpis.export_format"), className="field__label")
    return html.Fieldset([legend, *choices])


def _text(name: str, attributes: Mapping[str, Any]) -> Tag:
    shared = {"type": "text", "name": name, "class": "field__input", "autocomplete": "off"}
    return Tag("input", {**shared, **attributes})


def _field(label: str, field: Tag) -> html.Label:
    return html.Label([html.Span(label, className="field__label"), field], className="field")


def _menu(t: Translate, name: str, content: Sequence[Any]) -> html.Details:
    """With the words its script needs to say what became of what was asked."""
    drawn = {"data-says": "1", "data-drawn": "1", "data-key": "says"}
    says = html.P(role="status", className="kpis__says", **drawn)
    told = {f"data-{word}": t(f"kpis.{name}_{word}") for word in OUTCOMES[name]}
    return html.Details(
        [
            html.Summary(t(f"kpis.{name}"), className="kpis__action"),
            html.Div([*content, says], className="kpis__menu panel"),
        ],
        className="kpis__drop",
        **{"data-key": name, "data-tool": name, "data-page": "orders", **told},
    )
