"""Decisions that are asked for, and for those who may ask the form to do so.

The form is drawn once and then belongs to its reader ([data-drawn]): nothing typed is lost when
the page is drawn anew. assets/js/weekly.js sends it.
"""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.roles import Permission
from dashboard.weekly.summary import Decision
from layouts.markup import Tag
from layouts.weekly import words
from layouts.weekly.here import Here, hidden
from layouts.weekly.lists import none, section

LONGEST = 300  # as data_sources/weekly/decisions.py has it
FIELD = "weekly-decision-text"
SAID = ("sending", "failed", "asked", "withdrawn", "empty")


def decisions(here: Here) -> html.Section:
    t = here.t
    may = here.who.may(Permission.WEEKLY_DECIDE)
    listed: Any = none(t("weekly_page.no_decisions"))
    if here.decisions:
        items = [_decision(here, one, may) for one in here.decisions]
        listed = html.Ol(items, className="weekly__list weekly__list--numbered")
    content = [listed, *([_form(here)] if may else [])]
    return section(t("weekly_page.decisions"), "", content, "decisions")


def _decision(here: Here, one: Decision, may: bool) -> html.Li:
    t = here.t
    by = html.P(t("weekly_page.asked_by", by=one.by, at=words.moment(t, one.at_ms)))
    away = [_withdraw(here, one)] if may else []
    return html.Li(
        html.Div([html.Div(one.text, className="weekly__asked"), by, *away]),
        className="weekly__item", **{"data-key": one.id},
    )  # fmt: skip


def _withdraw(here: Here, one: Decision) -> html.Button:
    t = here.t
    return html.Button(
        [t("weekly_page.withdraw"), hidden(f": {one.text}")],
        type="button",
        className="weekly__withdraw",
        **{"data-withdraw": one.id},
    )


def _form(here: Here) -> html.Form:
    """Each week has its own."""
    t = here.t
    told = {"id": FIELD, "name": "text", "rows": 2, "maxlength": LONGEST, "class": "field__input"}
    field = html.Div(
        [
            html.Label(t("weekly_page.ask_for"), htmlFor=FIELD, className="field__label"),
            Tag("textarea", {**told, "aria-describedby": f"{FIELD}-hint"}),
            html.P(t("weekly_page.ask_hint"), id=f"{FIELD}-hint", className="field__hint"),
        ],
        className="field",
    )
    button = html.Button(t("weekly_page.ask"), type="submit", className="button")
    says = html.P(className="weekly__says", role="status", **{"data-says": "1"})
    return html.Form(
        [field, html.Div([button, says], className="weekly__send")],
        noValidate=True,
        className="weekly__form",
        **{
            "data-weekly-ask": here.word,
            "data-drawn": "1",
            "data-key": f"ask-{here.word}",
            **{f"data-{name}": t(f"weekly_page.{name}") for name in SAID},
        },
    )
