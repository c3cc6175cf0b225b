"""The week is mailed once to each reader, or not at all; against a real SMTP server."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
import redis

from callbacks.weekly import post
from data_sources import keys
from tests.weekly import post_room as room
from tests.weekly.post_room import HOUR_MS, MINUTE_MS, MONDAY_MS, NINE_MS, WEEK, Clock, PostOffice

KIM, LEE = "kim@example.kr", "lee@example.kr"


def test_it_sends_each_reader_one_mail_and_never_again(
    run: Any, office: PostOffice, clock: Clock, redis_client: redis.Redis
) -> None:
    async def work(one: Any, other: Any) -> None:
        await room.sealed(one)
        ids = await room.readers(one, KIM, LEE)
        for _ in range(3):
            await room.send(one)
            await room.send(other)
            clock.ms += 6 * HOUR_MS
        assert sorted(office.to) == [KIM, LEE]
        found = await room.mails(one)
        assert {name: d.state for name, d in found.items()} == dict.fromkeys(ids.values(), "sent")
        assert {(e["what"], e["reader"]) for e in room.audited(redis_client)} == {
            ("weekly_mail_sent", name) for name in ids.values()
        }

    run(work)


def test_two_processes_at_the_same_moment_send_one_mail(run: Any, office: PostOffice) -> None:
    async def work(one: Any, other: Any) -> None:
        await room.sealed(one)
        await room.readers(one, *(f"reader{n}@example.kr" for n in range(8)))
        office.handler.hold_s = 0.05
        await room.send(one, other, one, other)
        assert sorted(office.to) == sorted(f"reader{n}@example.kr" for n in range(8))

    run(work)


def test_who_is_removed_while_mails_go_out_gets_none(run: Any, office: PostOffice) -> None:
    async def work(one: Any, other: Any) -> None:
        await room.sealed(one)
        ids = await room.readers(one, KIM, LEE)
        office.handler.hold_s = 0.5
        sending = asyncio.create_task(room.send(one))
        while not office.to:
            await asyncio.sleep(0.01)
        [later] = {KIM, LEE} - set(office.to)
        await other.week_mail.readers.remove(ids[later], "manager", "")
        await sending
        assert later not in office.to and list(await room.mails(one)) == [ids[office.to[0]]]

    run(work)


@pytest.mark.parametrize(
    ("at_ms", "goes"),
    [(NINE_MS - 1, False), (NINE_MS, True), (MONDAY_MS + 72 * HOUR_MS - 1, True),
     (MONDAY_MS + 72 * HOUR_MS, False), (MONDAY_MS + 6 * 24 * HOUR_MS, False)],
)  # fmt: skip
def test_it_goes_from_the_set_time_on_monday_until_wednesday_ends(
    run: Any, office: PostOffice, clock: Clock, at_ms: int, goes: bool
) -> None:
    async def work(one: Any, _other: Any) -> None:
        await room.sealed(one)
        await room.readers(one, KIM)
        clock.ms = at_ms
        await room.send(one)
        assert (office.to == [KIM]) is goes

    run(work)


@pytest.mark.parametrize(
    ("coverage", "why"), [(0.7999, "coverage"), (None, "no_coverage"), (0.8, "")]
)
def test_too_little_heard_holds_everything_back(
    run: Any, office: PostOffice, coverage: float | None, why: str
) -> None:
    async def work(one: Any, _other: Any) -> None:
        await room.sealed(one, coverage=coverage)
        await room.readers(one, KIM)
        await room.send(one)
        held = await room.standing(one)
        assert (held.why if held else "") == why
        assert office.to == ([] if why else [KIM])
        assert not why or not await room.mails(one)

    run(work)


def test_a_week_that_is_not_sealed_waits_and_says_so_once(
    run: Any, office: PostOffice, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(one: Any, other: Any) -> None:
        await room.readers(one, KIM)
        for _ in range(3):
            await room.send(one)
            await room.send(other)
            clock.ms += MINUTE_MS
        held = await room.standing(one)
        assert (held.why, held.first_ms) == ("not_sealed", NINE_MS)
        assert held.known_to_ms == clock.ms - MINUTE_MS  # nothing was counted yet: the clock
        await room.sealed(one)
        await room.send(one)
        assert office.to == [KIM] and await room.standing(one) is None

    with caplog.at_level(logging.INFO):
        run(work)
    assert [r.message for r in caplog.records if "not mailed" in r.message] == [
        "week 2026-W47 is not mailed: not_sealed"
    ]


def test_a_broken_seal_holds_everything_back(
    run: Any, office: PostOffice, redis_client: redis.Redis
) -> None:
    async def work(one: Any, _other: Any) -> None:
        await room.sealed(one)
        kept = redis_client.hget(keys.week(WEEK.word), "1")
        redis_client.hset(keys.week(WEEK.word), "1", kept.replace(b'"n":40', b'"n":41', 1))
        await room.readers(one, KIM)
        await room.send(one)
        assert (await room.standing(one)).why == "broken" and office.to == []

    run(work)


def test_a_pdf_that_cannot_be_made_holds_everything_back_and_is_tried_later(
    run: Any, office: PostOffice, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    async def broken(*_: Any) -> Any:
        tries.append(1)
        raise RuntimeError("no type")

    async def work(one: Any, _other: Any) -> None:
        await room.sealed(one)
        await room.readers(one, KIM)
        monkeypatch.setattr(post, "content", broken)
        for _ in range(8):
            await room.send(one)
            clock.ms += 15_000
        assert (await room.standing(one)).why == "not_made" and not office.handler.asked
        assert len(tries) == 2  # not every 15 s
        monkeypatch.setattr(post, "content", room.content)
        clock.ms += HOUR_MS
        await room.send(one)
        assert office.to == [KIM]

    run(work)
