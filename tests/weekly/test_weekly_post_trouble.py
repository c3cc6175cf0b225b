"""What is made of a server that refuses, is away, is slow or goes away: no mail comes twice."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import pytest
import redis

from callbacks.weekly import post
from data_sources import keys
from tests.weekly import post_room as room
from tests.weekly.post_room import HOUR_MS, MINUTE_MS, NINE_MS, WEEK, Clock, PostOffice

KIM, LEE, PARK = "kim@example.kr", "lee@example.kr", "park@example.kr"


def test_one_who_is_refused_keeps_nobody_else_from_his_mail(
    run: Any, office: PostOffice, clock: Clock, redis_client: redis.Redis
) -> None:
    async def work(one: Any, _other: Any) -> None:
        await room.sealed(one)
        ids = await room.readers(one, KIM, LEE, PARK)
        office.handler.rcpt[LEE] = [f"550 5.1.1 <{LEE}>: no such user"]
        for _ in range(4):
            await room.send(one)
            clock.ms += 3 * HOUR_MS
        assert sorted(office.to) == [KIM, PARK] and office.handler.asked[LEE] == 1
        refused = (await room.mails(one))[ids[LEE]]
        assert (refused.state, refused.why, refused.code) == ("refused", "recipient", 550)
        assert [
            e["code"] for e in room.audited(redis_client) if e["what"] == "weekly_mail_refused"
        ] == [550]

    run(work)


def test_not_now_is_tried_again_after_growing_pauses(
    run: Any, office: PostOffice, clock: Clock
) -> None:
    async def work(one: Any, _other: Any) -> None:
        await room.sealed(one)
        ids = await room.readers(one, KIM)
        office.handler.rcpt[KIM] = ["451 4.7.1 come back", "451 4.7.1 come back", ""]
        office.handler.data[KIM] = ["452 full", ""]
        at = []
        while not office.to:
            before = office.handler.asked[KIM]
            await room.send(one)
            at += [(clock.ms - NINE_MS) // 1000] if office.handler.asked[KIM] > before else []
            clock.ms += 15_000
        assert at == [0, 60, 180, 420]
        assert (await room.mails(one))[ids[KIM]].tries == 4

    run(work)


def test_after_a_day_it_is_given_up(run: Any, office: PostOffice, clock: Clock) -> None:
    async def work(one: Any, _other: Any) -> None:
        await room.sealed(one)
        ids = await room.readers(one, KIM)
        office.handler.rcpt[KIM] = ["451 4.7.1 come back"]
        for _ in range(60):
            await room.send(one)
            clock.ms += HOUR_MS
        found = (await room.mails(one))[ids[KIM]]
        assert (found.state, found.code) == ("failed", 451)
        assert office.handler.asked[KIM] == 25

    run(work)


def test_a_server_that_is_down_begins_nobodys_mail(
    run: Any, office: PostOffice, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(one: Any, other: Any) -> None:
        await room.sealed(one)
        await room.readers(one, KIM, LEE)
        office.stop()
        for _ in range(20):
            await room.send(one, other)
            clock.ms += 15_000
        held = await room.standing(one)
        assert (held.why, held.first_ms) == ("connection", NINE_MS) and not await room.mails(one)
        office.start()
        clock.ms += HOUR_MS
        await room.send(one)
        assert sorted(office.to) == [KIM, LEE] and await room.standing(one) is None

    run(work)
    assert sum("not mailed" in record.message for record in caplog.records) <= 2  # one each


def test_a_server_that_is_down_for_a_day_is_given_up(
    run: Any, office: PostOffice, clock: Clock
) -> None:
    async def work(one: Any, _other: Any) -> None:
        await room.sealed(one)
        ids = await room.readers(one, KIM, LEE)
        office.stop()
        for _ in range(26):
            await room.send(one)
            clock.ms += HOUR_MS + MINUTE_MS
        found = await room.mails(one)
        assert {d.state for d in found.values()} == {"failed"} and set(found) == set(ids.values())
        assert await room.standing(one) is None
        office.start()
        await room.send(one)
        assert office.to == []

    run(work)


def test_trouble_that_is_over_does_not_count_for_later_trouble(
    run: Any, office: PostOffice, clock: Clock
) -> None:
    async def work(one: Any, _other: Any) -> None:
        await room.sealed(one)
        await room.readers(one, KIM)
        office.stop()
        await room.send(one)
        clock.ms += 25 * HOUR_MS
        office.start()
        office.handler.rcpt[KIM] = ["451 later"]
        await room.send(one)
        office.stop()
        clock.ms += HOUR_MS
        await room.send(one)
        held = await room.standing(one)
        assert (held.first_ms, held.tries) == (clock.ms, 1)

    run(work)


def test_no_answer_after_the_last_byte_is_nobodys_to_guess(
    run: Any, office: PostOffice, clock: Clock
) -> None:
    async def work(one: Any, other: Any) -> None:
        await room.sealed(one)
        ids = await room.readers(one, KIM, LEE)
        office.handler.drop.add(KIM)
        for _ in range(5):
            await room.send(one)
            await room.send(other)
            clock.ms += 2 * HOUR_MS
        found = await room.mails(one)
        assert (found[ids[KIM]].state, found[ids[LEE]].state) == ("unknown", "sent")
        assert sorted(office.to) == [KIM, LEE]  # the server had taken it

    run(work)


def test_a_server_that_is_too_slow_with_its_answer_leaves_it_undecided(
    run: Any, office: PostOffice
) -> None:
    async def work(one: Any, _other: Any) -> None:
        await room.sealed(one)
        ids = await room.readers(one, KIM)
        office.handler.hold_s = 2.0
        await room.send(one)
        assert (await room.mails(one))[ids[KIM]].state == "unknown"

    run(work)


def test_a_process_that_ends_politely_writes_down_what_became_of_its_mail(
    run: Any, office: PostOffice, clock: Clock
) -> None:
    async def work(one: Any, other: Any) -> None:
        await room.sealed(one)
        ids = await room.readers(one, KIM, LEE)
        office.handler.hold_s = 0.5
        turn = asyncio.create_task(post.send_due(one))
        while office.handler.asked[KIM] == 0:
            await asyncio.sleep(0.01)
        turn.cancel()
        with pytest.raises(asyncio.CancelledError):
            await turn
        assert (await room.mails(one))[ids[KIM]].state == "sent"
        await room.send(other)
        assert sorted(office.to) == [KIM, LEE]

    run(work)


def test_neither_addresses_nor_what_the_server_says_come_into_the_log(
    run: Any,
    office: PostOffice,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    redis_client: redis.Redis,
) -> None:
    async def work(one: Any, _other: Any) -> None:
        await room.sealed(one)
        await room.readers(one, KIM, LEE, PARK)
        office.handler.rcpt[LEE] = [f"550 5.1.1 <{LEE}>: user unknown"]
        office.handler.data[PARK] = [f"451 4.0.0 {PARK} later"]
        await room.send(one)
        clock.ms += HOUR_MS
        office.stop()
        await room.send(one)

    with caplog.at_level(logging.DEBUG):
        run(work)
    ours = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("mail."))
    assert "refused" in ours and "@" not in ours and "unknown" not in ours
    kept = redis_client.hgetall(keys.week_sent(WEEK.word))
    assert b"@" not in b"".join([*kept, *kept.values()])
    assert all("@" not in json.dumps(entry) for entry in room.audited(redis_client))
