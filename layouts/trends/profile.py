"""Who passes by hour of the week: the week shown over the usual range, and what stands out."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.kpis.choice import day_of_ms
from dashboard.stream.rollups import HOUR_MS
from dashboard.trends.choice import HourPick
from dashboard.trends.levels import Levels
from dashboard.trends.profile import Place, Profile
from layouts import charts
from layouts.charts.chart import Json, shown_ms
from layouts.kpis.words import day
from layouts.trends.explain import explained
from layouts.trends.here import Here, Picture
from layouts.trends.people import ARROWS, drawn, hour_at, people, percent, pick_of, run_word

TOLD_RUNS, TOLD_HOURS, TOLD_MADE_UP = 4, 6, 0.005


def profile_picture(here: Here, place: Place, found: Profile, names: dict[str, str]) -> Picture:
    """names: of counters."""
    t, levels = here.t, found.levels
    above: list[Any] = [explained(t, "trends_foot.profile"), _of(here, place, found, names)]
    if levels is None or found.hour_of_week is None:
        key = "profile_no_counters" if not found.counters else "profile_nothing"
        return Picture(above=[*above, _note(t(f"trends_foot.{key}"))])
    above += [_basis(here, found), *_standing_out(here, found)]
    label = t("trends_foot.profile_label", place=_name(here, place, names))
    return Picture(above=above, chart=(_chart(here, found, levels), label))


def _note(words: Any) -> html.P:
    return html.P(words, className="trends__note")


def _of(here: Here, place: Place, found: Profile, names: dict[str, str]) -> html.P:
    t = here.t
    said: list[Any] = [html.B(_name(here, place, names))]
    if place.counter:
        back = html.A(t("trends_foot.all_counters"), href=here.address.but(counter=""))
        back.className = "trends__pick"
        said += [" · ", back]
    else:
        said.append(" · " + t("trends_foot.n_counters", n=found.counters))
    first, last = (day_of_ms(at) for at in (found.from_ms, found.to_ms - 1))
    said.append(" · " + t("trends_foot.week", first=day(t, first), last=day(t, last)))
    return html.P(said, className="trends__unusual")


def _name(here: Here, place: Place, names: dict[str, str]) -> str:
    if place.counter:
        return names.get(place.counter) or place.counter
    said = [here.route(place.route)] if place.route else []
    said += [here.zone(place.zone)] if place.zone else []
    return " · ".join(said) or here.t("trends_foot.everywhere")


def _basis(here: Here, found: Profile) -> html.P:
    """How far to trust it: coverage, what was made up, and of how many weeks usual is made."""
    t, levels = here.t, found.levels
    assert levels is not None
    said = [t("trends_foot.coverage", share=percent(found.coverage))]
    if found.made_up and found.made_up >= TOLD_MADE_UP:
        said.append(t("trends_foot.made_up", share=percent(found.made_up)))
    weeks = int(levels.weeks.max(initial=0))
    said.append(t("trends_foot.weeks", n=weeks) if weeks else t("trends_foot.no_history"))
    if levels.holiday.any():
        said.append(t("trends_foot.has_holiday"))
    return _note(" · ".join(said))


def _standing_out(here: Here, found: Profile) -> list[html.P]:
    """In words: hours that are always busy or quiet, and those unlike usual in the week shown."""
    t, levels, said = here.t, found.levels, []
    assert levels is not None and found.hour_of_week is not None
    for name, runs in (("busy", found.busy), ("quiet", found.quiet)):
        if runs:
            links = _listed(
                [_pick(here, pick_of(run), run_word(t, run)) for run in runs[:TOLD_RUNS]]
            )
            said.append(_note([t(f"trends_foot.{name}_hours"), " ", *links]))
    words = levels.words
    unlike = []
    for at in found.unlike[:TOLD_HOURS]:
        hour = int(found.hour_of_week[at])
        n, usual = people(float(levels.people[at])), people(float(levels.usual[at]))
        text = t("trends_foot.unlike_hour", hour=hour_at(t, hour), n=n, usual=usual)
        unlike.append(_pick(here, HourPick(*divmod(hour, 24)), f"{ARROWS[words[at]]} {text}"))
    if unlike:
        more = len(found.unlike) - len(unlike)
        rest = [t("trends_foot.and_more", n=more)] if more > 0 else []
        said.append(_note([t("trends_foot.unlike"), " ", *_listed(unlike), *rest]))
    elif levels.weeks.any():
        said.append(_note(t("trends_foot.all_usual")))
    return said


def _listed(parts: list[Any]) -> list[Any]:
    return [piece for at, part in enumerate(parts) for piece in ([", ", part] if at else [part])]


def _pick(here: Here, pick: HourPick, words: str) -> html.A:
    """Picks these hours; where they are picked, takes the pick back."""
    picked = here.choice.hour == pick
    mark = {"aria-current": "true"} if picked else {}
    href = here.address.picking(hour=None if picked else pick)
    return html.A(words, href=href, className="trends__pick", **mark)


# -- the chart -------------------------------------------------------------------------------


def _chart(here: Here, found: Profile, levels: Levels) -> charts.Chart:
    t = here.t
    rows = range(len(levels.start_ms))
    told = [_told(here, levels, at) for at in rows]
    starts = [int(at) for at in levels.start_ms]
    now = [charts.Point(starts[at], drawn(float(levels.people[at])), said=told[at]) for at in rows]
    usual = [
        charts.Point(starts[at], drawn(float(levels.usual[at])), said=people(levels.usual[at]))
        for at in rows
    ]
    band = [
        charts.Point(starts[at], None, *(drawn(float(x[at])) for x in (levels.low, levels.high)))
        for at in rows
    ]
    axis = charts.Axis("count", title=t("trends_foot.people_an_hour"), zero=True)
    lines = [
        charts.Line(t("trends_foot.week_shown"), now),
        charts.Line(t("trends_foot.usual"), usual, "before"),
    ]
    chart = charts.line_chart(t, axis, lines, usual=band)
    chart.figure["layout"]["shapes"] = _picked(here, found)
    return chart


def _told(here: Here, levels: Levels, at: int) -> str:
    """An hour in full, for the hover and those who hear it."""
    t, level = here.t, levels.words[at]
    said = [people(float(levels.people[at]))]
    if level != "usual":
        said.append(t(f"trends_foot.level_{level}"))
    ratio = levels.ratio(at)
    if ratio is not None:
        said.append(t("trends_foot.ratio", times=f"{ratio:.1f}"))
    said.append(t("trends_foot.coverage", share=percent(float(levels.coverage[at]))))
    return " · ".join(said)


def _picked(here: Here, found: Profile) -> list[Json]:
    """Hours that are picked, marked across the height."""
    pick = here.choice.hour
    if pick is None or found.hour_of_week is None or found.levels is None:
        return []
    return [
        {
            "type": "rect", "yref": "paper", "y0": 0, "y1": 1, "x0": shown_ms(int(start)),
            "x1": shown_ms(int(start) + HOUR_MS), "fillcolor": "--chosen",
            "line": {"width": 0}, "layer": "below",
        }
        for start, hour in zip(found.levels.start_ms, found.hour_of_week, strict=True)
        if pick.has(int(hour))
    ]  # fmt: skip
