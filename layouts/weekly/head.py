"""The top of the page: which week, how sure, and on the desk beside the sheet what can be done."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.roles import Permission
from dashboard.weekly.week import Week
from layouts.kpis import words as kpi_words
from layouts.weekly import address, mail_page, words
from layouts.weekly.here import Here, spoken

ENDS = 4  # letters of the hash at either end


def head(here: Here) -> html.Header:
    t, summary = here.t, here.summary
    of = [
        words.days(t, summary),
        t("kpis.whole_city"),
        t("weekly_page.routes_in_all", n=kpi_words.count(summary.routes_in_all)),
        t("weekly_page.devices_in_all", n=kpi_words.count(summary.inputs.devices)),
    ]
    title = html.H1(name(here), tabIndex="-1", **{"data-title": "1"})
    parts = [html.Span(one, className="weekly__of-part") for one in of]
    days = html.P([one for part in parts for one in (part, " · ")][:-1], className="weekly__of")
    return html.Header(
        [html.Div([title, days]), html.Div(_seal(here), className="weekly__seal")],
        className="weekly__head",
    )


def name(here: Here) -> str:
    return here.t("weekly_page.title", week=words.week_name(here.t, here.word))


def _seal(here: Here) -> list[html.P]:
    t, sealed, summary = here.t, here.sealed, here.summary
    heard = ""
    if summary.coverage is not None:
        heard = t("weekly_page.coverage", share=kpi_words.share(summary.coverage))
    if sealed is None:
        state = html.P(html.B(t("weekly_page.provisional"), className="weekly__provisional"))
        return [state, html.P(heard)] if heard else [state]
    at, revision = words.moment(t, sealed.sealed_ms), t("weekly_page.revision", n=sealed.revision)
    if here.revisions > 1:
        revision = html.A(revision, href="#revisions")
    seal = html.A(
        spoken(short(sealed.hash), t("weekly_page.seal_aloud", hash=short(sealed.hash))),
        href="#sources",
        title=sealed.hash,
    )
    beside: list[Any] = [heard, " · "] if heard else []
    return [
        html.P([html.B(t("weekly_page.sealed")), f" {at} · ", revision]),
        html.P([*beside, t("weekly_page.seal"), " ", seal]),
    ]


def short(hash_: str) -> str:
    return f"{hash_[:ENDS]}…{hash_[-ENDS:]}"


def standing(here: Here) -> list[html.P]:
    """What must be known before a figure is read: that it can still change, or was revised."""
    t, summary = here.t, here.summary
    if here.is_old and here.sealed is not None:
        newest = html.A(t("weekly_page.to_newest"), href=address.to(here.word))
        said = t("weekly_page.is_old", n=here.sealed.revision, newest=here.revisions)
        return [html.P([said, " ", newest], className="weekly__standing")]
    if here.sealed is not None:
        return []
    if summary.complete:
        return [html.P(t("weekly_page.soon_sealed"), className="weekly__standing")]
    known = words.moment(t, summary.known_to_ms)
    settled = words.moment(t, Week.of(here.word).settled_ms)
    said = t("weekly_page.still_runs", known=known, settled=settled)
    return [html.P(said, className="weekly__standing")]


def tools(here: Here) -> html.Nav:
    """Other weeks on the left, this one elsewhere on the right."""
    t, revision = here.t, here.sealed.revision if here.is_old and here.sealed else 0
    weeks = [_to_week(here, "earlier", here.earlier), _to_week(here, "later", here.later)]
    pdf = html.A(
        t("weekly_page.pdf"),
        href=address.pdf(here.word, here.who.language, revision),
        download=f"{here.word}.pdf",
        className="weekly__tool",
    )
    printed = html.Button(
        t("weekly_page.print"), type="button", className="weekly__tool", **{"data-print": "1"}
    )
    against = []
    if here.earlier:
        href = address.to(here.word, other=here.earlier)
        against = [html.A(t("weekly_page.compare"), href=href, className="weekly__tool")]
    archive = html.A(t("weekly_page.archive"), href=address.ARCHIVE, className="weekly__tool")
    mail = []
    if here.who.may(Permission.WEEKLY_MAIL):
        mail = [html.A(t("weekly_page.mail"), href=mail_page.PATH, className="weekly__tool")]
    return html.Nav(
        [
            html.Div([one for one in weeks if one], className="weekly__weeks"),
            html.Div([pdf, printed, *against, archive, *mail], className="weekly__doors"),
        ],
        className="weekly__tools",
        **{"aria-label": t("weekly_page.tools")},
    )


def _to_week(here: Here, side: str, word: str) -> html.A | None:
    if not word:
        return None
    said = words.week_name(here.t, word)
    return html.A(
        [html.Span(said)],
        href=address.to(word),
        className=f"weekly__tool weekly__tool--{side}",
        rel="prev" if side == "earlier" else "next",
        **{"aria-label": here.t(f"weekly_page.{side}", week=said)},
    )
