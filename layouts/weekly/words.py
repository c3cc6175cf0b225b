"""A week in words, for page, PDF and mail alike. Pure; every text from the catalogue.

A template of a sentence has places {name} and {name:how}. how: a Korean particle, which becomes
the one that fits the word before it; one, the singular; counted, that of {value}; cap, a capital
to begin with; noun, a count with what its row counts; range, from {low} to {high}.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from string import Formatter

from dashboard.format import KST
from dashboard.kpis.choice import day_of_ms
from dashboard.kpis.groups import Dim
from dashboard.text import Translate
from dashboard.weekly.measures import BY_KEY
from dashboard.weekly.summary import Said, Summary, Told, Usual, Value
from dashboard.weekly.told import places_of, places_of_usual
from layouts.kpis import words as kpis
from layouts.kpis.here import Say
from layouts.weekly.particles import PARTICLES, particle

NOTHING = "–"
MARKS = {"": "", "out": "△", "far": "▲"}
PART_MS = ("p90",)  # parts that are no counts
OWN = ("arrived",)  # rows of a KPI whose definition is told in words of their own
NAMED = {"route": Dim.ROUTE, "zone": Dim.ZONE, "vendor": Dim.VENDOR}
FROM = {
    "alerts": ("bell_presses", "ai_events", "acknowledged"),
    "orders": ("sla", "backlog"),
    "counters": ("traffic_night", "traffic"),
}
SOURCES = {key: name for name, keys in FROM.items() for key in keys}


@dataclass(frozen=True, slots=True)
class Link:
    """of: as in summary.Value; anchor() makes an address of it."""

    text: str
    of: str


def anchor(of: str) -> str:
    """Of the page: "row:sla" -> "d-sla", "route:R-07" -> "route-R-07"."""
    kind, _, name = of.partition(":")
    return {"row": f"d-{name}", "route": f"route-{name}", "vendor": "vendors"}.get(kind, kind)


# -- figures -------------------------------------------------------------------------------------


def figure(t: Translate, told: Told, unit: str) -> str:
    """ "1,234", "5 min 48 s", "97.9%", "at least 12 d"; a dash where nothing is told."""
    if told.value is None:
        return NOTHING
    said = amount(t, unit, told.value, places_of(told))
    return t("kpis.at_least", value=said) if told.at_least else said


def amount(t: Translate, unit: str, value: float, places: int = 1) -> str:
    """A bare figure of a table."""
    if unit == "share":
        return kpis.share(value, places)
    return kpis.span(t, value) if unit == "ms" else kpis.count(value)


def part(t: Translate, name: str, value: float) -> str:
    """What is told beside a figure: "9 real"."""
    return t(f"weekly.part_{name}", value=amount(t, "ms" if name in PART_MS else "count", value))


def why(t: Translate, told: Told | Usual) -> str:
    """Why a figure, or a verdict, is not told; "" = it is."""
    return t(f"weekly.why_{told.why}") if told.why else ""


def since(t: Translate, told: Told) -> str:
    """The day from which a figure is known, where that lies within its span; else ""."""
    return t("weekly.since", day=day(t, date.fromisoformat(told.since))) if told.since else ""


def usual(t: Translate, told: Usual, unit: str) -> str:
    if told.low is None or told.high is None:
        return NOTHING
    places = places_of_usual(told)
    low, high = (amount(t, unit, x, places) for x in (told.low, told.high))
    return t("kpis.between", low=low.removesuffix("%"), high=high)


def z(_t: Translate, told: Usual) -> str:
    if told.z is None:
        return NOTHING
    said = f"{abs(told.z):.1f}"
    return said if said == "0.0" else f"{'+' if told.z > 0 else '−'}{said}"


def mark(told: Usual) -> str:
    return MARKS[told.mark]


# -- names and times -----------------------------------------------------------------------------


def measure(t: Translate, key: str) -> str:
    """The name of a row."""
    return t(f"weekly.{key}")


def definition(t: Translate, key: str) -> str:
    kpi = BY_KEY[key].kpi
    return t(f"kpis.{kpi}_what") if kpi and key not in OWN else t(f"weekly.{key}_what")


def source(t: Translate, key: str) -> str:
    """What a row is counted from."""
    return t(f"weekly.from_{SOURCES.get(key, BY_KEY[key].of)}")


def week_name(t: Translate, word: str) -> str:
    return kpis.name(t, word)


def days(t: Translate, summary: Summary) -> str:
    """First and last day; month and year once, where they are the same."""
    first, last = day_of_ms(summary.from_ms), day_of_ms(summary.to_ms - 1)
    begin, end = kpis.day(t, first), kpis.day(t, last)
    if first.year != last.year:
        begin, end = (
            t("weekly.day_of_year", year=at.year, day=said)
            for at, said in ((first, begin), (last, end))
        )
    return t("weekly.days", first=begin, last=end)


def day(t: Translate, at: date) -> str:
    """With its year."""
    return t("weekly.day_of_year", year=at.year, day=kpis.day(t, at))


def moment(t: Translate, ms: int) -> str:
    """To the minute, in KST, and it says so."""
    at = datetime.fromtimestamp(ms / 1000, UTC).astimezone(KST)
    return t("weekly.moment", year=at.year, month=f"{at:%m}", day=f"{at:%d}", clock=f"{at:%H:%M}")


# -- sentences -----------------------------------------------------------------------------------


def say(t: Translate, names: Say, said: Said) -> list[str | Link]:
    """names: of zones, routes and vendors (layouts/kpis/here.py namer). A key of several parts,
    joined by +, is as many sentences, one after the other, with the same values."""
    told: list[str | Link] = []
    for key in said.key.split("+"):
        told += [" "] if told else []
        told += _filled(t, names, t(f"weekly.{key}"), said.values)
    return _joined(told)


def plain(told: list[str | Link]) -> str:
    """What say answers, without its links."""
    return "".join(one if isinstance(one, str) else one.text for one in told)


def _filled(
    t: Translate, names: Say, template: str, values: Mapping[str, Value]
) -> list[str | Link]:
    told: list[str | Link] = []
    for text, name, how, _ in Formatter().parse(template):
        told.append(text)
        if name is None:
            continue
        value = values[name]
        if how == "counted":
            how = "one" if values["value"].value == 1 else "many"
        if how == "range":
            word = _range(t, value, values[name.replace("low", "high")])
        else:
            word = _word(t, names, value, how or "")
        told.append(Link(word, value.of) if value.of else word)
        told.append(particle(word, how) if how in PARTICLES else "")
    return told


def _word(t: Translate, names: Say, value: Value, how: str) -> str:
    x = value.value
    if isinstance(x, str):
        word = _name(t, names, value.kind, x, "_one" if how == "one" else "")
    elif how == "noun":
        what = t(f"weekly.said_{value.of.partition(':')[2]}{'_one' if x == 1 else ''}")
        word = t(f"weekly.n_noun{'' if x else '_none'}", n=kpis.count(x), what=what)
    else:
        word = _number(t, value.kind, x, value.places)
    return word[:1].upper() + word[1:] if how == "cap" else word


def _number(t: Translate, kind: str, x: float, places: int) -> str:
    if kind in ("ms", "share"):
        return amount(t, kind, x, places)
    if kind == "percent":
        return kpis.share(x, 0)
    return t(f"weekly.n_{kind}{'_one' if x == 1 else ''}", n=kpis.count(x))


def _range(t: Translate, low: Value, high: Value) -> str:
    """The unit once, unless it is one of several (minutes and seconds)."""
    first, last = float(low.value), float(high.value)
    end = _number(t, high.kind, last, high.places)
    if low.value == high.value:
        return end
    begin = amount(t, low.kind, first, low.places).removesuffix("%")
    return t("kpis.between", low=begin, high=end)


def _name(t: Translate, names: Say, kind: str, word: str, one: str) -> str:
    if kind in NAMED:
        return names(NAMED[kind], word)
    told: dict[str, Callable[[], str]] = {
        "measure": lambda: t(f"weekly.said_{word}{one}"),
        "device": lambda: t(f"weekly.device_{word}{one}"),
        "week": lambda: week_name(t, word),
        "day": lambda: kpis.day(t, date.fromisoformat(word)),
        "hour": lambda: t("weekly.at_hour", n=word),
    }
    return told[kind]()


def _joined(told: list[str | Link]) -> list[str | Link]:
    """Texts beside each other made one; none empty."""
    joined: list[str | Link] = []
    for one in told:
        if isinstance(one, str) and joined and isinstance(joined[-1], str):
            joined[-1] += one
        elif one != "":
            joined.append(one)
    return joined
