"""A week as it is told to whoever asks for it, and its line in the archive."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.errors import BadChoice
from dashboard.weekly.summary import Decision, Sealed, Summary


class UnknownWeek(BadChoice):
    """A week, a revision or a decision that there is not: to come, before anything was counted."""


@dataclass(frozen=True, slots=True)
class Shown:
    """sealed None: provisional, worked out just now. revisions: how many there are; decisions:
    all that was ever asked for, the oldest first, withdrawn ones as well."""

    summary: Summary
    sealed: Sealed | None = None
    revisions: int = 0
    decisions: tuple[Decision, ...] = ()

    @property
    def standing(self) -> tuple[Decision, ...]:
        """Decisions that were not withdrawn."""
        return tuple(one for one in self.decisions if not one.withdrawn_by)


@dataclass(frozen=True, slots=True)
class WeekLine:
    """revision: the newest, 0 = not sealed; then sealed_ms is 0, hash empty and coverage None.
    complete: knowledge reaches the hours it settles in."""

    week: str
    from_ms: int
    revision: int = 0
    sealed_ms: int = 0
    hash: str = ""
    coverage: float | None = None
    complete: bool = False
