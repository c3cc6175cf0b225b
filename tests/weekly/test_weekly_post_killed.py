"""A process killed while it mails: what it had under way is sent by nobody else by itself."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
import redis

from callbacks.weekly import post
from dashboard.errors import SourceUnavailable
from tests.conftest import ROOT
from tests.weekly import post_room as room
from tests.weekly.post_room import MINUTE_MS, WEEK, Clock, PostOffice

KIM, LEE = "kim@example.kr", "lee@example.kr"
PROGRAM = """
import asyncio, sys
from callbacks.weekly import post
from tests.weekly import post_room as room
post.content = room.content
mail = room.settings_of(int(sys.argv[2]))
asyncio.run(post.send_due(room.web_process(sys.argv[1], room.Clock(), mail)))
"""


def another_process(redis_url: str, office: PostOffice) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", PROGRAM, redis_url, str(office.port)], cwd=ROOT)


def until(true: Any) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.slow
@pytest.mark.parametrize("taken", [True, False], ids=["after", "before"])
def test_a_mail_under_way_when_its_process_is_killed_waits_for_a_person(
    run: Any, redis_url: str, office: PostOffice, clock: Clock, taken: bool
) -> None:
    """after: the server had taken it, before: it had not. Nobody but the server can know."""

    async def prepare(one: Any, _other: Any) -> dict[str, str]:
        await room.sealed(one)
        return await room.readers(one, KIM)

    [kim] = run(prepare).values()
    office.handler.hold_s = 60.0
    office.handler.data[KIM] = [""] if taken else ["451 not yet"]
    process = another_process(redis_url, office)
    until(lambda: office.handler.asked[f"data {KIM}"])
    process.send_signal(signal.SIGKILL)
    process.wait()
    office.handler.hold_s, office.handler.data = 0.0, {}
    before = list(office.to)

    async def go_on(one: Any, other: Any) -> None:
        [lee] = (await room.readers(one, LEE)).values()
        await room.send(one, other)
        assert office.to == [*before, LEE]
        assert (await room.mails(one))[kim].state == "sending"
        for _ in range(8):
            clock.ms += 5 * MINUTE_MS
            await room.send(one, other)
        found = await room.mails(one)
        assert (found[kim].state, found[kim].why, found[lee].state) == ("unknown", "ended", "sent")
        assert office.to == [*before, LEE]

    run(go_on)
    log = room.audited(redis.Redis.from_url(redis_url))
    assert [e["what"] for e in log if e["reader"] == kim] == ["weekly_mail_unknown"]
    assert "@" not in json.dumps(log)


def test_it_goes_again_when_a_person_says_so_and_only_then(
    run: Any, office: PostOffice, clock: Clock
) -> None:
    async def work(one: Any, other: Any) -> None:
        await room.sealed(one)
        [kim] = (await room.readers(one, KIM)).values()
        office.handler.drop.add(KIM)
        await room.send(one)
        office.handler.drop.clear()
        clock.ms += MINUTE_MS
        await other.week_mail.send_again(WEEK.word, kim, "manager", "127.0.0.1")
        await room.send(one, other)
        await room.send(one, other)
        assert office.to == [KIM, KIM]
        found = (await room.mails(one))[kim]
        assert (found.state, found.again, found.tries) == ("sent", "manager", 1)
        ids = {message["Message-ID"] for message in office.mails}
        assert ids == {f"<{WEEK.word}.{kim}@example.kr>"}  # so that whoever gets both can know

    run(work)


def test_a_process_that_slept_too_long_still_tells_what_it_knows(
    run: Any, office: PostOffice, clock: Clock
) -> None:
    """Taken for undecided, and asked for again by hand, while the server had it all along."""

    async def work(one: Any, other: Any) -> None:
        await room.sealed(one)
        [kim] = (await room.readers(one, KIM)).values()
        office.handler.hold_s = 0.8
        turn = asyncio.create_task(post.send_due(one))
        while not office.to:
            await asyncio.sleep(0.01)
        clock.ms += 11 * MINUTE_MS
        await room.send(other)
        assert (await room.mails(other))[kim].state == "unknown"
        await other.week_mail.send_again(WEEK.word, kim, "manager", "")
        await turn
        assert (await room.mails(other))[kim].state == "sent"
        await room.send(one, other)
        assert office.to == [KIM]

    run(work)


def test_a_moment_without_redis_after_the_mail_is_waited_for(
    run: Any, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "RECORD_PAUSES_S", (0.01, 0.01, 0.01))

    async def work(one: Any, other: Any) -> None:
        await room.sealed(one)
        [kim] = (await room.readers(one, KIM)).values()
        ledger, failures = one.week_mail.ledger, [1, 1, 1]
        change = ledger.change

        async def shaky(*given: Any) -> Any:
            if given[3].state == "sent" and failures and failures.pop():
                raise SourceUnavailable("away")
            return await change(*given)

        ledger.change = shaky
        await room.send(one)
        assert (await room.mails(other))[kim].state == "sent" and office.to == [KIM]

    run(work)
