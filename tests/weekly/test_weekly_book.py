"""Sealed weeks as they are kept: written once, read letter by letter, with what is asked for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
import redis
from msgspec.structs import replace

from dashboard.errors import BadChoice, BrokenSeal, Conflict, SourceUnavailable
from dashboard.text import translator
from dashboard.weekly import seal
from dashboard.weekly.shown import UnknownWeek, WeekLine
from dashboard.weekly.summary import Row, Sealed, Told
from dashboard.weekly.week import Week
from data_sources import keys
from data_sources.audit import Audit
from data_sources.connect import open_async
from data_sources.weekly.book import WeekBook
from data_sources.weekly.lease import Lease
from tests.weekly.summaries import a_row, a_summary

WEEK = "2026-W47"
NOW_MS = 1_795_000_000_000


@pytest.fixture
def with_book(redis_client: redis.Redis, redis_url: str) -> Callable[..., Any]:
    """with_book(work): what work(book, ...) answers, each time over a connection of its own."""

    def run(work: Callable[[WeekBook], Awaitable[Any]]) -> Any:
        async def connected() -> Any:
            client = open_async(redis_url)
            try:
                audit = Audit(client, lambda: NOW_MS)
                return await work(WeekBook(client, audit, lambda: NOW_MS))
            finally:
                await client.aclose()

        return asyncio.run(connected())

    return run


def a_sealed(revision: int = 1, word: str = WEEK, **fields: Any) -> Sealed:
    first = seal.sealed(a_summary(word, **fields), None, NOW_MS, NOW_MS - 1)
    return replace(first, revision=revision)


# -- revisions -----------------------------------------------------------------------------------


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


# -- the hash ------------------------------------------------------------------------------------


def test_the_hash_is_that_of_the_figures_and_of_nothing_else() -> None:
    one = a_sealed()
    again = seal.sealed(a_summary(), None, NOW_MS + 5, NOW_MS + 6)
    assert again.hash == one.hash
    other = a_summary(rows={"sla": a_row("sla", 0.9791)})
    assert seal.hash_of(other) != one.hash


def test_whole_numbers_and_floats_of_the_same_value_have_the_same_hash() -> None:
    whole = a_summary(rows={"sla": a_row("sla", 1)})
    assert seal.hash_of(whole) == seal.hash_of(a_summary(rows={"sla": a_row("sla", 1.0)}))


def test_what_json_cannot_tell_is_not_sealed() -> None:
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="not the same"):
            seal.sealed(a_summary(coverage=value), None, 0, 0)


# -- what makes another revision ---------------------------------------------------------------


def with_row(row: Row) -> Any:
    return a_summary(rows={row.key: row})


def test_its_own_figures_make_another_revision_and_others_do_not() -> None:
    before, row = a_summary(), a_row("incidents")
    own = [
        with_row(replace(row, week=Told(41.0, 41))), with_row(replace(row, week=Told(40.0, 41))),
        a_summary(coverage=0.98), a_summary(complete=False),
        with_row(replace(row, week=replace(row.week, parts={"real": 1.0}))),
    ]  # fmt: skip
    others = [
        with_row(replace(row, d28=Told(1.0))), with_row(replace(row, year=Told(1.0))),
        with_row(replace(row, last_year_week=Told(1.0))), with_row(replace(row, target=0.5)),
        with_row(replace(row, line=(1.0,))),
        with_row(replace(row, usual=replace(row.usual, z=9.0))),
        a_summary(said=()), a_summary(simulated=True), a_summary(routes_in_all=1),
    ]  # fmt: skip
    assert [seal.differs(before, after) for after in own] == [True] * len(own)
    assert [seal.differs(before, after) for after in others] == [False] * len(others)


def test_a_row_that_another_version_tells_or_no_longer_tells_is_no_other_figure() -> None:
    before = a_summary()
    fewer = replace(before, rows=before.rows[1:])
    assert not seal.differs(before, fewer) and not seal.differs(fewer, before)


def test_what_changed_is_told_by_name_the_weeks_own_figures_first() -> None:
    row = a_row("incidents")
    after = with_row(replace(row, week=Told(41.0, 41), d28=Told(41.0, 41)))
    told = seal.differences(a_summary(said=()), replace(after, coverage=0.5))
    paths = [one.path for one in told]
    own = ["coverage", "rows/incidents/week/value", "rows/incidents/week/n"]
    assert paths[:3] == own and "rows/incidents/d28/value" in paths[3:]
    value = next(one for one in told if one.path == own[1])
    assert (value.before, value.after) == ("40.0", "41.0")


def test_a_revision_says_when_it_is_another_source_that_worked_it_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = a_sealed()
    after = with_row(replace(a_row("incidents"), week=Told(41.0, 41)))
    assert seal.CODE not in [one.path for one in seal.sealed(after, before, 1, 1).changed]
    monkeypatch.setattr(seal, "code_version", lambda: "0123456789ab")
    found = seal.sealed(after, before, 1, 1)
    assert (found.revision, found.code) == (2, "0123456789ab")
    told = found.changed[0]
    assert (told.path, told.before, told.after) == (
        "code", json.dumps(before.code), '"0123456789ab"',
    )  # fmt: skip


# -- decisions -----------------------------------------------------------------------------------


def audited(client: redis.Redis) -> list[dict[str, Any]]:
    return [json.loads(fields[b"d"]) for _, fields in client.xrange(keys.AUDIT)]


def test_a_decision_is_kept_with_name_and_time_and_on_record_without_its_words(
    with_book: Any, redis_client: redis.Redis
) -> None:
    asked = with_book(lambda book: book.decisions.ask(WEEK, "  two\n lamps ", "kim", "10.0.0.1"))
    assert (asked.text, asked.by, asked.at_ms, asked.withdrawn_by) == (
        "two lamps",
        "kim",
        NOW_MS,
        "",
    )
    gone = with_book(lambda book: book.decisions.withdraw(WEEK, asked.id, "lee", "10.0.0.2"))
    assert (gone.withdrawn_by, gone.withdrawn_ms, gone.text) == ("lee", NOW_MS, "two lamps")
    assert with_book(lambda book: book.decisions.of(WEEK)) == (gone,)
    told = audited(redis_client)
    assert [(one["what"], one["user"], one["week"], one["decision"]) for one in told] == [
        ("decision_asked", "kim", WEEK, asked.id), ("decision_withdrawn", "lee", WEEK, asked.id),
    ]  # fmt: skip
    assert "lamps" not in json.dumps(told)


@pytest.mark.parametrize("text", ["", " \n ", "x" * 301, "a\x00b", "a‮b"])
def test_words_that_cannot_be_told_are_refused(with_book: Any, text: str) -> None:
    with pytest.raises(BadChoice) as refused:
        with_book(lambda book: book.decisions.ask(WEEK, text, "kim", ""))
    assert refused.value.key == "weekly.decision_text"
    assert with_book(lambda book: book.decisions.of(WEEK)) == ()


def test_at_most_eight_stand_and_one_that_is_withdrawn_makes_room(with_book: Any) -> None:
    async def ask_many(book: WeekBook) -> list[Any]:
        asked = [book.decisions.ask(WEEK, f"n {n}", "kim", "") for n in range(12)]
        return list(await asyncio.gather(*asked, return_exceptions=True))

    kept = [one for one in with_book(ask_many) if not isinstance(one, BadChoice)]
    assert len(kept) == 8
    with_book(lambda book: book.decisions.withdraw(WEEK, kept[0].id, "kim", ""))
    with_book(lambda book: book.decisions.ask(WEEK, "one more", "kim", ""))
    with pytest.raises(BadChoice):
        with_book(lambda book: book.decisions.ask(WEEK, "and another", "kim", ""))
    with_book(lambda book: book.decisions.ask("2026-W46", "of another week", "kim", ""))


def test_who_withdraws_what_is_withdrawn_is_told_who_was_first(with_book: Any) -> None:
    asked = with_book(lambda book: book.decisions.ask(WEEK, "lamps", "kim", ""))

    async def both(book: WeekBook) -> list[Any]:
        gone = [book.decisions.withdraw(WEEK, asked.id, name, "") for name in ("kim", "lee")]
        return list(await asyncio.gather(*gone, return_exceptions=True))

    found = with_book(both)
    first = next(one for one in found if not isinstance(one, Conflict))
    second = next(one for one in found if isinstance(one, Conflict))
    assert second.values["by"] == first.withdrawn_by
    with pytest.raises(UnknownWeek):
        with_book(lambda book: book.decisions.withdraw(WEEK, "ffffffff", "kim", ""))


# -- the lease -----------------------------------------------------------------------------------


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
