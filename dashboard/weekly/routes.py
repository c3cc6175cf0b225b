"""Safe routes that need attention, and why.

weak    people pass there in the dark, and a bell has been out for a day, or a lamp for three
        nights, or a tenth of the lamp time due gave no light.
watch   anything else has been out for a day, or a bell for less; or less light than the site's
        target asks for; or more alerts than chance lets one expect (kpis/funnel.py, 99.8 %) of
        what bells and cameras of all routes raise.

Out: a repair is open, inspections left out, as the backlog has it. Light: as availability_night
has it, silent and faulty lamps included; less than twelve lamp hours of dark say nothing. People
pass unless counters say that nearly nobody does. A route without any of this needs nothing.

People's affairs: alerts are those of the KPI alert_rate and hidden as it hides them by route, so
that neither gives back what the other leaves out. Passers are told in tens, so that no difference
of weeks, of revisions or from the whole city's tells of fewer than five. Order and level depend on
nothing that is not told, but on whether anybody passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from dashboard.kpis.exposure import span_of
from dashboard.kpis.facts import Facts
from dashboard.kpis.indicators import target_of
from dashboard.records import Kind
from dashboard.site import Site
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.weekly.route_facts import Alerts, Light, Out, People, Street, streets_of
from dashboard.weekly.summary import RouteNeed, Said, Value

WEAK, WATCH, TOLD = 0, 1, 2  # how heavy a reason is; TOLD alone is none
LEVELS: tuple[Literal["weak"], Literal["watch"]] = ("weak", "watch")
LASTING_MS = DAY_MS
NIGHTS = 3
DARK_SHARE = 0.10
DARK_LEAST_MS = 12 * HOUR_MS  # a night of one lamp
Reason = tuple[int, Said]


def routes_of(facts: Facts, site: Site) -> tuple[RouteNeed, ...]:
    """Those that need it most first: weak ones, then by people in the dark, then by faults."""
    if span_of(facts) <= 0:
        return ()
    target = target_of(site.targets, "availability_night")
    each = zip(site.routes, streets_of(facts, site), strict=True)
    needs = (_need(route.id, street, target) for route, street in each)
    return tuple(sorted((need for need in needs if need is not None), key=_order))


def _order(need: RouteNeed) -> tuple[int, float, int, int, str]:
    dark = need.dark_share or 0.0 if need.dark_ms >= DARK_LEAST_MS else 0.0
    in_the_dark = (need.people or 0) * dark
    return LEVELS.index(need.level), -in_the_dark, -need.faults, -need.longest_ms, need.route


def _need(route: str, street: Street, target: float | None) -> RouteNeed | None:
    outs, light, people = street.outs, street.light, street.people
    reasons = [_of_out(one, people.pass_by) for one in outs]
    reasons += _of_light(street, target)
    reasons += _of_alerts(street.raised)
    reasons.sort(key=lambda reason: reason[0])
    if not reasons or reasons[0][0] == TOLD:
        return None
    return RouteNeed(
        route=route,
        level=LEVELS[reasons[0][0]],
        faults=sum(one.n for one in outs),
        by_kind={one.kind: one.n for one in outs},
        longest_ms=max((one.longest_ms for one in outs), default=0),
        dark_ms=light.dark_ms,
        dark_share=light.share,
        people=people.told,
        alerts=street.raised.n,
        reasons=tuple(said for _, said in reasons),
    )


# -- reasons -------------------------------------------------------------------------------------


def _of_out(out: Out, pass_by: bool) -> Reason:
    lasting = out.longest_ms >= LASTING_MS
    weak = lasting if out.kind == Kind.BELL else out.nights >= NIGHTS and out.kind == Kind.LIGHT
    watch = lasting or out.kind == Kind.BELL
    rank = WEAK if weak and pass_by else WATCH if watch else TOLD
    values = {
        "kind": Value("device", out.kind),
        "n": Value("number", out.n, "row:backlog"),
        "lasted": _lasted(out),
    }
    return rank, Said("route_out_one" if out.n == 1 else "route_out", values)


def _lasted(out: Out) -> Value:
    if out.longest_ms < DAY_MS:
        return Value("hours", max(1, out.longest_ms // HOUR_MS))
    if out.kind == Kind.LIGHT:
        return Value("nights", out.nights)
    return Value("days", round(out.longest_ms / DAY_MS))


def _of_light(street: Street, target: float | None) -> Iterator[Reason]:
    """Beside a lamp that is out it is told in any case, and beside a bell or dark how many pass."""
    light, people, kinds = street.light, street.people, {one.kind for one in street.outs}
    rank = _rank_of(light, people, target)
    is_dark = rank < TOLD or (light.dark_ms >= DARK_LEAST_MS and Kind.LIGHT in kinds)
    if is_dark and light.share is not None:
        values = {
            "share": Value("share", light.share, "row:availability_night"),
            "hours": Value("hours", round(light.dark_ms / HOUR_MS)),
        }
        yield rank, Said("route_dark", values)
    if people.told and (is_dark or Kind.BELL in kinds):
        passed = Value("people", people.told, "row:traffic_night")
        yield TOLD, Said("route_people", {"people": passed})


def _rank_of(light: Light, people: People, target: float | None) -> int:
    if light.share is None or not light.enough or light.dark_ms < DARK_LEAST_MS:
        return TOLD
    if light.share >= DARK_SHARE:
        return WEAK if people.pass_by else WATCH
    return WATCH if target is not None and light.share > 1 - target else TOLD


def _of_alerts(raised: Alerts) -> Iterator[Reason]:
    if raised.n:
        values = {"n": Value("count", raised.n)}
        key = "route_alerts_many" if raised.many else "route_alerts"
        yield WATCH if raised.many else TOLD, Said(key, values)
