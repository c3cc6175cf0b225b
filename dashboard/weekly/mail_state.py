"""How the mails of the newest week stand, for those who look after them. No address is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.weekly.mailing import BY_HAND, Dispatch, Round, Standing

# In the order they are told in. due: will go; missed: nobody tried before its time was over.
STATES = ("sent", "due", "sending", "waiting", "unknown", "refused", "failed", "missed")
BAD = ("unknown", "refused", "failed", "missed")


@dataclass(frozen=True, slots=True)
class MailState:
    """on: a server is named. readers: ids of those who get the week now. least: coverage below
    which nothing is sent."""

    on: bool
    now_ms: int
    round: Round
    readers: frozenset[str]
    mails: Mapping[str, Dispatch]
    standing: Standing | None
    least: float

    @property
    def is_open(self) -> bool:
        return self.round.is_open(self.now_ms)

    def of(self, reader_id: str) -> str:
        """One of STATES."""
        known, is_over = self.mails.get(reader_id), self.now_ms >= self.round.to_ms
        if known is None:
            return "missed" if is_over else "due"
        return "failed" if is_over and known.state == "waiting" else known.state

    def may_go_again(self, reader_id: str) -> bool:
        """If somebody says so."""
        return self.is_open and reader_id in self.readers and self.of(reader_id) in BY_HAND

    def counts(self) -> dict[str, int]:
        """Also of readers who are not there any more."""
        found = Counter(self.of(one) for one in self.readers | set(self.mails))
        return {state: found[state] for state in STATES if found[state]}

    @property
    def held(self) -> Standing | None:
        """What holds mails back that should have gone."""
        waits = {"due", "waiting", "missed", "failed"} & set(self.counts())
        return self.standing if waits else None

    @property
    def is_bad(self) -> bool:
        return self.on and (self.held is not None or bool(set(BAD) & set(self.counts())))
