"""What the detail says of a work order, and what each role may do with it."""

from __future__ import annotations

from callbacks.orders import facts
from dashboard.order_standing import loads
from dashboard.principal import Principal
from dashboard.records import AlertEvent, OrderView
from dashboard.roles import Role
from dashboard.site import Contract
from layouts.markup import markup
from layouts.orders import detail, rounds, story, words
from layouts.orders.detail import OrderFacts
from tests.orders.work_orders import HOUR, NOW, a_here, a_round, all_text, an_order

HERE = a_here()
CONTRACT = Contract("Maru", "", 18, parts_h=27, target=0.9)
LATE, SOON = an_order("1", a_round(150, -5)), an_order("2", a_round(1, 5))


def test_the_story_of_a_gateway_that_failed_again() -> None:
    order = an_order(
        "1", a_round(900, verified_ms=NOW - 800 * HOUR), a_round(30, -5, parts_ms=NOW - 9 * HOUR),
        kind="gateway", children=12,
    )  # fmt: skip
    assert story.sentences(HERE, order) == (
        "Silent since 11.17 13:06. The state of 12 devices behind it is unknown. "
        "It failed again within 30 days of being repaired: round 2. "
        "Parts are awaited since 11.18 11:06."
    )


def test_a_report_is_told_as_a_report() -> None:
    reported = an_order("1", a_round(repaired_ms=NOW), state="repaired")
    assert "Reported repaired" in story.sentences(HERE, reported)
    proved = an_order("1", a_round(restored_ms=NOW, verified_ms=NOW), state="verified")
    assert "proved it" in story.sentences(HERE, proved)


def test_machines_and_people_stand_in_one_line_of_time() -> None:
    order = an_order(
        "1",
        a_round(30, -5),
        history=[
            AlertEvent(NOW - 20 * HOUR, "assign", "operator", to="Maru"),
            AlertEvent(NOW - 2 * HOUR, "note", "manager", "called them"),
            AlertEvent(NOW - HOUR, "refuted"),
        ],
    )
    assert [moment.said for moment in story.moments(HERE, order)] == [
        "Went silent", "Work order opened", "operator assigned it to Maru", "Fell overdue",
        "manager noted", "Report refuted: it is still down",
    ]  # fmt: skip
    assert "called them" in all_text(story.timeline(HERE, order))


def test_a_device_that_was_retired_ends_its_order_by_itself() -> None:
    shut = an_order(state="cancelled", history=[AlertEvent(NOW, "cancel", note="retired")])
    (moment,) = [one for one in story.moments(HERE, shut) if one.note]
    assert (moment.said, moment.note) == ("Closed by the control room", "The device was retired.")


def test_the_contract_is_told_in_words() -> None:
    said = words.contract(HERE, "Maru", "light", CONTRACT)
    assert said == (
        "Security light, Maru: repair within 18 working hours, +27 h when parts are awaited"
    )
    always = words.contract(HERE, "Gaon", "bell", Contract("Gaon", "bell", 24, "always"))
    assert always == "Emergency bell, Gaon: repair within 24 hours, day and night"
    assert "nothing is due" in words.contract(HERE, "", "light", None)


def test_the_bar_of_a_round_shows_where_it_was_due() -> None:
    """20 h in all: due after 10, awaiting parts since 15."""
    one = a_round(19, -10, parts_ms=NOW - 5 * HOUR)
    pieces = rounds.bar(HERE, an_order("1", one), one).children
    places = [(piece.className.split("--")[-1], piece.style) for piece in pieces]
    assert places == [
        ("down", {"left": "0.00%", "width": "100.00%"}),
        ("parts", {"left": "75.00%", "width": "25.00%"}),
        ("late", {"left": "50.00%", "width": "50.00%"}),
        ("orders__line", {"left": "50.00%"}),
    ]


def test_of_rounds_that_are_over_a_line_is_enough() -> None:
    before = a_round(900, restored_ms=NOW - 880 * HOUR, verified_ms=NOW - 879 * HOUR)
    shown = rounds.rounds(HERE, an_order("1", before, a_round(5))).children
    assert [one.children[0].children[0].children for one in shown] == ["Round 2", "Round 1"]
    assert all_text(shown[1].children[2]) == "10.12 07:06 – 10.13 04:06 · took 21 h"
    assert "Down since" in all_text(shown[0])


def test_a_repair_ends_the_vendors_part_of_the_bar() -> None:
    one = a_round(9, 10, repaired_ms=NOW - 5 * HOUR, verified_ms=NOW)
    pieces = rounds.bar(HERE, an_order("1", one), one).children
    assert [piece.style["width"] for piece in pieces[:2]] == ["25.00%", "25.00%"]


def test_the_detail_leads_on_to_what_the_reader_may_see() -> None:
    more = detail.more(HERE, OrderFacts(an_order(), "offline", CONTRACT, links=("device", "kpis")))
    text = markup(more)
    for href in (
        "/device?id=L-1",
        "/?sel=device%3AL-1",
        "/kpis?kpi=sla&amp;vendor=Maru&amp;kind=light",
    ):
        assert f'href="{href}"' in text
    assert "/device" not in markup(detail.more(HERE, OrderFacts(an_order())))


def test_notes_are_text_whatever_they_contain() -> None:
    bad = an_order(history=[AlertEvent(NOW, "note", "manager", "<img src=x onerror=alert(1)>")])
    assert "<img" not in markup(detail.more(HERE, OrderFacts(bad)))


def test_nothing_chosen_shows_who_has_how_much() -> None:
    said = all_text(detail.nothing(HERE, loads([LATE, SOON, an_order("9", state="open")], NOW)))
    assert "Maru21–6 d" in said and "unassigned1––" in said


# -- who may do what -----------------------------------------------------------------------------

WHO = {role: Principal(role.value, role) for role in Role}


def offered(role: Role, order: OrderView) -> dict[str, bool]:
    """Names of the buttons; True = the primary one."""
    return {name: bool(primary) for name, _, primary in facts.acts(HERE, WHO[role], order)}


def test_one_primary_action_by_state() -> None:
    for state, primary in (("open", "assign"), ("assigned", "repaired"), ("parts", "repaired")):
        acts = offered(Role.MANAGER, an_order(state=state))
        assert [name for name, is_it in acts.items() if is_it] == [primary]
        assert next(iter(acts)) == primary
    for state in ("repaired", "verified", "cancelled"):
        assert not any(offered(Role.MANAGER, an_order(state=state)).values())


def test_decisions_are_the_managers() -> None:
    order = an_order()
    assert set(offered(Role.OPERATOR, order)) == {"assign", "parts", "repaired", "note"}
    assert set(offered(Role.MANAGER, order)) - set(offered(Role.OPERATOR, order)) == {
        "exclude", "cancel",
    }  # fmt: skip
    for role in (Role.DUTY, Role.EXECUTIVE, Role.ADMIN):
        assert offered(role, order) == {}


def test_what_is_left_out_can_be_counted_again() -> None:
    left_out = offered(Role.MANAGER, an_order("1", a_round(excluded="works")))
    assert "include" in left_out and "exclude" not in left_out


def test_an_inspection_is_done_not_repaired() -> None:
    acts = facts.acts(HERE, WHO[Role.MANAGER], an_order(cause="inspection", kind="bell"))
    assert [name for name, _, _ in acts][:1] == ["repaired"] and acts[0][1] == "Inspected"
    assert "parts" not in [name for name, _, _ in acts]
