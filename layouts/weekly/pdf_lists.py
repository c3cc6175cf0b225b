"""Lists of the appendix: routes, vendors, pilots, decisions, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dashboard.kpis.groups import Dim
from dashboard.text import Translate
from dashboard.weekly.summary import Gap, PilotLine, RouteNeed, VendorLine
from layouts.kpis import words as kpis
from layouts.weekly import words
from layouts.weekly.effect import effect
from layouts.weekly.pdf_blocks import TONES, Paper, between, line, section, table, text
from layouts.weekly.pdf_text import Json, plain

ROUTE_COLUMNS = ("name", "reasons", "faults", "longest", "dark", "people", "alerts")
VENDOR_COLUMNS = ("vendor", "devices", "availability", "sla", "mttr", "backlog")


def routes(one: Paper) -> Iterator[Json]:
    t = one.t
    heads = [t(f"weekly_pdf.route_{name}") for name in ROUTE_COLUMNS]
    rows = [_route(one, need) for need in one.summary.routes]
    found = table(heads, (2, 4, -1.7, 0, 0, 0, 0), rows) if rows else _none(t, "routes")
    yield section(t("weekly_page.routes"), [found])


def _none(t: Translate, name: str) -> Json:
    return text(plain(t(f"weekly_page.no_{name}")))


def _route(one: Paper, need: RouteNeed) -> Json:
    t = one.t
    reasons = [unit for said in need.reasons for unit in one.say(said)]
    kinds = [f"{one.names(Dim.KIND, kind)} {n}" for kind, n in need.by_kind.items() if n]
    dark = words.NOTHING if need.dark_share is None else kpis.share(need.dark_share)
    cells = [
        [one.names(Dim.ROUTE, need.route), t(f"weekly_page.level_{need.level}")],
        [reasons],
        [kpis.count(need.faults), " · ".join(kinds)],
        [kpis.span(t, need.longest_ms) if need.longest_ms else words.NOTHING],
        [kpis.span(t, need.dark_ms) if need.dark_ms else words.NOTHING, dark],
        [words.NOTHING if need.people is None else kpis.count(need.people)],
        [t("weekly_pdf.few") if need.alerts is None else kpis.count(need.alerts)],
    ]
    return line(cells, label=f"route-{need.route}", mark=TONES[need.level])


def vendors(one: Paper) -> Iterator[Json]:
    t = one.t
    heads = [t(f"weekly_page.vendor_{name}") for name in VENDOR_COLUMNS]
    rows = [_vendor(one, vendor) for vendor in one.summary.vendors]
    blocks = [_none(t, "vendors")]
    if rows:
        blocks = [
            table(heads, (2, -1, -1.5, -1.5, -2, -1.5), rows),
            text(plain(t("weekly_page.vendors_how"))),
        ]
    yield section(t("weekly_page.vendors"), blocks, label="vendors")


def _vendor(one: Paper, vendor: VendorLine) -> Json:
    t = one.t
    few = "" if vendor.enough else t("weekly_page.vendor_few")
    told = (("availability", vendor.availability, "share"), ("sla", vendor.sla, "share"),
            ("mttr", vendor.mttr, "ms"))  # fmt: skip
    figures = [
        [
            words.figure(t, figure, unit),
            between(t, figure, unit) or words.why(t, figure),
            _side(t, vendor, key),
        ]
        for key, figure, unit in told
    ]
    backlog = [kpis.count(vendor.backlog), _side(t, vendor, "backlog")]
    name = one.names(Dim.VENDOR, vendor.vendor)
    return line([[name, few], [kpis.count(vendor.devices)], *figures, backlog])


def _side(t: Translate, vendor: VendorLine, key: str) -> str:
    side = vendor.sides.get(key, "")
    return t(f"weekly_page.vendor_{side}") if side else ""


def pilots(one: Paper) -> Iterator[Json]:
    t = one.t
    rows = [line([[f"{pilot.pilot} {pilot.name}"], [_lasts(t, pilot)], [effect(t, pilot)]])
            for pilot in one.summary.pilots]  # fmt: skip
    heads = [t(f"weekly_pdf.pilot_{name}") for name in ("name", "days", "effect")]
    found = table(heads, (2, 2, 4), rows) if rows else _none(t, "pilots")
    yield section(t("weekly_page.pilots"), [found])


def _lasts(t: Translate, pilot: PilotLine) -> str:
    first = words.day(t, date.fromisoformat(pilot.start))
    last = words.day(t, date.fromisoformat(pilot.end)) if pilot.end else ""
    return t(f"weekly_page.pilot_{pilot.status}", start=first, end=last)


# -- decisions, gaps, definitions ----------------------------------------------------------------


def decisions(one: Paper) -> Iterator[Json]:
    """Numbered as on the first page; withdrawn ones as well, without a number."""
    t, rows = one.t, []
    numbers = {asked.id: n for n, asked in enumerate(one.shown.standing, 1)}
    for asked in one.shown.decisions:
        said = [t("weekly_page.asked_by", by=asked.by, at=words.moment(t, asked.at_ms))]
        if asked.withdrawn_by:
            at = words.moment(t, asked.withdrawn_ms)
            said.append(t("weekly_pdf.withdrawn", by=asked.withdrawn_by, at=at))
        number = str(numbers.get(asked.id, words.NOTHING))
        rows.append(line([[number], [asked.text], said]))
    heads = [t(f"weekly_pdf.decision_{name}") for name in ("number", "text", "by")]
    found = table(heads, (0.5, 4, 2.4), rows) if rows else _none(t, "decisions")
    yield section(t("weekly_page.decisions"), [found])


def gaps(one: Paper) -> Iterator[Json]:
    t = one.t
    said = [plain(_gap(one, gap)) for gap in one.summary.gaps]
    said += [one.say(caveat) for caveat in one.summary.caveats]
    blocks = [text(one_) for one_ in said] if said else [_none(t, "gaps")]
    yield section(t("weekly_page.gaps"), blocks, label="gaps")


def _gap(one: Paper, gap: Gap) -> str:
    t, day = one.t, kpis.day(one.t, date.fromisoformat(gap.day))
    if gap.what == "feed":
        return t("weekly_page.gap_feed", day=day, span=kpis.span(t, gap.ms))
    kind, share = one.names(Dim.KIND, gap.kind), kpis.share(gap.share)
    return t("weekly_page.gap_devices", day=day, kind=kind, share=share)
