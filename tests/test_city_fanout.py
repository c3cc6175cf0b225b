"""Queues and the ring of recent messages: bounded, and no message lost without a word."""

from __future__ import annotations

from callbacks.web import fanout
from callbacks.web.fanout import TOO_SLOW, Browser, Ring


def drained(browser: Browser) -> list[str | int]:
    return [browser.queue.get_nowait() for _ in range(browser.queue.qsize())]


def test_a_browser_that_cannot_keep_up_is_sent_away_to_come_back() -> None:
    browser = Browser(exact=True)
    assert all(browser.put("x") for _ in range(fanout.QUEUED))
    assert not browser.put("one too many")
    assert drained(browser) == [TOO_SLOW]


def a_ring(*numbers: int) -> Ring:
    ring = Ring()
    for seq in numbers:
        ring.add(seq, f"exact {seq}", f"coarse {seq}")
    return ring


def test_the_ring_gives_what_came_after_a_cursor_at_the_right_precision() -> None:
    ring = a_ring(4, 5, 6)
    assert ring.after(4, 6, True) == ["exact 5", "exact 6"]
    assert ring.after(3, 6, False) == ["coarse 4", "coarse 5", "coarse 6"]
    assert ring.after(6, 6, True) == []


def test_a_cursor_the_ring_has_forgotten_or_never_knew_is_refused() -> None:
    ring = a_ring(4, 5, 6)
    assert ring.after(2, 6, True) is None
    assert ring.after(7, 6, True) is None
    assert ring.after(-1, 6, True) is None
    assert a_ring().after(0, 0, True) == []
    assert a_ring().after(0, 3, True) is None


def test_the_ring_forgets_the_oldest_first(monkeypatch) -> None:
    monkeypatch.setattr(fanout, "RING_BYTES", 100)
    ring = a_ring(*range(1, 50))
    assert ring.after(1, 49, True) is None
    assert ring.after(48, 49, True) == ["exact 49"]
