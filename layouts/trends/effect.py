"""What one pilot changed: what it changes directly first, then incidents, then its history."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.format import clock
from dashboard.kpis.choice import day_of_ms, start_of
from dashboard.kpis.indicators import BY_KEY
from dashboard.pilots.change import Change
from dashboard.pilots.evaluation import Evaluation
from dashboard.pilots.ground import Ground
from dashboard.pilots.outcomes import ALERTS, KPI, Outcome
from dashboard.pilots.pilot import AREAS, NIGHT, Kept, Pilot, differing
from dashboard.roles import Permission
from dashboard.stream.rollups import DAY_MS
from layouts.kpis import words
from layouts.trends import pilot_form
from layouts.trends.effect_incidents import incidents_part
from layouts.trends.explain import explained
from layouts.trends.here import Here, Picture
from layouts.trends.pilot_words import (
    area_words,
    category_words,
    days_words,
    note,
    outcome_words,
)

HEADS = ("treated_before", "treated_after", "control_before", "control_after")


def nothing_chosen(here: Here) -> Picture:
    return Picture(above=[note(here.t("pilots.choose"))])


def unknown_pilot(here: Here) -> Picture:
    return Picture(above=[note(here.t("pilots.unknown", value=here.address.pilot[:40]))])


def effect_picture(here: Here, kept: Kept, found: Evaluation, ground: Ground) -> Picture:
    above = [*_what(here, kept), *_compared(here, found)]
    if found.process:
        above += [html.H3(here.t("pilots.process")), explained(here.t, "pilots.process")]
        above += [_process(here, kept.now, found.process), note(here.t("pilots.detection"))]
    if found.crime is not None:
        above += [html.H3(here.t("pilots.incidents")), explained(here.t, "pilots.incidents")]
        above += incidents_part(here, found.crime)
    below: list[Any] = [_history(here, kept)]
    if here.who.may(Permission.PILOTS_DEFINE) and not kept.now.withdrawn:
        below += pilot_form.change(here, ground, kept.now)
    return Picture(above=[html.Div([*above, *below], **{"data-key": kept.now.id})])


def _what(here: Here, kept: Kept) -> list[Any]:
    t, pilot = here.t, kept.now
    told = [
        html.H3([html.Small(pilot.id, className="pilots__id"), " ", pilot.name]),
        html.P(pilot.what, className="pilots__what"),
        note(days_words(here, pilot)),
        html.Dl([_pair(t(f"pilots.area_{n}"), area_words(here, pilot.area(n)))
                 for n in pilot.areas], className="pilots__facts"),
    ]  # fmt: skip
    if pilot.categories:
        told.append(note(t("pilots.only", categories=category_words(here, pilot.categories))))
    if pilot.withdrawn:
        told.append(note(t("pilots.withdrawn", why=pilot.withdrawn), careful=True))
    return [*told, *_honesty(here, kept)]


def _pair(name: str, said: str) -> html.Div:
    return html.Div([html.Dt(name), html.Dd(said)])


def _honesty(here: Here, kept: Kept) -> list[Any]:
    """Whether it was said beforehand what it would be judged by."""
    t, pilot = here.t, kept.now
    late = (day_of_ms(kept.versions[0].defined_ms) - pilot.first).days
    told = []
    if not pilot.outcomes:
        told.append(note(t("pilots.no_outcome")))
    else:
        key = "pilots.named_late" if late > 0 else "pilots.named_before"
        told.append(note(t(key, outcomes=outcome_words(here, pilot.outcomes), n=late)))
    if changed := kept.changed:
        told.append(note(t("pilots.changed_later", n=len(changed)), careful=True))
    return told


def _compared(here: Here, found: Evaluation) -> list[Any]:
    t, spans = here.t, found.spans
    if spans.before is None or spans.after is None:
        return [note(t(f"pilots.why_{spans.why}"), careful=True)]
    before, after = spans.days
    told = [
        note(
            t(
                "pilots.compared",
                before=words.days(t, spans.before), n_before=before,
                after=words.days(t, spans.after), n_after=after,
            )
        )
    ]  # fmt: skip
    if before != after:
        told.append(note(t("pilots.unequal")))
    if not spans.same_season:
        told.append(note(t("pilots.season")))
    if found.counted_from_ms > spans.before.from_ms:
        first = day_of_ms(found.counted_from_ms)
        day = t("kpis.day_of_year", year=first.year, day=words.day(t, first))
        told.append(note(t("pilots.counted_from", day=day)))
    return told


# -- process ---------------------------------------------------------------------------------


def _process(here: Here, pilot: Pilot, process: tuple[Outcome, ...]) -> html.Div:
    t = here.t
    caption = html.Caption(t("pilots.process"), className="visually-hidden")
    heads = [html.Th(t("pilots.column_outcome"), scope="col")]
    heads += [html.Th(t(f"pilots.head_{name}"), scope="col") for name in HEADS]
    heads.append(html.Th(t("pilots.column_change"), scope="col"))
    rows = [_outcome(here, one, one.key in pilot.outcomes) for one in process]
    table = html.Table(
        [caption, html.Thead(html.Tr(heads)), html.Tbody(rows)], className="table pilots__table"
    )
    return html.Div(
        table, className="pilots__across", tabIndex="0", role="region",
        **{"aria-label": t("pilots.process")},
    )  # fmt: skip


def _outcome(here: Here, one: Outcome, named: bool) -> html.Tr:
    t = here.t
    name: list[Any] = [t(f"pilots.outcome_{one.key}")]
    if named:
        name.append(html.Small(t("pilots.named"), className="pilots__named"))
    cells = [html.Td(_figure(here, one, at)) for at in range(4)]
    change = html.Td(_change(here, one), className="pilots__change")
    return html.Tr([html.Th(name, scope="row"), *cells, change])


def _figure(here: Here, one: Outcome, at: int) -> list[Any]:
    t, figure = here.t, one.figures[at]
    if figure.value is None:
        return [t(f"kpis.short_{figure.why or 'no_data'}")]
    if one.key == NIGHT:
        said = t("pilots.per_night", n=words.plain(figure.value))
    else:
        said = words.value(t, BY_KEY[KPI[one.key]], figure)
    unit = t("pilots.per_100") if one.key == ALERTS else ""
    beside = [t("pilots.n", n=words.count(figure.n), of=t(f"pilots.n_{one.key}"))]
    if figure.coverage is not None:
        beside.append(t("kpis.coverage", share=words.share(figure.coverage)))
    return [said, unit, html.Small(" · ".join(beside), className="pilots__beside")]


def _change(here: Here, one: Outcome) -> list[Any]:
    """The difference of the differences, its interval, and whether chance could have done it."""
    t, change = here.t, one.change
    if change is None:
        return [t(f"pilots.lacks_{one.why or 'no_data'}")]
    value, low, high = (_amount(here, one, x) for x in (change.value, change.low, change.high))
    between = t("kpis.interval", between=t("pilots.to", low=low, high=high))
    return [
        html.Span(value, className="pilots__value"),
        html.Small(between, className="pilots__beside"),
        html.Small(_side(here, change), className="pilots__beside"),
    ]


def _side(here: Here, change: Change) -> str:
    return here.t(f"pilots.side_{change.side or 'chance'}")


def _amount(here: Here, one: Outcome, x: float) -> str:
    if one.key == NIGHT:
        return here.t("pilots.times", n=f"{x:.2f}")
    return words.difference(here.t, BY_KEY[KPI[one.key]].unit, x)


# -- history ---------------------------------------------------------------------------------


def _history(here: Here, kept: Kept) -> html.Details:
    t = here.t
    pairs = zip((None, *kept.versions), kept.versions, strict=False)
    told = [html.Li(_version(here, before, one)) for before, one in pairs]
    return html.Details(
        [html.Summary(t("pilots.history", n=len(kept.versions))), html.Ol(told)],
        className="pilots__history",
        **{"data-key": "history"},
    )


def _version(here: Here, before: Pilot | None, one: Pilot) -> str:
    t = here.t
    at = f"{day_of_ms(one.defined_ms)} {clock(one.defined_ms)[6:-3]}"
    if before is None:
        return t("pilots.version_first", at=at, by=one.defined_by)
    if one.withdrawn:
        return t("pilots.version_withdrawn", at=at, by=one.defined_by, why=one.why)
    names = [n for n in differing(before, one)]
    changed = ", ".join(t(f"pilots.area_{n}" if n in AREAS else f"pilots.field_{n}") for n in names)
    said = t("pilots.version_changed", at=at, by=one.defined_by, why=one.why,
             changed=changed or t("pilots.words_only"))  # fmt: skip
    seen = one.defined_ms - start_of(one.first) >= DAY_MS
    return f"{said} {t('pilots.version_seen')}" if names and seen else said
