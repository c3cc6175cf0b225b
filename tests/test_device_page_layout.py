"""What a device's page says, as component trees: no server, no browser."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dashboard.errors import BadChoice
from dashboard.kpis.choice import start_of
from dashboard.kpis.device_year import Known, RawMessage, device_year
from dashboard.principal import Principal
from dashboard.records import (
    AlertView,
    DeviceView,
    OrderCause,
    OrderState,
    OrderView,
    Registration,
    Round,
    Status,
)
from dashboard.roles import Role
from dashboard.text import translator
from layouts import devices
from layouts.around import Place
from layouts.devices import address, words
from layouts.devices.address import Asked
from layouts.devices.ribbon import ribbon
from layouts.markup import markup

HOUR, DAY = 3_600_000, 86_400_000
EN, KO = translator("en"), translator("ko")
BEGAN, NOV_1 = start_of(date(2025, 12, 1)), start_of(date(2026, 11, 1))
NOW = NOV_1 + 24 * DAY + 11 * HOUR  # 25 November, 11:00
FAULT_AT = NOV_1 + 9 * DAY + 12 * HOUR
OPERATOR, MANAGER = (
    Principal("kim", role, language="en") for role in (Role.OPERATOR, Role.MANAGER)
)
DEVICE = Registration(
    "L-1", BEGAN, "light", 126.786, 37.672, "Lamp 1", gateway_id="G-1", vendor="Gaon"
)
HISTORY = ((BEGAN - DAY, Status.OK), (FAULT_AT, Status.FAULT), (FAULT_AT + 10 * HOUR, Status.OK))


def a_report(*transitions: tuple[int, int], **more: Any) -> devices.Report:
    known = {
        name: more.pop(name) for name in ("orders", "alerts", "messages", "registration")
        if name in more
    }  # fmt: skip
    record = known.pop("registration", DEVICE)
    year = device_year(Known(record, transitions or HISTORY, NOW, **known), NOW)
    view = DeviceView("L-1", Status.OK, FAULT_AT + 10 * HOUR, NOW - 60_000)
    given = {"asked": Asked("L-1", NOW + HOUR), "view": view, "status": "ok",
             "place": Place("Pungsan-dong", "R-01"), "now_ms": NOW}  # fmt: skip
    return devices.Report(year=year, **(given | more))


def page(report: devices.Report, who: Principal = OPERATOR) -> str:
    return markup(devices.report(EN, who, report))


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def a_round(**more: Any) -> Round:
    given = {"down_ms": FAULT_AT, "opened_ms": FAULT_AT + HOUR // 2, "due_ms": FAULT_AT + DAY,
             "repaired_ms": FAULT_AT + 9 * HOUR, "restored_ms": FAULT_AT + 10 * HOUR,
             "verified_ms": FAULT_AT + 11 * HOUR, "faults": ["lamp_out"]}  # fmt: skip
    return Round(**(given | more))


def an_order(*rounds: Round) -> OrderView:
    return OrderView(
        "W-L-1-a", OrderCause.FAULT, "L-1", OrderState.VERIFIED, rounds[0].opened_ms,
        assignee="Gaon", rounds=list(rounds),
    )  # fmt: skip


def test_the_calendar_has_a_row_per_month_and_a_cell_per_day() -> None:
    html = markup(ribbon(EN, a_report().year))
    rows = html.split('<tr role="row">')[2:]
    assert len(rows) == 12
    assert [row.count('class="devices__day ') + row.count('class="devices__day"') for row in rows][
        :3
    ] == [31, 31, 28]
    assert "Nov" in rows[-1] and "Dec 2025" in rows[0] and "Jan 2026" in rows[1]


def test_a_day_says_how_long_it_was_in_which_state() -> None:
    html = markup(ribbon(EN, a_report().year))
    assert 'title="Tue 10 Nov: Fault 10 h, Normal 14 h"' in html
    assert "flex-grow: 0.4167" in html and "flex-grow: 0.5833" in html


def test_states_are_told_in_words_for_those_who_do_not_see_them() -> None:
    html = markup(ribbon(EN, a_report().year))
    assert 'aria-label="Fault 1.7%, Normal 98.3%"' in html
    assert 'aria-label="Normal 100%"' in html


def test_what_never_happened_is_not_called_everything_or_nothing() -> None:
    assert words.share(1.0) == "100%" and words.share(0.0) == "0%"
    assert words.share(0.99996) == "99.996%"
    assert words.share(0.0004) == "0.04%"
    assert words.share(None) == "–"


def test_spans_are_told_in_two_units_at_most() -> None:
    said = [words.span(EN, ms) for ms in (40_000, 12 * 60_000, 5 * HOUR, 5 * HOUR + 60_000,
                                          2 * DAY, 3 * DAY + 4 * HOUR, 41 * DAY)]  # fmt: skip
    assert said == ["40 s", "12 min", "5 h", "5 h 1 min", "2 d", "3 d 4 h", "41 d"]


def test_failures_are_listed_with_how_they_went_on() -> None:
    moves = ((BEGAN, 0), (NOV_1, Status.OFFLINE), (NOV_1 + HOUR, Status.UNKNOWN),
             (NOV_1 + DAY, 0), (NOW - HOUR, Status.FAULT))  # fmt: skip
    said = text(page(a_report(*moves)))
    assert "2026.11.25 10:00 still lasts 1 h Fault" in said
    assert "2026.11.01 00:00 2026.11.01 01:00 then Unknown 1 h Offline" in said


def test_a_repair_says_how_it_stands_against_its_contract() -> None:
    late = a_round(down_ms=FAULT_AT + 2 * DAY, opened_ms=FAULT_AT + 2 * DAY, due_ms=FAULT_AT,
                   repaired_ms=None, restored_ms=None, verified_ms=None)  # fmt: skip
    html = page(a_report(orders=[an_order(a_round(), late)]))
    said = text(html)
    assert "again, 1" in said and "overdue" in said and " met" in said
    assert 'href="/orders?state=all&amp;order=W-L-1-a"' in html
    assert "devices__day--repaired" in html and "Repair reported" in said


def test_a_role_without_exact_points_learns_of_no_alert_and_why() -> None:
    alert = AlertView("A-1", "tamper", 3, "closed", FAULT_AT, verdict="real")
    seen = text(page(a_report(alerts=[alert])))
    assert "Tampering detected" in seen and "Real" in seen
    hidden = text(page(a_report(alerts=None), MANAGER))
    assert "not shown to this role" in hidden and "A-1" not in hidden


def test_messages_are_shown_as_they_came_and_never_run() -> None:
    evil = RawMessage("status", NOW, "1-0", '{"note": "<script>alert(1)</script>"}')
    broken = RawMessage("status", NOW, "2-0", "not json")
    html = page(a_report(messages=[evil, broken]))
    assert "<script>" not in html and "&lt;script&gt;" in html and "not json" in html
    assert "left out" in text(page(a_report(messages=[evil]), MANAGER))


def test_long_lists_say_that_they_are_cut() -> None:
    moves = [(BEGAN + n * HOUR, (Status.OK, Status.FAULT)[n % 2]) for n in range(400)]
    html = page(a_report(*moves))
    assert html.count("2025.12.") < 400
    assert "Only the newest 100 are shown" in text(html)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_device_that_never_spoke_and_one_that_was_taken_down_are_said_to_be_so(
    language: str,
) -> None:
    t = translator(language)
    silent = a_report((NOW, 0), view=None, status="unknown")
    silent = replace(silent, year=device_year(Known(DEVICE, (), NOW), NOW))
    said = text(markup(devices.report(t, OPERATOR, silent)))
    assert t("devices.never_heard") in said and t("devices.nothing_known") in said
    gone = Registration("L-1", NOV_1, "light", 126.7, 37.6, retired=True)
    html = markup(devices.report(t, OPERATOR, a_report(registration=gone)))
    assert t("devices.retired", day="2026-11-01") in text(html)
    assert "sel=device" not in html, "it is not on the map any more"


def test_where_the_history_begins_is_said() -> None:
    said = text(page(a_report((NOV_1, Status.OK))))
    assert "history begins at 2026.11.01 00:00" in said
    assert "history begins" not in text(page(a_report()))


def test_an_inspection_that_is_due_or_overdue_is_told() -> None:
    def told(inspected_on: str) -> str:
        record = Registration("L-1", BEGAN, "light", 126.7, 37.6, inspected_on=inspected_on)
        return text(page(a_report(registration=record, inspect_days=365)))

    assert "2025-10-01 was due by 2026-10-01" in told("2025-10-01")
    assert "2026-10-01 next by 2027-10-01" in told("2026-10-01")
    assert "no record" in told("")
    assert "9999-12-31" in told("9999-12-31")


@pytest.mark.parametrize("t", [EN, KO])
def test_however_an_order_stands_the_page_can_say_it(t: Any) -> None:
    """As order_standing.standing has it: an overdue inspection lapses."""
    waits: dict[str, Any] = {"repaired_ms": None, "restored_ms": None, "verified_ms": None}
    rounds = (
        a_round(**waits), a_round(**waits, due_ms=NOW + HOUR),
        a_round(**waits, due_ms=NOW + 3 * DAY), a_round(due_ms=FAULT_AT), a_round(),
        a_round(due_ms=None), a_round(excluded="storm"),
    )  # fmt: skip
    asked = OrderView("I-L-1-a", OrderCause.INSPECTION, "L-1", OrderState.OPEN, FAULT_AT + HOUR,
                      rounds=[a_round(**waits, due_ms=None)])  # fmt: skip
    report = a_report(orders=[asked, *(an_order(one) for one in rounds)])
    said = markup(devices.report(t, OPERATOR, report))
    for word in ("lapsed", "overdue", "soon", "running", "late", "met", "none", "excluded"):
        assert f"devices__stands--{word}" in said


def test_years_to_choose_begin_when_it_was_installed() -> None:
    record = Registration("L-1", BEGAN, "light", 126.7, 37.6, installed_on="2025-03-01")
    html = page(a_report(registration=record))
    assert re.findall(r"/device\?id=L-1&amp;year=(\d+)", html) == ["2026", "2025"]
    latest = '<a aria-current="true" class="chip" href="/device?id=L-1">Latest 12 months</a>'
    assert latest in html


# -- addresses -------------------------------------------------------------------------------


def test_an_address_asks_for_twelve_months_or_a_year() -> None:
    assert address.asked_of("?id=L-1", NOW) == Asked("L-1", NOV_1 + 25 * DAY)
    year = address.asked_of("?id=L-1&year=2025", NOW)
    assert year == Asked("L-1", start_of(date(2026, 1, 1)), 2025)
    assert address.asked_of("?id=L-1&to=2026-03-31", NOW).to_ms == start_of(date(2026, 4, 1))


@pytest.mark.parametrize(
    ("search", "key"),
    [
        (None, "devices.no_id"), ("", "devices.no_id"), ("?id=", "devices.no_id"),
        ("?id=%20", "devices.no_id"), ("?id=<b>", "choice.unknown_device"),
        ("?id=" + "x" * 65, "choice.unknown_device"), ("?id=L-1&year=20x6", "devices.bad_year"),
        ("?id=L-1&year=0000", "devices.bad_year"), ("?id=L-1&year=9999", "devices.bad_year"),
        ("?id=L-1&year=2027", "choice.future"), ("?id=L-1&year=2019", "choice.too_old"),
        ("?id=L-1&to=2026-02-30", "choice.not_a_date"), ("?id=L-1&to=2030-01-01", "choice.future"),
        ("?id=L-1&to=0001-01-01", "choice.too_old"), ({"id": 1}, "devices.no_id"),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_is_refused_in_words(search: Any, key: str) -> None:
    with pytest.raises(BadChoice) as refusal:
        address.asked_of(search, NOW)
    assert refusal.value.key == key
    said = text(markup(devices.refusal(KO, KO(key, **refusal.value.values))))
    assert "/device?id=" in said


def test_the_map_is_shown_with_the_device_chosen() -> None:
    assert address.on_map("L-1", 37.672, 126.786) == (
        "/?at=37.67200%2C126.78600%2C17&sel=device%3AL-1"
    )
