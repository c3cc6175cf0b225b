"""Figures and periods in words. Pure; every text from the catalogue."""

from __future__ import annotations

from datetime import date

from dashboard import format as common
from dashboard.kpis.choice import ROLLING, RUNNING, Period
from dashboard.kpis.figure import Figure, Kpi, Unit
from dashboard.text import Translate

NOTHING = "–"
SECOND, MINUTE, HOUR, DAY = common.SECOND, common.MINUTE, common.HOUR, common.DAY
COUNTED = ("count", "rate", "per_day")
NARROW = 0.004  # an interval of a share narrower than this deserves a second decimal


def value(t: Translate, kpi: Kpi, figure: Figure | None) -> str:
    """ "97.9%", "at least 12 d", or why there is nothing to say."""
    if figure is None:
        return NOTHING
    if figure.value is None:
        return t(f"kpis.why_{figure.why or 'no_data'}")
    if figure.censored and not figure.value:
        return t("kpis.at_least_none")  # "at least nothing" says nothing
    said = amount(t, kpi.unit, figure.value, decimals(figure))
    return t("kpis.at_least", value=said) if figure.censored else said


def interval(t: Translate, kpi: Kpi, figure: Figure) -> str:
    """ "97.5–98.2%"; "" where the figure is a plain count of what is."""
    if figure.value is None or figure.low is None:
        return ""
    places = decimals(figure)
    if figure.high is None:
        low = amount(t, kpi.unit, figure.low, places)
        return t("kpis.from_on", low=low) if figure.low else ""
    low, high = _end(t, kpi.unit, figure.low, places), _end(t, kpi.unit, figure.high, places, True)
    return t("kpis.between", low=low, high=high)


def _end(t: Translate, unit: Unit, x: float, places: int, upper: bool = False) -> str:
    """Of an interval, rounded away from its middle; the unit once, at the upper end."""
    if unit == "share":
        said = share(x, places)
        beyond = {"<": "0.01%" if upper else "0%", ">": "100%" if upper else "99.99%"}
        said = beyond.get(said[0], said)
        return said if upper else said.removesuffix("%")
    bare = _number(unit, x) if unit in COUNTED and not upper else ""
    return bare or amount(t, unit, x, places)


def whole(t: Translate, kpi: Kpi, figure: Figure) -> str:
    """Everything a figure says in one line, for tables and screen readers."""
    told = [value(t, kpi, figure)]
    if between := interval(t, kpi, figure):
        told.append(t("kpis.interval", between=between))
    if figure.n:
        told.append(t("kpis.n", n=common.number(figure.n)))
    if figure.coverage is not None:
        told.append(t("kpis.coverage", share=share(figure.coverage)))
    return " · ".join(told)


def cases(figure: Figure) -> str:
    """n; none at all is worth telling where there is a figure all the same."""
    return common.number(figure.n) if figure.n or figure.value is not None else NOTHING


def amount(t: Translate, unit: Unit, x: float, places: int = 1) -> str:
    if unit == "share":
        return share(x, places)
    if unit == "ms":
        return span(t, x)
    if unit == "weeks":
        return t("kpis.weeks", n=_weeks(x))
    return t(f"kpis.amount_{unit}", n=_number(unit, x))


def _number(unit: Unit, x: float) -> str:
    return count(x) if unit == "count" else plain(x)


def _weeks(x: float) -> str:
    if x >= 1 or x == 0:
        return f"{x:.1f}" if x else "0"
    return f"{x:.2f}" if x >= 0.005 else "<0.01"


def difference(t: Translate, unit: Unit, x: float) -> str:
    """With its sign; of shares in percentage points."""
    sign = "+" if x > 0 else "−" if x < 0 else "±"
    size = abs(x)
    if unit == "share":
        return t("kpis.points", n=f"{sign}{100 * size:.{2 if size < NARROW else 1}f}")
    return sign + amount(t, unit, size)


def decimals(figure: Figure) -> int:
    if figure.low is not None and figure.high is not None:
        return 2 if 0 < figure.high - figure.low < NARROW else 1
    return 1


