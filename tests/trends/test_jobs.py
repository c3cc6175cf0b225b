"""Long calculations: one after the other, stopped when told or when nobody asks any more."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dashboard.trends.near_repeat import Stopped
from data_sources.trends.jobs import KEPT, PATIENCE_MS, Job, Jobs
from tests.waiting import eventually


class Clock:
    ms = 1_000_000

    def __call__(self) -> int:
        return self.ms


class Steps:
    """Work that goes on by one of a hundred steps whenever it is let."""

    def __init__(self) -> None:
        self._let = threading.Semaphore(0)
        self.begun = self.ended = 0

    def let(self, steps: int) -> None:
        self._let.release(steps)

    def __call__(self, progress: Callable[[float], None], stop: Callable[[], bool]) -> str:
        self.begun += 1
        try:
            for step in range(100):
                while not self._let.acquire(timeout=0.005):
                    if stop():
                        raise Stopped
                progress((step + 1) / 100)
            return "found"
        finally:
            self.ended += 1


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def jobs(clock: Clock) -> Iterator[Jobs]:
    jobs = Jobs(clock)
    yield jobs
    jobs.close()


def until(job: Job, state: str) -> None:
    assert eventually(lambda: job.state == state)


def test_whoever_asks_for_the_same_is_told_of_the_same_work(jobs: Jobs) -> None:
    work = Steps()
    job = jobs.ask("a", work)
    assert jobs.ask("a", Steps()) is job
    until(job, "running")
    work.let(100)
    until(job, "done")
    assert jobs.ask("a", Steps()) is job
    assert job.result == "found" and job.progress == 1.0 and work.begun == 1


def test_it_says_how_far_it_is(jobs: Jobs) -> None:
    work = Steps()
    job, told = jobs.ask("a", work), []
    for part in (0.1, 0.4, 0.9):
        work.let(round(100 * (part - job.progress)))
        assert eventually(lambda part=part: job.progress >= part)
        told.append(job.progress)
    assert told == sorted(told) and job.state == "running" and job.at_work


def test_others_wait_their_turn(jobs: Jobs) -> None:
    first, second = Steps(), Steps()
    one, other = jobs.ask("a", first), jobs.ask("b", second)
    until(one, "running")
    assert other.state == "waiting" and other.at_work and second.begun == 0
    first.let(100)
    until(other, "running")


def test_what_is_cancelled_stops_and_stays_so_until_somebody_wants_it_again(jobs: Jobs) -> None:
    work = Steps()
    job = jobs.ask("a", work)
    until(job, "running")
    assert jobs.cancel("a") and job.state == "cancelled"
    assert eventually(lambda: work.ended == 1)
    assert jobs.ask("a", work) is job and not jobs.cancel("a")
    assert jobs.again("a") and not jobs.again("a")
    anew = jobs.ask("a", work)
    assert anew is not job and anew.progress == 0.0
    until(anew, "running")
    assert job.state == "cancelled" and work.begun == 2


def test_what_is_cancelled_at_its_very_end_stays_cancelled(jobs: Jobs) -> None:
    def last_step(_progress: Any, _stop: Any) -> str:
        jobs.cancel("a")
        return "too late"

    job, after = jobs.ask("a", last_step), Steps()
    until(jobs.ask("b", after), "running")
    assert job.state == "cancelled"


def test_what_is_cancelled_while_it_waits_never_begins(jobs: Jobs) -> None:
    first, second, third = Steps(), Steps(), Steps()
    jobs.ask("a", first)
    jobs.ask("b", second)
    last = jobs.ask("c", third)
    assert jobs.cancel("b")
    first.let(100)
    until(last, "running")
    assert second.begun == 0


def test_what_nobody_asks_for_any_more_is_given_up_and_begun_anew_when_asked(
    jobs: Jobs, clock: Clock
) -> None:
    work = Steps()
    job = jobs.ask("a", work)
    until(job, "running")
    clock.ms += PATIENCE_MS
    jobs.ask("a", work)
    clock.ms += PATIENCE_MS
    assert eventually(lambda: work.begun == 1)
    assert job.state == "running"
    clock.ms += 1
    until(job, "given_up")
    assert eventually(lambda: work.ended == 1)
    until(jobs.ask("a", work), "running")


def test_what_fails_says_so_and_is_in_the_log(jobs: Jobs, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_progress: Any, _stop: Any) -> None:
        raise ZeroDivisionError("of the method")

    job = jobs.ask("a", broken)
    until(job, "failed")
    assert eventually(lambda: "of the method" in caplog.text)
    assert jobs.ask("a", broken) is job and job.result is None
    assert jobs.again("a")
    work = Steps()
    until(jobs.ask("a", work), "running")  # the thread is there for the next


def test_unknown_work_is_neither_cancelled_nor_begun(jobs: Jobs) -> None:
    assert not jobs.cancel("x") and not jobs.again("x")


def test_only_so_many_results_are_kept_and_the_longest_unasked_goes_first(jobs: Jobs) -> None:
    def quick(_progress: Any, _stop: Any) -> int:
        return 1

    first = jobs.ask("0", quick)
    for n in range(1, KEPT):
        jobs.ask(str(n), quick)
    assert jobs.ask("0", quick) is first
    jobs.ask("new", quick)
    assert jobs.ask("0", quick) is first
    until(jobs.ask("new", quick), "done")
    assert len(jobs._jobs) == KEPT and "1" not in jobs._jobs


def test_nothing_goes_on_after_the_end(jobs: Jobs) -> None:
    work, waiting = Steps(), Steps()
    one, other = jobs.ask("a", work), jobs.ask("b", waiting)
    until(one, "running")
    jobs.close()
    assert eventually(lambda: work.ended == 1)
    assert waiting.begun == 0 and not one.at_work and not other.at_work
