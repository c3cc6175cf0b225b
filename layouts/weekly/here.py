"""Which week, as it was told when, and who reads it: what every part of the page needs to know."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard.principal import Principal
from dashboard.text import Translate
from dashboard.weekly.summary import Decision, Sealed, Summary
from layouts.kpis.here import Say


@dataclass(frozen=True, slots=True)
class Here:
    """sealed None: provisional. revisions: how many there are. decisions: that stand. earlier,
    later: weeks that can be gone to, "" = none."""

    t: Translate
    who: Principal
    say: Say
    summary: Summary
    sealed: Sealed | None = None
    revisions: int = 0
    decisions: tuple[Decision, ...] = ()
    earlier: str = ""
    later: str = ""

    @property
    def word(self) -> str:
        return self.summary.week

    @property
    def is_old(self) -> bool:
        """There is a newer revision."""
        return self.sealed is not None and self.sealed.revision < self.revisions


def spoken(seen: str, said: str) -> list[html.Span]:
    """An abbreviation as it is seen, and as it is read aloud."""
    return [
        html.Span(seen, **{"aria-hidden": "true"}),
        html.Span(said, className="visually-hidden"),
    ]


def hidden(words: str) -> html.Span:
    """For those who do not see the mark beside it."""
    return html.Span(words, className="visually-hidden")
