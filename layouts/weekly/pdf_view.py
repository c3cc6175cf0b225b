"""A week as plain JSON of words, for the template of the document (week.typ): the first page.

Nothing is worked out here; everything is said by words.py. Whatever does not fit on the page is
left out by the template, which knows how tall things are, and stands in the appendix
(pdf_appendix.py) in full.
"""

from __future__ import annotations

from dashboard.kpis.groups import Dim
from dashboard.text import Translate
from dashboard.weekly.measures import BY_KEY
from dashboard.weekly.summary import Row, Sealed
from layouts.kpis import words as kpis
from layouts.weekly import words
from layouts.weekly.effect import effect
from layouts.weekly.ink import chart_ink, paper
from layouts.weekly.lines import Frame, svg, tone
from layouts.weekly.pdf_appendix import appendix
from layouts.weekly.pdf_blocks import TONES, Paper, cell, line_said, stars, target
from layouts.weekly.pdf_text import Json, plain

SMALL = Frame(74, 19)
BESIDE = ("d28", "year", "last_year")
COLUMNS = ("week", *BESIDE, "usual", "z", "line")
ENOUGH = 0.95  # coverage that is not worth a word beside the figure
SHORT = 180  # letters of a decision or a reason on the first page
HASH_ENDS, SHORT_HASH = 4, 12


def view(one: Paper) -> Json:
    t = one.t
    return {
        **_common(one), "page_one": first_page(one), "appendix": appendix(one),
        "appendix_title": t("weekly_pdf.appendix"),
    }  # fmt: skip


def first_page(one: Paper) -> Json:
    t = one.t
    rows = [row for row in one.summary.rows if BY_KEY[row.key].main]
    return {
        "head": _head(one),
        "said": [one.say_marked(said) for said in one.summary.said],
        "columns": [
            t("weekly_page.column_measure"),
            *(t(f"weekly_page.column_{c}") for c in COLUMNS),
        ],
        "rows": [_row(one, row) for row in rows],
        "routes": _routes(one),
        "decisions": _decisions(one),
        "pilots": _pilots(one),
        "foot": _foot(one),
    }


def _common(one: Paper) -> Json:
    """What every page needs."""
    t, sealed, summary = one.t, one.shown.sealed, one.summary
    state, standing = t("weekly_page.provisional"), ""
    if sealed:
        state = f"{_revision(one, sealed)} · {t('weekly_page.seal')} {sealed.hash[:SHORT_HASH]}"
    else:
        known = words.moment(t, summary.known_to_ms)
        standing = t("weekly_pdf.provisional", known=known)
    return {
        "lang": one.language, "city": one.city, "state": state, "provisional": standing,
        "title": t("weekly_page.title", week=words.week_name(t, summary.week)), "paper": paper(),
    }  # fmt: skip


# -- head ----------------------------------------------------------------------------------------


def _head(one: Paper) -> Json:
    t, summary = one.t, one.summary
    under = (
        words.days(t, summary), one.city,
        t("weekly_page.routes_in_all", n=kpis.count(summary.routes_in_all)),
        t("weekly_page.devices_in_all", n=kpis.count(summary.inputs.devices)),
    )  # fmt: skip
    return {"under": " · ".join(under), "seal": _seal(one)}


def _seal(one: Paper) -> list[Json]:
    """Lines; strong: the words one of them begins with."""
    t, sealed, summary = one.t, one.shown.sealed, one.summary
    heard = words.NOTHING if summary.coverage is None else kpis.share(summary.coverage)
    heard = t("weekly_page.coverage", share=heard)
    lines = [(t("weekly_page.provisional"), ""), ("", heard)]
    if sealed:
        ends = f"{sealed.hash[:HASH_ENDS]}…{sealed.hash[-HASH_ENDS:]}"
        said = f"{words.moment(t, sealed.sealed_ms)} · {_revision(one, sealed)}"
        lines = [(t("weekly_page.sealed"), said), ("", f"{heard} · {t('weekly_page.seal')} {ends}")]
    if summary.simulated:
        lines.append(("", t("shell.simulated")))
    return [{"strong": strong, "text": text} for strong, text in lines]


