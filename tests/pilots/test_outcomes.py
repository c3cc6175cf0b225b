"""What a pilot changes directly: before and after, treated and control, and by how much more."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import numpy as np
import pytest

from dashboard.kpis.choice import Period
from dashboard.kpis.estimates import wilson
from dashboard.kpis.facts import Facts
from dashboard.kpis.figure import Figure
from dashboard.kpis.gather import Gathered
from dashboard.pilots.change import of_figures, of_pieces
from dashboard.pilots.outcomes import Outcome, group_mask, night_traffic, process_of
from dashboard.pilots.pilot import Area, Pilot
from dashboard.stream.rollups import DAY_MS, HOUR_MS, Group
from tests.kpis.facts_builder import MINUTE_MS, START_MS, alert, facts, round_, states
from tests.pilots.pilots import a_pilot

LAMP_T = Group("light", "z1", "R-03", "Maru", "city", "")
LAMP_C = Group("light", "z2", "R-08", "Maru", "city", "")
FOOT_T = Group("counter", "z1", "R-03", "Dasom", "city", "")
FOOT_C = Group("counter", "z2", "R-08", "Dasom", "city", "")
BELL_T = Group("bell", "z1", "R-03", "Gaon", "city", "voice")
BELL_C = Group("bell", "z2", "R-08", "Gaon", "city", "")
BEFORE = Period(START_MS - 28 * DAY_MS, START_MS)
AFTER = Period(START_MS, START_MS + 28 * DAY_MS)


def weeks(of: Period) -> list[Period]:
    return [Period(of.from_ms + 7 * k * DAY_MS, of.from_ms + 7 * (k + 1) * DAY_MS)
            for k in range(4)]  # fmt: skip


def lamps(devices: int, dark_share: float, days: float = 28) -> dict[str, float]:
    nights = devices * days * 12 * HOUR_MS
    return states(up=devices * days, q0=nights, dark=dark_share * nights, fail=devices)


def walkers(per_night: float, days: float = 28, covered: float = 1.0) -> dict[str, float]:
    return states(up=days, t_night=per_night * days * covered, t_ms=covered * days * DAY_MS,
                  t_in=3 * per_night * days, t_out=0)  # fmt: skip


def gathered(
    before: dict[Group, dict[str, float]],
    after: dict[Group, dict[str, float]],
    nightly: dict[Group, list[float]] | None = None,
    **tables: list[dict[str, object]],
) -> Gathered:
    """nightly: of counters, people a night in each of the eight weeks."""

    groups = dict.fromkeys([*before, *after, *(nightly or {})])

    def of(period: Period, sums: dict[Group, dict[str, float]]) -> Facts:
        return facts({g: sums.get(g, {}) for g in groups}, period, AFTER.to_ms, **tables)

    def week(at: int) -> dict[Group, dict[str, float]]:
        return {group: walkers(n[at], 7) for group, n in (nightly or {}).items()}

    pieces = [of(one, week(at)) for at, one in enumerate([*weeks(BEFORE), *weeks(AFTER)])]
    return Gathered(of(AFTER, after), None, None, (of(BEFORE, before), *pieces), None, None)


def told(found: Gathered, key: str, pilot: Pilot | None = None, coarse: bool = False) -> Outcome:
    outcomes = process_of(found, pilot or a_pilot(), 4, coarse)
    return next(one for one in outcomes if one.key == key)


def test_lamps_that_are_lit_more_often_than_those_of_the_control() -> None:
    found = gathered(
        {LAMP_T: lamps(300, 0.10), LAMP_C: lamps(300, 0.10)},
        {LAMP_T: lamps(300, 0.02), LAMP_C: lamps(300, 0.09)},
    )
    one = told(found, "lit")
    assert [round(figure.value or 0, 6) for figure in one.figures] == [0.90, 0.98, 0.90, 0.91]
    assert one.change is not None and one.change.value == pytest.approx(0.07)
    assert one.change.low > 0 and one.change.side == "more"


def test_devices_of_neither_area_are_left_out_and_those_of_both_count_as_treated() -> None:
    elsewhere = LAMP_T._replace(route="R-20")
    found = gathered(
        {LAMP_T: lamps(300, 0.10), LAMP_C: lamps(300, 0.10), elsewhere: lamps(300, 1.0)},
        {LAMP_T: lamps(300, 0.02), LAMP_C: lamps(300, 0.09), elsewhere: lamps(300, 1.0)},
    )
    everywhere = a_pilot(control=Area(zones=("z1", "z2")))
    plain, both = told(found, "lit"), told(found, "lit", everywhere)
    assert plain.figures[:2] == both.figures[:2]
    assert plain.figures[2].value == pytest.approx(0.90)
    assert both.figures[2].value == pytest.approx(0.45)  # with the one elsewhere, not the treated


def test_devices_of_a_pilot_id_are_those_registered_under_it() -> None:
    whole = facts({BELL_T: states(up=28), BELL_C: states(up=28)}, AFTER)
    mask = group_mask(whole, Area(pilots=("voice",)))
    assert [g for g, inside in zip(whole.groups.groups, mask, strict=True) if inside] == [BELL_T]
    assert not group_mask(whole, Area(pilots=("other",))).any()


def test_few_lamps_say_too_few_and_none_says_no_data() -> None:
    few = gathered({LAMP_T: lamps(2, 0.1), LAMP_C: lamps(300, 0.1)},
                   {LAMP_T: lamps(2, 0.1), LAMP_C: lamps(300, 0.1)})  # fmt: skip
    assert (told(few, "lit").change, told(few, "lit").why) == (None, "too_few")
    new = gathered({LAMP_C: lamps(300, 0.1)}, {LAMP_T: lamps(300, 0.1), LAMP_C: lamps(300, 0.1)})
    assert (told(new, "lit").change, told(new, "lit").why) == (None, "no_data")


def test_lamps_that_nobody_heard_give_no_judgement() -> None:
    silent = states(up=300, unknown=600, q0=3_000 * HOUR_MS, q2=7_000 * HOUR_MS)
    found = gathered({LAMP_T: silent, LAMP_C: lamps(300, 0.1)},
                     {LAMP_T: lamps(300, 0.1), LAMP_C: lamps(300, 0.1)})  # fmt: skip
    assert told(found, "lit").why == "low_coverage"


def test_time_to_repair() -> None:
    rounds = []
    for k in range(25):
        for group, first, then in ((LAMP_T, 20, 8), (LAMP_C, 20, 20)):
            for start, hours in ((BEFORE.from_ms, first), (AFTER.from_ms, then)):
                opened = start + k * DAY_MS
                took = (hours + (k % 5 - 2) / 10) * HOUR_MS
                rounds.append(round_(opened, group, restored=opened - 30 * MINUTE_MS + round(took)))
    groups = {LAMP_T: states(up=28), LAMP_C: states(up=28)}
    one = told(gathered(groups, groups, rounds=rounds), "repair")
    assert [figure.n for figure in one.figures] == [25, 25, 25, 25]
    assert one.change is not None and one.change.value == pytest.approx(-12 * HOUR_MS)
    assert one.change.side == "less"


def test_people_on_foot_at_night_per_night_made_up_for_what_was_not_counted() -> None:
    whole = facts({FOOT_T: walkers(40, covered=0.8)}, AFTER)
    figure = night_traffic(whole)
    assert figure.value == pytest.approx(40)
    assert figure.n == round(0.8 * 40 * 28) and figure.coverage == pytest.approx(0.8)
    assert night_traffic(facts({LAMP_T: lamps(1, 0)}, AFTER)).value is None


def test_more_people_on_foot_at_night_as_a_ratio() -> None:
    found = gathered(
        {FOOT_T: walkers(100), FOOT_C: walkers(50)},
        {FOOT_T: walkers(150), FOOT_C: walkers(50)},
        {FOOT_T: [98, 102, 101, 99, 147, 153, 149, 151], FOOT_C: [49, 51, 50, 50, 51, 49, 50, 50]},
    )
    one = told(found, "night")
    assert one.change is not None and one.change.ratio
    assert one.change.value == pytest.approx(1.5, rel=0.01) and one.change.side == "more"


def test_three_weeks_are_too_short_to_know_how_nights_scatter() -> None:
    found = gathered({FOOT_T: walkers(100), FOOT_C: walkers(50)},
                     {FOOT_T: walkers(150), FOOT_C: walkers(50)})  # fmt: skip
    one = told(found, "night")
    assert (one.change, one.why) == (None, "too_short")
    assert one.figures[1].value == pytest.approx(150)


def test_alerts_under_five_are_hidden_from_coarse_roles_and_lamps_are_not() -> None:
    sums = {BELL_T: states(up=280), BELL_C: states(up=280), LAMP_T: lamps(300, 0.1),
            LAMP_C: lamps(300, 0.1)}  # fmt: skip
    raised = [alert(START_MS + k * HOUR_MS, BELL_T) for k in range(3)]
    found = gathered(sums, sums, alerts=raised)
    seen, hidden = told(found, "alerts"), told(found, "alerts", coarse=True)
    assert seen.figures[1].n == 3
    assert [figure.why for figure in hidden.figures] == ["hidden"] * 4
    assert hidden.change is None and hidden.why == "hidden"
    assert told(found, "lit", coarse=True) == told(found, "lit")


# -- the interval ----------------------------------------------------------------------------


def test_without_one_of_the_intervals_there_is_none() -> None:
    known = Figure(0.5, 100, 0.4, 0.6)
    assert of_figures([known] * 4) is not None
    for gap in (Figure(None), Figure(0.5, 1), replace(known, censored=True)):
        assert of_figures([known, known, known, gap]) is None
    assert of_pieces([[1.0, 2.0, 1.0]] * 4) is None
    assert of_pieces([[1.0, 2.0, 1.0, 0.0]] * 4) is None


def test_each_end_of_the_interval_takes_the_ends_that_lead_there() -> None:
    """MOVER: what is subtracted counts with its other end."""
    figures = [Figure(0.5, 9, 0.4, 0.8), Figure(0.6, 9, 0.4, 0.7), Figure(0.3, 9, 0.2, 0.4),
               Figure(0.2, 9, 0.1, 0.6)]  # fmt: skip
    change = of_figures(figures)
    assert change is not None and change.value == pytest.approx(0.2)
    down = (0.3**2 + 0.2**2 + 0.1**2 + 0.4**2) ** 0.5
    up = (0.1**2 + 0.1**2 + 0.1**2 + 0.1**2) ** 0.5
    assert change.low == pytest.approx(0.2 - down) and change.high == pytest.approx(0.2 + up)


def test_pieces_all_alike_have_no_scatter() -> None:
    change = of_pieces([[2.0] * 4, [4.0] * 4, [3.0] * 4, [3.0] * 4])
    assert change is not None and change.low == change.value == change.high
    assert change.value == pytest.approx(2)


def test_the_interval_of_shares_holds_the_truth_in_95_of_100_cases() -> None:
    """At the edge of shares, where each interval is lopsided. Monte-Carlo error 0.0049."""
    draw, n, p = np.random.default_rng(3), 80, (0.90, 0.97, 0.92, 0.94)
    rows = draw.binomial(n, p, (2_000, 4))
    truth = p[1] - p[0] - p[3] + p[2]
    held = 0
    for row in rows:
        figures = [Figure(x / n, n, *wilson(x / n, n)) for x in row]
        change = of_figures(figures)
        assert change is not None
        held += change.low <= truth <= change.high
    assert 0.935 <= held / len(rows) <= 0.975


def test_the_interval_of_ratios_holds_the_truth_in_95_of_100_cases() -> None:
    draw = np.random.default_rng(4)
    logs = draw.normal([4.6, 4.8, 4.0, 4.1], 0.12, (2_000, 6, 4))
    held = 0
    for one in np.exp(logs):
        change = of_pieces([list(column) for column in one.T])
        assert change is not None
        held += change.low <= exp(0.1) <= change.high
    assert abs(held / 2_000 - 0.95) < 0.015
