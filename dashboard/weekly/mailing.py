"""The week by mail: when it goes, what became of each reader's, and what comes after what.

Once per reader and week. A mail is claimed (sending) before the server is told of it, and sent
when the server has answered for it; whatever ends in between stays undecided (unknown) and is for
people to decide, because a second mail cannot be called back.

    none, waiting → sending → sent
                            → refused   for good: the server says no
                            → waiting   the server says not now; again after a pause
                            → failed    not now, for a whole day
                            → unknown   no answer after all of it was handed over
    unknown, refused, failed → waiting  by hand only
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from dashboard.stream.rollups import DAY_MS
from dashboard.weekly.week import Week

MINUTE_MS = 60_000
SPAN_MS = 3 * DAY_MS  # mails of a week go from Monday to the midnight after Wednesday
GIVE_UP_MS = DAY_MS
UNDECIDED_MS = 10 * MINUTE_MS  # longer than any dialogue may last (smtp.py)
FIRST_PAUSE_MS, LONGEST_PAUSE_MS = MINUTE_MS, 60 * MINUTE_MS

State = Literal["sending", "sent", "waiting", "refused", "failed", "unknown"]
BY_HAND = ("unknown", "refused", "failed")  # may be sent again if somebody says so
# What holds all mails of a week back: of ours, and of the server.
HELD = ("not_sealed", "broken", "coverage", "no_coverage", "not_made")
SERVER = ("connection", "timeout", "tls", "auth")


class Reader(Struct, frozen=True):
    """Who gets the week. id: the same for the same address, and says nothing about it."""

    id: str
    address: str
    language: str
    by: str
    at_ms: int


class Outcome(Struct, frozen=True):
    """What the server made of one mail. later: not taken, for certain. why: at which step (one of
    SERVER, or sender, recipient, content, answer). code: the server's, 0 = none. Its words are
    not kept: they repeat the address."""

    kind: Literal["sent", "refused", "later", "unknown"]
    why: str = ""
    code: int = 0


class Dispatch(Struct, frozen=True, omit_defaults=True):
    """One reader's mail of a week. at_ms: since when it is in this state. first_ms, tries: of
    trying, since it was last asked for. next_ms: when waiting ends. claim: of this very try, by:
    the process it is made in. revision: of the week in it. again: who asked for it by hand."""

    state: State
    at_ms: int
    first_ms: int = 0
    tries: int = 0
    next_ms: int = 0
    why: str = ""
    code: int = 0
    claim: str = ""
    by: str = ""
    revision: int = 0
    again: str = ""


class Standing(Struct, frozen=True, omit_defaults=True):
    """What holds every mail of a week back. why: one of HELD or SERVER. first_ms: since when.
    known_to_ms: where data end (not_sealed). coverage: of the week (coverage). tries, next_ms,
    code: of asking the server."""

    why: str
    first_ms: int
    tries: int = 0
    next_ms: int = 0
    code: int = 0
    known_to_ms: int = 0
    coverage: float = 0.0


@dataclass(frozen=True, slots=True)
class Round:
    """The week whose mails may go, from from_ms until to_ms; next_ms: when the next one's may."""

    week: Week
    from_ms: int
    to_ms: int
    next_ms: int

    def is_open(self, now_ms: int) -> bool:
        return self.from_ms <= now_ms < self.to_ms


def round_of(now_ms: int, at_min: int) -> Round:
    """Of the newest week that is over. at_min: minutes after the midnight of Monday."""
    this = Week.at(now_ms)
    begin = this.from_ms + at_min * MINUTE_MS
    later = begin if now_ms < begin else this.to_ms + at_min * MINUTE_MS
    return Round(this.plus(-1), begin, this.from_ms + SPAN_MS, later)


def is_due(known: Dispatch | None, now_ms: int) -> bool:
    return known is None or (known.state == "waiting" and known.next_ms <= now_ms)


def aged(known: Dispatch, now_ms: int) -> Dispatch:
    """Whoever began it and has not said for ten minutes what became of it never will."""
    if known.state != "sending" or now_ms - known.at_ms < UNDECIDED_MS:
        return known
    return replace(known, state="unknown", why="ended", at_ms=known.at_ms + UNDECIDED_MS)


def begun(before: Dispatch | None, now_ms: int, claim: str, by: str, revision: int) -> Dispatch:
    first_ms = before.first_ms if before and before.first_ms else now_ms
    tries = before.tries if before else 0
    again = before.again if before else ""
    return Dispatch(
        "sending", now_ms, first_ms, tries + 1, claim=claim, by=by, revision=revision, again=again
    )


def ended(begun: Dispatch, outcome: Outcome, now_ms: int) -> Dispatch:
    told = replace(begun, at_ms=now_ms, why=outcome.why, code=outcome.code)
    if outcome.kind != "later":
        return replace(told, state=outcome.kind)
    if now_ms - begun.first_ms >= GIVE_UP_MS:
        return replace(told, state="failed")
    return replace(told, state="waiting", next_ms=now_ms + pause_ms(begun.tries))


def given_up(standing: Standing, now_ms: int) -> Dispatch:
    """Of a reader whose mail was not even begun, because the server was away for a day."""
    return Dispatch("failed", now_ms, standing.first_ms, why=standing.why, code=standing.code)


def asked_again(before: Dispatch, now_ms: int, by: str) -> Dispatch:
    return Dispatch("waiting", now_ms, next_ms=now_ms, revision=before.revision, again=by)


def later(before: Standing | None, why: str, code: int, now_ms: int) -> Standing:
    """What is tried again by itself after a pause did not go, once more."""
    first_ms, tries = now_ms, 0
    if before and before.tries and (before.why in SERVER) == (why in SERVER):
        first_ms, tries = before.first_ms, before.tries
    return Standing(why, first_ms, tries + 1, now_ms + pause_ms(tries + 1), code)


def is_over(standing: Standing, now_ms: int) -> bool:
    return standing.why in SERVER and now_ms - standing.first_ms >= GIVE_UP_MS


def pause_ms(tries: int) -> int:
    """1, 2, 4, … minutes, at most an hour."""
    return min(FIRST_PAUSE_MS << min(tries - 1, 10), LONGEST_PAUSE_MS)
