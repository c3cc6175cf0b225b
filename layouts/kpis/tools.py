"""What can be done with what is shown: saved views, export with a reason, print.

Small menus that assets/js/kpis_tools.js runs; each says what became of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from dashboard.kpis.indicators import BY_KEY
from dashboard.roles import Permission
from dashboard.text import Translate
from layouts.kpis.address import DETAIL, OVERVIEW, PATH, REPAIRS, VENDORS, WORST, Address
from layouts.kpis.here import Here
from layouts.markup import Tag

# What can be exported from each view; of a KPI also what it is made of.
EXPORTS: Mapping[str, Sequence[str]] = {
    OVERVIEW: ("table",),
    DETAIL: ("table",),
    VENDORS: ("vendors",),
    WORST: ("devices",),
    REPAIRS: ("repairs",),
}

OUTCOMES = {
    "saved": ("working", "failed", "saved", "forgotten"),
    "export": ("working", "failed", "exported"),
}


def tools(here: Here, views: Mapping[str, str] | None) -> html.Div:
    t = here.t
    told = [_saved(here, views)]
    if here.who.may(Permission.EXPORTS_MAKE):
        told.append(_export(here))
    told.append(
        html.Button(t("kpis.print"), type="button", className="kpis__action", **{"data-print": "1"})
    )
    return html.Div(told, className="kpis__tools")


def _saved(here: Here, views: Mapping[str, str] | None) -> html.Details:
    t = here.t
    if views is None:
        listed: Any = html.P(t("kpis.saved_unknown"), className="kpis__hint")
    elif not views:
        listed = html.P(t("kpis.saved_none"), className="kpis__hint")
    else:
        listed = html.Ul([_view(t, name, query) for name, query in views.items()])
    form = html.Form(
        [
            html.Label(
                [
                    html.Span(t("kpis.saved_name"), className="field__label"),
                    _text("name", {"maxlength": "60", "required": True, "autocomplete": "off"}),
                ],
                className="field",
            ),
            html.Button(t("kpis.saved_save"), type="submit", className="button"),
        ],
        className="kpis__form",
        **{"data-save-view": "1"},
    )
    return _menu(t, "saved", [listed, form, _says()], "saved")


def _view(t: Translate, name: str, query: str) -> html.Li:
    forget = {"data-forget-view": name, "aria-label": t("kpis.saved_forget_name", name=name)}
    return html.Li(
        [
            html.A(name, href=f"{PATH}?{query}" if query else PATH),
            html.Button(t("kpis.saved_forget"), type="button", className="link", **forget),
        ],
        className="kpis__view",
        **{"data-key": name},
    )


def _export(here: Here) -> html.Details:
    """What, in which form, and why: without a reason nothing leaves the house."""
    t = here.t
    kinds = [kind for kind in exports(here.address) if _may_export(here, kind)]
    fields = [
        _radios(t("kpis.export_what"), "kind", [(k, t(f"kpis.export_{k}")) for k in kinds]),
        _radios(t("kpis.export_format"), "format", [("xlsx", "XLSX"), ("csv", "CSV")]),
        html.Label(
            [
                html.Span(t("kpis.export_reason"), className="field__label"),
                _text(
                    "reason",
                    {"minlength": "3", "maxlength": "200", "required": True, "autocomplete": "off"},
                ),
            ],
            className="field",
        ),
        html.P(t("kpis.export_logged"), className="kpis__hint"),
        html.Button(t("kpis.export_do"), type="submit", className="button"),
    ]
    form = html.Form(fields, className="kpis__form", **{"data-export": "1"})
    return _menu(t, "export", [form, _says()], f"export-{here.address.view}")


def exports(address: Address) -> list[str]:
    """The likeliest first."""
    kinds = list(EXPORTS[address.view])
    if address.view == DETAIL:
        kpi = BY_KEY[address.key]
        kinds = [*(["breakdown"] if kpi.dims else []), *kinds]
        kinds += [kpi.of] if kpi.of in ("devices", "orders") else []
    return kinds


def _may_export(here: Here, kind: str) -> bool:
    needed = {"devices": Permission.DEVICES_SEE, "repairs": Permission.DEVICES_SEE}
    needed |= {"orders": Permission.ORDERS_SEE}
    return here.who.may(needed.get(kind, Permission.KPIS_SEE))


def _radios(label: str, name: str, options: Sequence[tuple[str, str]]) -> html.Fieldset:
    choices = []
    for at, (value, said) in enumerate(options):
        radio = {"type": "radio", "name": name, "value": value, "checked": at == 0}
        choices.append(html.Label([Tag("input", radio), said], className="kpis__radio"))
    return html.Fieldset([html.Legend(label, className="field__label"), *choices])


def _text(name: str, attributes: Mapping[str, Any]) -> Tag:
    return Tag("input", {"type": "text", "name": name, "class": "field__input", **attributes})


def _says() -> html.P:
    """What became of it, told by the script."""
    drawn = {"data-says": "1", "data-drawn": "1", "data-key": "says"}
    return html.P(role="status", className="kpis__says", **drawn)


def _menu(t: Translate, name: str, content: Sequence[Any], key: str) -> html.Details:
    """The words its script needs to say what became of what was asked."""
    summary = html.Summary(t(f"kpis.{name}"), className="kpis__action")
    body = html.Div(list(content), className="kpis__menu panel")
    says = {f"data-{word}": t(f"kpis.{name}_{word}") for word in OUTCOMES[name]}
    told = {"data-key": key, "data-tool": name, **says}
    return html.Details([summary, body], className="kpis__drop", **told)
