"""Counts and seconds per hour and per KST day, for each combination of group that occurs.

A cell is (hour or day, zone, group, measure) -> whole number. All figures are sums, so every
change is a signed addition: a revised incident leaves its old cell by adding -1 to it.

Measures
  s0..s4            milliseconds in each Status. The hour in progress is projected: counted as
                    if nothing more changed until its end. A reader cuts it at the frontier
                    with the counts of `now` (see projection.beyond).
  q0..q4            lights: the part of s0..s4 that is night, when they must be lit (sun.py)
  dark              lights: the part of q0 in which the lamp was told off. A light that says
                    nothing of its lamp counts as lit. Both are projected like s0..s4.
  fail, back, back_ms   changes into fault or offline; changes back to ok; their down-time
  t_in, t_out, t_ms, t_bad_ms   foot traffic, covered time with quality ok, and with another
  t_night           how many of t_in + t_out passed at night, by each count's share of night
  a:<type>, v:<type>:<verdict>, x:<type>   alerts raised, their verdicts, tests and exercises
  i:<category>, o:<category>   incidents by reported hour; aoristic weight in millionths
  l:<leg>:n, l:<leg>:ms   response legs: ack, close, dispatch, arrive
Of the partition's feed as a whole, in the cell of Group():
  pause_ms          milliseconds, up to the frontier, in which the whole feed was silent
  m_ok, m_dup, m_bad   messages of the field accepted, duplicate, rejected, by hour of arrival
  g0..g11, ahead    samples of delay, by hour of arrival (health.py)
In day cells alerts and incidents also keep their hour of day: `i:theft:h13`.

A counter has cells of its own, whatever its group: (KST day, sensor, hour of the day, measure),
with n people in either direction, ms counted well and bad ms counted badly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
KST_MS = 9 * HOUR_MS
LAG_LIMITS_MS = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 86_400_000)
_BY_HOUR_OF_DAY = frozenset({"a:", "i:", "o:"})


class Group(NamedTuple):
    """What figures are broken down by. "" = not applicable or not known."""

    kind: str = ""
    zone: str = ""
    route: str = ""
    vendor: str = ""
    owner: str = ""
    pilot: str = ""


class Part(NamedTuple):
    """One signed contribution to the cell of an hour and to that of its day."""

    at_ms: int
    measure: str
    n: int


Cell = dict[int, dict[str, int]]  # group number (of a counter: hour of day) -> measure -> value
Place = tuple[str, int, str]  # "h", "d" or "c", hour or day number, zone (of "c": sensor)
OF_A_COUNTER = {"t_in": "n", "t_out": "n", "t_ms": "ms", "t_bad_ms": "bad"}
Fetch = Callable[[Place], Cell]
Share = Callable[[int, int], int]  # from_ms, to_ms -> the part of that time that counts, in ms


def hour_of(at_ms: int) -> int:
    return at_ms // HOUR_MS


def day_of(at_ms: int) -> int:
    """The KST calendar day, as days since 1970-01-01."""
    return (at_ms + KST_MS) // DAY_MS


def by_hour(from_ms: int, to_ms: int) -> Iterator[tuple[int, int]]:
    """(start, length) of the pieces of an interval between full hours."""
    while from_ms < to_ms:
        until_ms = min(to_ms, (from_ms // HOUR_MS + 1) * HOUR_MS)
        yield from_ms, until_ms - from_ms
        from_ms = until_ms


class Rollups:
    """The cells in memory and which of them changed; `fetch` brings one that was put away."""

    def __init__(self, fetch: Fetch) -> None:
        self.numbers: dict[Group, int] = {}
        self.groups: list[Group] = []
        self.new_groups: list[int] = []
        self.dirty: set[Place] = set()
        self._cells: dict[Place, Cell] = {}
        self._fetch = fetch
        self._put_away_on = 0  # day up to which cells were last put away

    def number_of(self, group: Group) -> int:
        number = self.numbers.get(group)
        if number is None:
            number = self.numbers[group] = len(self.groups)
            self.groups.append(group)
            self.new_groups.append(number)
        return number

    def add(self, group: Group, parts: Iterable[Part], sign: int = 1) -> None:
        number, zone, opened = self.number_of(group), group.zone, None
        hourly: dict[str, int] = {}
        daily: dict[str, int] = {}
        for at_ms, measure, n in parts:
            hour = at_ms // HOUR_MS
            if hour != opened:
                opened = hour
                hourly = self._measures(("h", hour, zone), number)
                daily = self._measures(("d", (at_ms + KST_MS) // DAY_MS, zone), number)
            _bump(hourly, measure, n * sign)
            if measure[:2] in _BY_HOUR_OF_DAY:
                measure = f"{measure}:h{(at_ms + KST_MS) // HOUR_MS % 24}"
            _bump(daily, measure, n * sign)

    def add_span(self, number: int, measure: str, from_ms: int, to_ms: int, n: int) -> None:
        """n x the milliseconds from from_ms to to_ms, each hour's share in its own cell."""
        for at_ms, ms in by_hour(from_ms, to_ms):
            self._add_to_both(number, measure, at_ms, n * ms)

    def add_share(
        self, number: int, measure: str, span: tuple[int, int], n: int, share: Share
    ) -> None:
        """Like add_span, but only of that part of the time that `share` counts."""
        for at_ms, ms in by_hour(*span):
            self._add_to_both(number, measure, at_ms, n * share(at_ms, at_ms + ms))

    def add_counted(self, sensor_id: str, parts: Iterable[Part], sign: int = 1) -> None:
        """Foot traffic in the counter's own cells."""
        for at_ms, measure, n in parts:
            name = OF_A_COUNTER.get(measure)
            if name is not None:
                hour = (at_ms + KST_MS) // HOUR_MS
                place = ("c", hour // 24, sensor_id)
                _bump(self._measures(place, hour % 24), name, n * sign)

    def cell(self, place: Place) -> Cell:
        cell = self._cells.get(place)
        if cell is None:
            cell = self._cells[place] = self._fetch(place)
        return cell

    def put_away(self, keep_from_ms: int) -> None:
        """After a commit: forget clean cells older than keep_from_ms, once they are many, and
        every day, so that nothing is held longer than it is kept."""
        self.dirty.clear()
        self.new_groups.clear()
        hour, day = hour_of(keep_from_ms), day_of(keep_from_ms)
        if len(self._cells) < 1_000 and day == self._put_away_on:
            return
        self._put_away_on = day
        self._cells = {
            place: cell
            for place, cell in self._cells.items()
            if place[1] >= (hour if place[0] == "h" else day)
        }

    def _add_to_both(self, number: int, measure: str, at_ms: int, n: int) -> None:
        zone = self.groups[number].zone
        _bump(self._measures(("h", hour_of(at_ms), zone), number), measure, n)
        _bump(self._measures(("d", day_of(at_ms), zone), number), measure, n)

    def _measures(self, place: Place, number: int) -> dict[str, int]:
        self.dirty.add(place)
        cell = self._cells.get(place)
        return (self.cell(place) if cell is None else cell).setdefault(number, {})


def _bump(measures: dict[str, int], measure: str, n: int) -> None:
    """A measure that comes to nothing leaves no trace."""
    value = measures.get(measure, 0) + n
    if value:
        measures[measure] = value
    else:
        measures.pop(measure, None)