def share(x: float, places: int = 1) -> str:
    """Nothing and all without decimals; what is not quite that is never rounded to it."""
    if x in (0, 1):
        return f"{100 * x:.0f}%"
    said = f"{100 * x:.{places}f}"
    if float(said) in (0, 100):
        said = f"{100 * x:.2f}"
    if 0 < x < 1 and float(said) in (0, 100):
        return "<0.01%" if x < 0.5 else ">99.99%"
    return f"{said}%"


def target(t: Translate, unit: Unit, x: float) -> str:
    """As it was set: 97%, 99.9%, 1 min."""
    return f"{100 * x:.4g}%" if unit == "share" else amount(t, unit, x)


def goal(t: Translate, kpi: Kpi, x: float) -> str:
    """The target with its direction: at least, or at most."""
    said = target(t, kpi.unit, x)
    return t(f"kpis.goal_{kpi.better}", target=said) if kpi.better else said


def plain(x: float) -> str:
    """About three digits."""
    if abs(x) >= 100:
        return f"{x:,.0f}"
    return f"{x:.1f}" if abs(x) >= 10 else f"{x:.2f}" if abs(x) >= 0.1 or x == 0 else f"{x:.2g}"


def count(x: float) -> str:
    return f"{x:,.0f}"


def span(t: Translate, ms: float) -> str:
    """Two units at most: 84 ms, 5.2 s, 5 min 48 s, 14 h 20 min, 3.4 d, 123 d."""
    ms = max(0.0, ms)
    if 0 < ms < SECOND:
        return t("kpis.ms", n=f"{ms:.0f}")
    if ms < MINUTE:
        return t(
            "format.seconds", n=f"{ms / SECOND:.1f}" if 0 < ms < 10 * SECOND else int(ms / SECOND)
        )
    if ms < HOUR:
        return _two(t, "minutes", divmod(int(ms / SECOND), 60))
    if ms < 2 * DAY:
        return _two(t, "hours", divmod(int(ms / MINUTE), 60))
    return t("format.days", n=f"{ms / DAY:.1f}" if ms < 30 * DAY else count(ms / DAY))


def to_the_minute(t: Translate, ms: float) -> str:
    """Of what is waited for by the hour: seconds say nothing."""
    return span(t, ms - ms % MINUTE if ms >= MINUTE else MINUTE)


def _two(t: Translate, name: str, parts: tuple[int, int]) -> str:
    """The smaller unit only where it is not nothing."""
    large, small = parts
    return t(f"kpis.{name}_only" if not small else f"kpis.{name}", a=large, b=small)


# -- periods -------------------------------------------------------------------------------------


def day(t: Translate, at: date) -> str:
    weekday = t("kpis.weekdays").split()[at.weekday()]
    month = t("kpis.months").split()[at.month - 1]
    return t("kpis.day", month=month, day=at.day, weekday=weekday)


def days(t: Translate, period: Period) -> str:
    """First and last day, the year once."""
    first, last = period.first, period.last
    end = day(t, last)
    if first == last:
        return t("kpis.day_of_year", year=last.year, day=end)
    begin = day(t, first)
    if first.year != last.year:
        begin = t("kpis.day_of_year", year=first.year, day=begin)
        return t("kpis.to", first=begin, last=t("kpis.day_of_year", year=last.year, day=end))
    return t("kpis.days_of_year", year=last.year, days=t("kpis.to", first=begin, last=end))


def name(t: Translate, word: str) -> str:
    """Of a period's word in an address; "" for days given by hand."""
    if word in ROLLING or word in RUNNING:
        return t(f"kpis.period_{word}")
    year, _, part = word.partition("-")
    if not part:
        return t("kpis.period_of_year", year=year) if year else ""
    if part[0] in "WQ":
        kind = "week_number" if part[0] == "W" else "quarter"
        return t(f"kpis.period_{kind}", year=year, n=int(part[1:]))
    return t("kpis.period_of_month", year=year, month=t("kpis.months").split()[int(part) - 1])
