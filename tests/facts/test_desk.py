"""The desk: answers worked out once, one device's year, and what it says while it cannot."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
import redis

from dashboard.errors import BadChoice, SourceUnavailable
from dashboard.kpis.choice import Choice, choice_of, period_of
from dashboard.kpis.indicators import KPIS
from dashboard.raw_messages import told
from dashboard.records import Status
from data_sources.facts.answers import Answers
from data_sources.facts.transitions import months_until
from tests.facts.kpi_room import ZONE, kpi_room
from tests.facts.town import HOUR_S
from tests.field import Field
from tests.live_room import LiveRoom


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LiveRoom, redis.Redis]]:
    with kpi_room(tmp_path_factory.mktemp("desk")) as (room, client):
        yield room, client


@pytest.fixture
def room(town: tuple[LiveRoom, redis.Redis]) -> LiveRoom:
    return town[0]


def choice(room: LiveRoom, period: str = "month", **wanted: str) -> Choice:
    desk = room.sources.kpis
    return choice_of({"period": period, **wanted}, desk.now_ms(), desk.known())


def test_it_knows_the_words_of_the_site_and_those_that_occur(room: LiveRoom) -> None:
    known = room.sources.kpis.known()
    assert {"bell", "gateway"} <= set(known["kind"]) and ZONE in known["zone"]
    assert known["vendor"] == ["Gaon", "Maru"] and "" not in known["pilot"]
    assert set(room.sources.site.route_by_id) <= set(known["route"])


def test_figures_that_do_not_apply_are_left_out(room: LiveRoom) -> None:
    desk = room.sources.kpis
    every = room.run(desk.report(choice(room), coarse=False))
    assert [row.kpi for row in every] == list(KPIS)
    bells = [row.kpi.key for row in room.run(desk.report(choice(room, kind="bell"), coarse=False))]
    assert "availability_night" not in bells and "traffic" not in bells and "mttr" in bells


def test_a_target_of_the_site_is_that_of_the_kind(room: LiveRoom) -> None:
    desk, targets = room.sources.kpis, room.sources.site.targets
    row = room.run(desk.row(choice(room, kind="bell"), "availability"))
    assert row.target == targets.get("availability:bell", targets["availability"])


def test_members_of_every_figure_can_be_told(room: LiveRoom) -> None:
    desk = room.sources.kpis
    for kpi in KPIS:
        for coarse in (False, True):
            made_of = room.run(desk.members(choice(room), kpi.key, 5, coarse, named=not coarse))
            assert len(made_of.rows) <= 5 and len(made_of.rows) <= made_of.total, kpi.key
            if coarse:
                assert not [one for one in made_of.rows if one.device], kpi.key


def test_worst_devices_are_those_that_were_down(room: LiveRoom) -> None:
    desk = room.sources.kpis
    worst = room.run(desk.worst(choice(room)))
    assert worst[0].loss.down_ms >= worst[-1].loss.down_ms > 0 and len(worst) == 4
    row = room.run(desk.row(choice(room), "availability", coarse=False))
    lost = sum(one.loss.down_ms for one in worst)
    assert lost == pytest.approx(row.figure.parts["down_ms"], abs=2_000)  # read a moment apart
    bells = room.run(desk.worst(choice(room, kind="bell")))
    assert [one.device_id for one in bells] == ["L-2"]
    assert (
        bells[0].loss.failures
        == room.run(desk.row(choice(room, kind="bell"), "mtbf", coarse=False)).figure.parts[
            "failures"
        ]
    )


@pytest.mark.parametrize("period", ["28d", "month", "2025-10"])
def test_what_to_repair_first_is_of_now_whatever_the_period(room: LiveRoom, period: str) -> None:
    found, today = (
        {one.order_id for one in room.run(room.sources.kpis.repairs(choice(room, asked)))}
        for asked in (period, "today")
    )
    assert "W-L-2-a" in found and found == today


def test_a_vendor_asked_for_alone_is_still_held_against_the_others(room: LiveRoom) -> None:
    desk = room.sources.kpis
    every = {one.vendor: one for one in room.run(desk.vendors(choice(room)))}
    assert room.run(desk.vendors(choice(room, vendor="Gaon"))) == [every["Gaon"]]
    assert len(every) == 2


def test_one_device_s_year_is_its_states_orders_and_messages(
    town: tuple[LiveRoom, redis.Redis],
) -> None:
    room, client = town
    Field(client).say("status", device_id="L-2", ts="2026-11-24T00:00:00Z", state="ok",
                      lamp={"mode": "sos_blink"}, faults=["tamper", "mic"])  # fmt: skip
    desk = room.sources.kpis
    exact = room.run(desk.device_year("L-2", desk.now_ms(), exact=True))
    assert exact.registration.device_id == "L-2" and exact.times[Status.FAULT] >= HOUR_S * 1000
    assert {repair.order.order_id for repair in exact.repairs} >= {"W-L-2-a", "W-L-2-b"}
    assert len(exact.alerts or ()) == 3
    assert "sos_blink" in exact.messages[0].text and exact.messages[0].stream == "status"
    coarse = room.run(desk.device_year("L-2", desk.now_ms()))
    assert coarse.alerts is None and coarse.spans == exact.spans
    said = " ".join(message.text for message in coarse.messages)
    assert "sos_blink" not in said and "tamper" not in said and '"mic"' in said
    with pytest.raises(BadChoice):
        room.run(desk.device_year("nobody", desk.now_ms()))


def test_what_makes_no_sense_has_its_own_words(room: LiveRoom) -> None:
    desk = room.sources.kpis
    for ask, key in (
        (desk.row(choice(room), "happiness"), "choice.unknown_kpi"),
        (desk.breakdown(choice(room), "availability", "colour"), "choice.unknown_dim"),
        (desk.breakdown(choice(room), "feed_lag", "zone"), "choice.unknown_dim"),
        (desk.members(choice(room), "happiness", 5), "choice.unknown_kpi"),
    ):
        with pytest.raises(BadChoice) as said:
            room.run(ask)
        assert said.value.key == key


def test_while_it_loads_it_says_so_and_tools_are_told_to_wait(
    room: LiveRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = choice(room)
    monkeypatch.setattr(room.sources.kpis._store, "_book", None)
    for ask in (room.sources.kpis.report(asked), room.sources.kpis.worst(asked),
                room.sources.kpis.device_year("L-2", 0)):  # fmt: skip
        with pytest.raises(SourceUnavailable) as said:
            room.run(ask)
        assert said.value.key == "kpis.loading"
    answer = room.http("duty").get("/api/v1/kpis")
    assert answer.status_code == 503 and answer.json()["detail"]


# -- answers ------------------------------------------------------------------------------------


def test_an_answer_is_worked_out_once_and_kept_for_a_moment() -> None:
    async def look() -> None:
        clock, made = [0], []

        async def make() -> int:
            await asyncio.sleep(0.01)
            made.append(1)
            return len(made)

        answers = Answers(2, 100, lambda: clock[0])
        assert await asyncio.gather(*(answers.get("a", 1, make) for _ in range(5))) == [1] * 5
        assert await answers.get("a", 2, make) == 1  # news, but fresh enough
        clock[0] = 500
        assert await answers.get("a", 1, make) == 1  # old, but no news
        assert await answers.get("a", 2, make) == 2
        clock[0] = 900
        assert await answers.get("a", 0, make) == 3  # nobody knows whether there are news
        await answers.get("b", 1, make)
        await answers.get("c", 1, make)
        assert len(answers) == 2

    asyncio.run(look())


def test_what_fails_is_not_kept_and_who_leaves_takes_nothing_away() -> None:
    async def look() -> None:
        tries: list[int] = []

        async def make() -> str:
            tries.append(1)
            await asyncio.sleep(0.02)
            if len(tries) == 1:
                raise SourceUnavailable("x")
            return "good"

        answers = Answers(2, 100, lambda: 0)
        with pytest.raises(SourceUnavailable):
            await answers.get("a", 1, make)
        leaver = asyncio.create_task(answers.get("a", 1, make))
        stayer = asyncio.create_task(answers.get("a", 1, make))
        await asyncio.sleep(0.005)
        leaver.cancel()
        assert await stayer == "good" and len(tries) == 2

    asyncio.run(look())


# -- months and raw messages --------------------------------------------------------------------


def test_thirteen_months_end_with_the_present_one_in_korea() -> None:
    new_year = 1_798_729_200_000  # 2027-01-01 00:00 KST
    assert months_until(new_year)[-2:] == [202612, 202701]
    assert months_until(new_year - 1)[-1] == 202612 and months_until(new_year)[0] == 202601


@pytest.mark.parametrize(
    ("raw", "exact", "said"),
    [
        (b'{"device_id": "L-2", "lux": 3}', True, '{"device_id": "L-2", "lux": 3}'),
        (b'{"device_id": "L-2", "lux": 3}', False, '{"device_id":"L-2"}'),
        (b'{"device_id":"L-2","faults":["tamper"]}', False, '{"device_id":"L-2","faults":[]}'),
        (b'{"device_id":"L-2","faults":5}', False, '{"device_id":"L-2","faults":[]}'),
        (b'{"sensor_id":"L-2"}', True, '{"sensor_id":"L-2"}'),
        (b'{"device_id":"L-22"}', True, None),
        (b'{"device_id":"X","note":"L-2"}', True, None),
        (b"L-2 not json", True, None), (b"\xff L-2", False, None), (b"", True, None),
        (b'["L-2"]', True, None),
    ],
)  # fmt: skip
def test_a_raw_message_is_told_at_the_precision_of_the_role(
    raw: bytes, exact: bool, said: str | None
) -> None:
    assert told(raw, "L-2", exact) == said


def test_a_period_may_have_no_data_at_all(room: LiveRoom) -> None:
    desk = room.sources.kpis
    empty = Choice(period_of({"period": "2025-10"}, desk.now_ms()))
    rows = room.run(desk.report(empty, coarse=False))
    told_nothing = [row for row in rows if row.figure.value is None]
    assert len(told_nothing) > 15 and all(row.previous is None for row in rows)
    assert room.run(desk.worst(empty)) == []
