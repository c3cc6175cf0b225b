"""A week with something in each of its places, and its readers, for tests of the page."""

from __future__ import annotations

import re
from typing import Any

from dashboard.principal import Principal
from dashboard.roles import Role
from dashboard.text import translator
from dashboard.weekly import seal
from dashboard.weekly.summary import (
    Decision,
    Difference,
    Gap,
    PilotLine,
    RouteNeed,
    Row,
    Said,
    Sealed,
    Summary,
    Told,
    Usual,
    Value,
    VendorLine,
)
from dashboard.weekly.week import WEEKS, Week
from data_sources.sites import load_site
from layouts.kpis.here import namer
from layouts.markup import markup
from layouts.weekly import page
from layouts.weekly.here import Here
from tests.weekly.summaries import a_row, a_summary

SITE = load_site("goyang")
SEALED_MS = Week.of("2026-W47").settled_ms
HOUR = 3_600_000


def a_line(middle: float, last: float, swing: float = 0.1) -> tuple[float, ...]:
    waves = (0.1, -0.4, 0.6, 0.2, -0.7, 0.9, -0.2, -0.5, 0.4, 0.8, -0.9, 0.3, -0.1)
    before = [middle * (1 + swing * waves[at * 5 % 13]) for at in range(WEEKS - 1)]
    return (*(round(x, 4) for x in before), last)


def full_rows() -> dict[str, Row]:
    def told(value: float, **more: Any) -> Told:
        return Told(value, **({"n": 112, "coverage": 0.986} | more))

    parts = {"real": 9.0, "false": 43.0, "unjudged": 60.0}
    return {
        "bell_presses": a_row(
            "bell_presses", week=told(112, parts=parts), d28=told(428), year=told(5_301),
            last_year=told(4_988), last_year_week=told(98),
            usual=Usual(8, 113, 96, 131, 0.1), line=a_line(113, 112),
        ),
        "incidents_sexual": a_row(
            "incidents_sexual", week=told(6, n=6), d28=told(11), year=told(96),
            last_year=told(88), usual=Usual(8, 1.5, 0, 4, 3.2, "far", "more"),
            line=a_line(2, 6, 0.9),
        ),
        "arrived": a_row(
            "arrived", week=told(348_000, low=310_000, high=372_000, parts={"p90": 552_000.0}),
            d28=told(352_000), year=told(355_000), last_year=told(380_000),
            usual=Usual(8, 350_000, 320_000, 380_000, -0.2), line=a_line(350_000, 348_000),
        ),
        "availability": a_row(
            "availability", week=told(0.979, low=0.976, high=0.982), d28=told(0.981),
            year=told(0.98, since="2026-09-28"), usual=Usual(8, 0.98, 0.975, 0.986, -0.6),
            line=a_line(0.98, 0.979, 0.002), target=0.98,
        ),
        "availability_night": a_row(
            "availability_night", week=told(0.961), d28=told(0.969), year=told(0.97),
            usual=Usual(8, 0.971, 0.964, 0.978, -2.6, "out", "worse"),
            line=a_line(0.971, 0.961, 0.003), target=0.97,
        ),
        "backlog": a_row(
            "backlog", week=told(186, parts={"band_31": 21.0}),
            d28=Told(None, why="not_summed"), year=Told(None, why="not_summed"),
            last_year=Told(None, why="not_summed"),
            usual=Usual(8, 145, 120, 170, 2.2, "out", "worse"), line=a_line(145, 186),
        ),
        "sla": a_row(
            "sla", week=Told(None, why="too_few"), usual=Usual(why="no_history"),
            line=(None,) * WEEKS,
        ),
        "traffic_night": a_row(
            "traffic_night", week=told(31_420, coverage=0.62), d28=told(128_900),
            year=told(1_520_000), last_year=told(1_410_000),
            usual=Usual(8, 31_400, 28_000, 35_000, 0.2), line=a_line(31_400, 31_420),
        ),
    }  # fmt: skip


