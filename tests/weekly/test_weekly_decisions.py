"""What managers ask executives to decide, and withdraw: kept, and on record without its words."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
import redis

from dashboard.errors import BadChoice, Conflict
from dashboard.weekly.shown import UnknownWeek
from data_sources import keys
from data_sources.weekly.book import WeekBook
from tests.weekly.summaries import NOW_MS

WEEK = "2026-W47"


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