def _revision(one: Paper, sealed: Sealed) -> str:
    """An old one says so."""
    said = one.t("weekly_page.revision", n=sealed.revision)
    if sealed.revision == one.shown.revisions:
        return said
    return one.t("weekly_pdf.old_revision", revision=said, newest=one.shown.revisions)


# -- the table -----------------------------------------------------------------------------------


def _row(one: Paper, row: Row) -> Json:
    t, unit, under = one.t, BY_KEY[row.key].unit, beside(one.t, row)
    return {
        "to": f"d-{row.key}",
        "name": plain(words.measure(t, row.key)),
        "under": [*(f"{said} ·" for said in under[:-1]), *under[-1:]],
        "mark": tone(row.usual),
        "sign": words.mark(row.usual),
        "week": cell(one, row.week, unit),
        "spans": [cell(one, getattr(row, span), unit) for span in BESIDE],
        "usual": words.usual(t, row.usual, unit),
        "z": words.z(t, row.usual),
        "svg": svg(row, chart_ink(), SMALL),
        "alt": line_said(t, row),
    }


def beside(t: Translate, row: Row) -> list[str]:
    """What is told under the name: what the figure is made of, its target, what was not heard."""
    told, measure = row.week, BY_KEY[row.key]
    if told.value is None:
        return [words.why(t, told)]
    said = [words.part(t, name, told.parts[name]) for name in measure.shown if name in told.parts]
    said += target(t, row)
    if told.coverage is not None and told.coverage < ENOUGH:
        said.append(t("weekly_page.coverage", share=kpis.share(told.coverage)))
    return said


# -- below the table -----------------------------------------------------------------------------


def _list(one: Paper, name: str, note: str, items: list[Json]) -> Json:
    """more: what is said of so many that are left out."""
    t = one.t
    more = [t("weekly_pdf.more", n=n) for n in range(len(items) + 1)]
    none = plain(t(f"weekly_page.no_{name}"))
    return {
        "title": t(f"weekly_page.{name}"),
        "note": note,
        "items": items,
        "more": more,
        "none": none,
    }


def _routes(one: Paper) -> Json:
    t, needs = one.t, one.summary.routes
    items = [
        {
            "to": f"route-{need.route}", "tone": TONES[need.level],
            "tag": t(f"weekly_page.level_{need.level}"),
            "head": plain(short(one.names(Dim.ROUTE, need.route))),
            "text": [unit for said in need.reasons for unit in one.say(said)],
        }
        for need in needs
    ]  # fmt: skip
    note = t("weekly_page.routes_of", n=len(needs), of=one.summary.routes_in_all) if needs else ""
    return _list(one, "routes", note, items)


def _decisions(one: Paper) -> Json:
    t = one.t
    items = [
        {
            "head": plain(short(said.text)),
            "text": plain(t("weekly_page.asked_by", by=said.by, at=words.moment(t, said.at_ms))),
        }
        for said in one.shown.standing
    ]
    return _list(one, "decisions", "", items)


def short(text: str) -> str:
    return text if len(text) <= SHORT else text[: SHORT - 1].rstrip() + "…"


def _pilots(one: Paper) -> Json:
    items = [
        {
            "head": plain(short(f"{pilot.pilot} {pilot.name}")),
            "text": plain(effect(one.t, pilot)),
        }
        for pilot in one.summary.pilots
    ]
    note = one.t("weekly_page.pilots_n", n=len(items)) if items else ""
    return _list(one, "pilots", note, items)


def _foot(one: Paper) -> list[Json]:
    """The legend, then what a reader must know; the template takes what fits."""
    t = one.t
    legend = [t(f"weekly_page.legend_{name}") for name in ("usual", "marks", "z")]
    notes = [plain(" ".join((*legend, *(f"{star}." for star in stars(one)))))]
    return [*notes, *(one.say(said) for said in one.summary.caveats)]