def a_full_summary(word: str = "2026-W47", **fields: Any) -> Summary:
    out = Said("route_out", {"n": Value("number", 2), "kind": Value("device", "light"),
                             "lasted": Value("days", 5)})  # fmt: skip
    passed = Said("route_people", {"people": Value("people", 1_140)})
    counted = {"value": 6, "low": 0, "high": 4}
    more = {name: Value("count", n, "row:incidents_sexual") for name, n in counted.items()}
    more["what"] = Value("measure", "incidents_sexual")
    none = Told(None, why="too_few")
    given: dict[str, Any] = {
        "simulated": True,
        "said": (
            Said("count_far_more", more),
            Said("street_bare", {"route": Value("route", "R-07", "route:R-07")}),
            Said("backlog_now", {"backlog_value": Value("count", 186, "row:backlog")}),
        ),
        "routes": (
            RouteNeed("R-07", "weak", 2, {"light": 2}, 120 * HOUR, 96 * HOUR, 0.3, 1_140, 8,
                      (out, passed)),
            RouteNeed("R-09", "watch", 4, {"light": 4}, 48 * HOUR, 40 * HOUR, 0.1, None, None,
                      (out,)),
        ),
        "vendors": (
            VendorLine("Gaon", 4_012, Told(0.981, 4_012), Told(0.96, 120), Told(34 * HOUR, 110),
                       88, {"availability": "better"}, True),
            VendorLine("Maru", 3_100, Told(0.962, 3_100), Told(0.81, 90), Told(71 * HOUR, 80),
                       97, {"availability": "worse", "sla": "worse"}, True),
            VendorLine("Saebyeok", 12, none, none, none, 1, {}, False),
        ),
        "pilots": (
            PilotLine("P-01", "Bells with a voice", "running", "2026-06-01", "", "repair", "ms",
                      -5 * HOUR, -9 * HOUR, 2 * HOUR),
            PilotLine("P-02", "Brighter lamps", "ended", "2026-06-01", "2026-10-31", "incidents",
                      value=0.8, low=0.5, high=1.3, ratio=True, why="cannot"),
            PilotLine("P-03", "More cameras", "running", "2026-11-01", "", "lit", why="too_short"),
        ),
        "gaps": (
            Gap("feed", "2026-11-18", "", 0.0, 2 * HOUR),
            Gap("devices", "2026-11-19", "counter", 0.38, 0),
        ),
        "caveats": (Said("caveat_simulated"), Said("caveat_small")),
    }  # fmt: skip
    rows = fields.pop("rows", None) or full_rows()
    return a_summary(word, rows=rows, **(given | fields))


def a_seal(summary: Summary, revision: int = 1, **fields: Any) -> Sealed:
    kept = seal.as_kept(summary)
    return Sealed(
        revision, SEALED_MS, SEALED_MS, "0123456789ab", seal.hash_of(kept), kept, **fields
    )


def a_decision(text: str = "Replace two lamps of R-07 at once.", **fields: Any) -> Decision:
    return Decision("a1b2c3d4", text, "manager", SEALED_MS + 2 * HOUR, **fields)


CHANGED = (
    Difference("rows/incidents_sexual/week/value", "5.0", "6.0"),
    Difference("rows/incidents_sexual/usual/z", "2.4", "3.2"),
    Difference("rows/arrived/week/parts/p90", None, "552000.0"),
)


def a_page(role: str = "manager", language: str = "en", **fields: Any) -> Here:
    """fields: of Here. Sealed, unless sealed=None is given."""
    t = translator(language)
    who = Principal("someone", Role(role), language=language)
    summary = fields.pop("summary", None) or a_full_summary()
    given: dict[str, Any] = {
        "sealed": a_seal(summary), "revisions": 1, "decisions": (a_decision(),),
        "earlier": "2026-W46", "later": "2026-W48",
    }  # fmt: skip
    return Here(t, who, namer(SITE, t, language), summary, **(given | fields))


def html_of(here: Here) -> str:
    return markup(page.sheet(here))


def text_of(html: str) -> str:
    """What is read, hidden words included."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).strip()


def rows_of(html: str) -> dict[str, str]:
    """By the key of their measure."""
    return dict(re.findall(r'<tr [^>]*data-key="([a-z_]+)"[^>]*>(.*?)</tr>', html))
