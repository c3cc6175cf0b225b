"""What is told when there are no figures to show: still loading, away, or asked for nonsense."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.errors import OpsError
from dashboard.text import Translate
from layouts.kpis import words
from layouts.kpis.address import PATH
from layouts.markup import Tag


def loading(t: Translate, progress: float) -> html.Div:
    """progress: 0 to 1."""
    bar = {"max": "1", "value": f"{progress:.3f}", "aria-label": t("kpis.loading")}
    said = t("kpis.preparing", share=words.share(progress, 0))
    return html.Div([html.P(said), Tag("progress", bar)], className="kpis__loading")


def problem(t: Translate, error: OpsError, path: str = PATH) -> list[Any]:
    """The error's own words, and a way out."""
    kept = t("kpis.kept")
    return [
        html.P(t(error.key, **error.values)),
        html.P([html.Span(kept, className="kpis__kept"), " ", html.A(t("kpis.reset"), href=path)]),
    ]
