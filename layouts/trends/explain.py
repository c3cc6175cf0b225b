"""What a picture shows and how it was worked out, in plain words beside it."""

from __future__ import annotations

from dash import html

from dashboard.text import Translate


def explained(t: Translate, key: str) -> html.Div:
    """A sentence that is always there, from <key>_what; the rest, from <key>_how, opens."""
    more = html.Details(
        [html.Summary(t("trends.how")), html.P(t(f"{key}_how"))], className="trends__how"
    )
    return html.Div([html.P(t(f"{key}_what")), more], className="trends__explained")
