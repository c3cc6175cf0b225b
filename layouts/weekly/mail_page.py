"""The page of the weekly mail: who gets it, how the last ones went, and a dry run.

Twin: callbacks/weekly/mail_page.py. assets/js/weekly_mail.js puts the parts in place and sends
what is asked for. For those who may know the addresses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard import ids
from dashboard.principal import Principal
from dashboard.text import LANGUAGES, Translate
from dashboard.weekly.mail_state import MailState
from dashboard.weekly.mailing import Reader
from layouts import shell
from layouts.markup import Tag
from layouts.weekly import mail_words, words
from layouts.weekly.mail import Letter

PATH = "/weekly/mail"
COLUMNS = ("address", "language", "added", "last")
SAID = ("sending", "failed")


@dataclass(frozen=True, slots=True)
class DryRun:
    """headers: as they would be sent, the reader hidden. pdf_bytes None: it cannot be made.
    held: why it would not go now (mailing.HELD), "" = it would; problem: the same in words."""

    week: str
    language: str
    letter: Letter
    headers: Mapping[str, str]
    pdf_bytes: int | None
    held: str
    problem: str


def layout(t: Translate, who: Principal, simulated: bool = False) -> html.Div:
    loading = html.P(t("weekly_mail.loading"), className="empty", role="status")
    content = [
        html.Div(
            [html.H1(t("weekly_mail.title")), html.A(t("weekly_mail.to_weekly"), href="/weekly")],
            className="weekly-mail__head",
        ),
        html.Div(loading, id=ids.WeeklyMail.CONTENT),
        html.Div(id=ids.WeeklyMail.DRY_RUN),
    ]
    return shell.shell(t, who, "weekly_mail", content, simulated)


def content(t: Translate, state: MailState, readers: Sequence[Reader]) -> html.Div:
    return html.Div(
        [
            standing(t, state),
            _section(t, "readers", [_table(t, state, readers), _add(t)]),
            _section(t, "dry_run", [_languages(t)]),
        ],
        **{"data-week": state.round.week.word},
    )


def problem(words_: str) -> html.P:
    return html.P(words_, role="alert", className="weekly-mail__problem")


def _section(t: Translate, name: str, parts: Sequence[Any]) -> html.Section:
    title, what = html.H2(t(f"weekly_mail.{name}")), html.P(t(f"weekly_mail.{name}_what"))
    return html.Section([title, what, *parts], className="weekly-mail__section")


# -- how they stand ------------------------------------------------------------------------------


def standing(t: Translate, state: MailState) -> html.Div:
    if not state.on:
        told = [html.B(t("weekly_mail.off")), html.Span(t("weekly_mail.off_what"))]
        return html.Div(told, className="weekly-mail__standing panel")
    told = [
        html.B(f"{mail_words.of_week(t, state)}: {mail_words.counts(t, state)}"),
        html.Span(mail_words.next_time(t, state)),
    ]
    if state.held is not None:
        said = mail_words.held(t, state, state.held)
        told.append(html.Span(said, className="weekly-mail__bad", role="alert"))
    return html.Div(told, className="weekly-mail__standing panel")


# -- readers -------------------------------------------------------------------------------------


def _table(t: Translate, state: MailState, readers: Sequence[Reader]) -> Any:
    if not readers:
        return html.P(t("weekly_mail.readers_empty"), className="empty")
    heads = [html.Th(t(f"weekly_mail.column_{name}"), scope="col") for name in COLUMNS]
    heads.append(html.Th(html.Span(t("weekly_mail.column_do"), className="visually-hidden")))
    body = html.Tbody([_row(t, state, one) for one in readers])
    table = html.Table([html.Thead(html.Tr(heads)), body], className="table weekly-mail__table")
    label = {"aria-label": t("weekly_mail.readers")}
    return html.Div(
        table, className="weekly-mail__scroll panel", tabIndex="0", role="region", **label
    )


def _row(t: Translate, state: MailState, reader: Reader) -> html.Tr:
    added = t("weekly_mail.by", user=reader.by, at=words.moment(t, reader.at_ms))
    return html.Tr(
        [
            html.Th(reader.address, scope="row"),
            html.Td(t(f"shell.language_{reader.language}")),
            html.Td(added),
            html.Td(_last(t, state, reader.id)),
            html.Td(_buttons(t, state, reader), className="weekly-mail__do"),
        ],
        **{"data-key": reader.id},
    )


def _last(t: Translate, state: MailState, reader_id: str) -> list[Any]:
    told: list[Any] = [mail_words.mail(t, state, reader_id)]
    if reason := mail_words.why(t, state.mails.get(reader_id)):
        told.append(html.Small(reason, className="weekly-mail__why"))
    return told


def _buttons(t: Translate, state: MailState, reader: Reader) -> list[html.Button]:
    found = [_button(t, "remove", reader)]
    if state.may_go_again(reader.id):
        found.insert(0, _button(t, "again", reader))
    return found


def _button(t: Translate, name: str, reader: Reader) -> html.Button:
    """The first press asks, the second does it (assets/js/weekly_mail.js)."""
    return html.Button(
        t(f"weekly_mail.{name}"),
        type="button",
        className="button",
        **{
            "data-mail-do": name,
            "data-reader": reader.id,
            "data-sure": t(f"weekly_mail.{name}_sure"),
            "data-key": f"{reader.id}-{name}",
            "aria-label": t(f"weekly_mail.{name}_whom", address=reader.address),
        },
    )


def _add(t: Translate) -> html.Form:
    options = [Tag("option", {"value": one}, t(f"shell.language_{one}")) for one in LANGUAGES]
    address = {"id": "weekly-mail-address", "name": "address", "type": "email", "required": True}
    more = {"class": "field__input", "autocomplete": "off", "maxlength": 254, "spellcheck": "false"}
    language = {"id": "weekly-mail-language", "name": "language", "class": "field__input"}
    return html.Form(
        [
            _field(t, "address", Tag("input", {**address, **more})),
            _field(t, "language", Tag("select", language, options)),
            html.Button(t("weekly_mail.add"), type="submit", className="button button--primary"),
            html.P(className="form__says", role="status", **{"data-says": "1"}),
        ],
        className="weekly-mail__add",
        noValidate=True,
        **{
            "data-mail-add": "1",
            "data-drawn": "1",
            "data-key": "add",
            **{f"data-{word}": t(f"weekly_mail.{word}") for word in SAID},
        },
    )


def _field(t: Translate, name: str, field: Tag) -> html.Div:
    label = html.Label(
        t(f"weekly_mail.column_{name}"), htmlFor=f"weekly-mail-{name}", className="field__label"
    )
    return html.Div([label, field], className="field")


# -- a dry run -----------------------------------------------------------------------------------


def _languages(t: Translate) -> html.P:
    links = [
        html.A(t(f"shell.language_{one}"), href=f"{PATH}?dry={one}", className="button")
        for one in LANGUAGES
    ]
    return html.P(links, className="weekly-mail__languages")


def dry_run(t: Translate, found: DryRun) -> html.Section:
    size = f"{found.pdf_bytes / 1024:,.0f} KiB" if found.pdf_bytes else t("weekly_mail.no_pdf")
    told = {**found.headers, "PDF": size}
    heads = [html.Div([html.Dt(name), html.Dd(value)]) for name, value in told.items()]
    frame = html.Iframe(
        srcDoc=found.letter.html,
        sandbox="",
        title=t("weekly_mail.as_html"),
        className="weekly-mail__html",
    )
    parts: list[Any] = [
        html.H2(found.letter.subject),
        html.Dl(heads, className="weekly-mail__headers"),
        html.H3(t("weekly_mail.as_html")),
        frame,
        html.H3(t("weekly_mail.as_text")),
        html.Pre(
            found.letter.text, className="weekly-mail__text", tabIndex="0", lang=found.language
        ),
    ]
    if found.problem:
        parts.insert(1, problem(found.problem))
    return html.Section(parts, className="weekly-mail__section")
