"""Work that takes seconds: one piece after the other in a thread of its own, with its progress.

A page asks how far it is and is told at once; whoever looks at another page just stops asking,
and what nobody asks for any more is given up. So nothing has to be told when a window closes.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from dashboard.trends.near_repeat import Stopped

log = logging.getLogger(__name__)
PATIENCE_MS = 20_000  # without being asked for
KEPT = 50
Work = Callable[[Callable[[float], None], Callable[[], bool]], Any]  # progress, stop -> result


class Job:
    """state: waiting, running, done, cancelled (by somebody), given_up (nobody asked any more)
    or failed. progress: 0 to 1."""

    def __init__(self, name: str, asked_ms: int) -> None:
        self.name = name
        self.state = "waiting"
        self.progress = 0.0
        self.result: Any = None
        self.asked_ms = asked_ms

    @property
    def at_work(self) -> bool:
        return self.state in ("waiting", "running")

    def advance(self, progress: float) -> None:
        self.progress = progress


class Jobs:
    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._thread = ThreadPoolExecutor(1, "trends")

    def ask(self, name: str, work: Work) -> Job:
        """The job of this name, begun if there is none. name: of everything its result depends
        on. One that somebody has cancelled stays so until `again`."""
        job = self._jobs.get(name)
        if job is None or job.state == "given_up":
            job = self._begin(name, work)
        job.asked_ms = self._now_ms()
        self._jobs.move_to_end(name)
        return job

    def cancel(self, name: str) -> bool:
        """Whether there was something to cancel."""
        job = self._jobs.get(name)
        if job is None or not job.at_work:
            return False
        job.state = "cancelled"
        return True

    def again(self, name: str) -> bool:
        """The next to ask begins it anew."""
        job = self._jobs.get(name)
        if job is None or job.state not in ("cancelled", "failed"):
            return False
        del self._jobs[name]
        return True

    def close(self) -> None:
        """Nothing goes on after this."""
        for job in self._jobs.values():
            if job.at_work:
                job.state = "cancelled"
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _begin(self, name: str, work: Work) -> Job:
        job = self._jobs[name] = Job(name, self._now_ms())
        while len(self._jobs) > KEPT:
            _, oldest = self._jobs.popitem(last=False)
            if oldest.at_work:
                oldest.state = "given_up"
        self._thread.submit(self._do, job, work)
        return job

    def _do(self, job: Job, work: Work) -> None:
        if self._is_over(job):
            return
        job.state = "running"
        try:
            job.result = work(job.advance, lambda: self._is_over(job))
        except Stopped:
            return
        except Exception:
            job.state = "failed"
            log.exception("%s failed", job.name)
        else:
            if job.state == "running":
                job.state = "done"

    def _is_over(self, job: Job) -> bool:
        if job.at_work and self._now_ms() - job.asked_ms > PATIENCE_MS:
            job.state = "given_up"
        return not job.at_work
