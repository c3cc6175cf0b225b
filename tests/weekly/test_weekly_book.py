"""Sealed weeks as they are kept: written once, read letter by letter."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import msgspec
import pytest
import redis
from msgspec.structs import replace

from dashboard.errors import BrokenSeal, SourceUnavailable
from dashboard.text import translator
from dashboard.weekly import seal
from dashboard.weekly.shown import WeekLine
from dashboard.weekly.week import Week
from data_sources import keys
from data_sources.weekly.book import WeekBook
from data_sources.weekly.lease import Lease
from tests.weekly.summaries import NOW_MS, a_sealed

WEEK = "2026-W47"


def test_it_is_read_as_it_was_written_with_the_same_hash(with_book: Any) -> None:
    one = a_sealed()
    assert with_book(lambda book: book.append(one))
    found = with_book(lambda book: book.find(WEEK))
    assert found.sealed == one and found.revisions == 1
    assert seal.hash_of(found.sealed.summary) == one.hash


def test_a_revision_is_written_once_and_only_after_the_one_before(with_book: Any) -> None:
    assert with_book(lambda book: book.append(a_sealed()))
    later = replace(a_sealed(), sealed_ms=NOW_MS + 1)
    assert not with_book(lambda book: book.append(later))
    assert not with_book(lambda book: book.append(a_sealed(3)))
    assert with_book(lambda book: book.find(WEEK)).sealed.sealed_ms == NOW_MS
    assert with_book(lambda book: book.append(a_sealed(2)))
    assert with_book(lambda book: book.find(WEEK)).sealed.revision == 2
    assert with_book(lambda book: book.find(WEEK, 1)).sealed.revision == 1
    assert with_book(lambda book: book.find(WEEK, 3)).sealed is None


def test_the_index_has_the_newest_revision_of_each_week_the_newest_week_first(
    with_book: Any,
) -> None:
    for one in (a_sealed(1, "2026-W52"), a_sealed(1, "2027-W01"), a_sealed(2, "2026-W52")):
        assert with_book(lambda book, one=one: book.append(one))
    new, old = a_sealed(1, "2027-W01"), a_sealed(2, "2026-W52")
    assert with_book(lambda book: book.lines()) == [
        WeekLine(one.summary.week, Week.of(one.summary.week).from_ms, n, NOW_MS, one.hash, 0.9862,
                 True)
        for n, one in ((1, new), (2, old))
    ]  # fmt: skip


def test_of_many_at_once_one_writes_the_revision(with_book: Any) -> None:
    async def race(book: WeekBook) -> list[bool]:
        them = [replace(a_sealed(), sealed_ms=NOW_MS + n) for n in range(20)]
        return list(await asyncio.gather(*(book.append(one) for one in them)))

    assert sum(with_book(race)) == 1
    assert with_book(lambda book: book.find(WEEK)).revisions == 1


def test_a_figure_that_was_changed_afterwards_is_refused_in_words(
    with_book: Any, redis_client: redis.Redis
) -> None:
    with_book(lambda book: book.append(a_sealed()))
    kept = redis_client.hget(keys.week(WEEK), "1")

    def change(**fields: Any) -> bytes:
        told = json.loads(kept)
        told["summary"].update(fields)
        return json.dumps(told).encode()

    bent = json.loads(kept)
    bent["summary"]["rows"][0]["week"]["value"] = 39.0
    other = replace(a_sealed(2, "2026-W46"), revision=1)
    wrong = [
        json.dumps(bent).encode(), change(coverage=0.9863), change(new="field"), kept[:-9], b"1",
        b'{"summary":1}', kept.replace(b'"revision":1', b'"revision":2'), b"\xff",
    ]  # fmt: skip
    for text in wrong:
        redis_client.hset(keys.week(WEEK), "1", text)
        with pytest.raises(BrokenSeal) as broken:
            with_book(lambda book: book.find(WEEK))
        assert broken.value.values == {"week": WEEK, "revision": 1}
        for language in ("ko", "en"):
            assert WEEK in translator(language)(broken.value.key, **broken.value.values)
    with_book(lambda book: book.append(other))
    redis_client.hset(keys.week(WEEK), "1", redis_client.hget(keys.week("2026-W46"), "1"))
    with pytest.raises(BrokenSeal):  # whole, but of another week
        with_book(lambda book: book.find(WEEK))
    redis_client.hset(keys.week(WEEK), "1", json.dumps(json.loads(kept), indent=2))
    assert with_book(lambda book: book.find(WEEK)).sealed == a_sealed()  # spaces are no figures


def test_a_seal_of_before_a_field_was_added_is_still_whole(
    with_book: Any, redis_client: redis.Redis
) -> None:
    """An old summary has no such field in its letters; reading gives it the field's default."""
    told = msgspec.to_builtins(a_sealed())
    for row in told["summary"]["rows"]:
        del row["target"]
    told["hash"] = seal.hash_of_kept(told["summary"])
    redis_client.hset(keys.week(WEEK), "1", json.dumps(told))
    found = with_book(lambda book: book.find(WEEK)).sealed
    assert found.hash == told["hash"] and found.summary.row("sla").target is None


def test_one_holds_the_lease_and_gives_back_only_its_own(
    with_book: Any, redis_client: redis.Redis
) -> None:
    async def work(book: WeekBook) -> None:
        one, other = (Lease(book._redis, keys.WEEKLY_LEASE, 60_000) for _ in range(2))
        assert await one.take() and not await other.take() and await one.take()
        await other.release()
        assert not await other.take()
        await one.release()
        assert await other.take()
        assert 0 < redis_client.pttl(keys.WEEKLY_LEASE) <= 60_000

    with_book(work)


def test_without_redis_it_says_so(with_book: Any) -> None:
    async def away(*_: Any) -> Any:
        raise redis.ConnectionError("away")

    async def work(book: WeekBook) -> None:
        gone = type(
            "Away", (), dict.fromkeys(("hlen", "hvals", "eval", "hget"), staticmethod(away))
        )
        book._redis = book.decisions._redis = book.lease._redis = gone()
        for one in (
            book.find(WEEK), book.lines(), book.append(a_sealed()), book.decisions.of(WEEK),
            book.decisions.ask(WEEK, "lamps", "kim", ""), book.lease.take(),
        ):  # fmt: skip
            with pytest.raises(SourceUnavailable):
                await one

    with_book(work)
