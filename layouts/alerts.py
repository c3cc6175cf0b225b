"""The alert queue and the form that acts on the selected alert.

Both are filled and kept up to date by assets/js/live_map/queue.js and action_form.js; nothing
typed here is ever replaced by an update: the inputs themselves are made by the script.
"""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.text import Translate

VERDICTS = ("real", "test", "mistaken", "malfunction", "unknown")


def queue(t: Translate) -> html.Section:
    return html.Section(
        [
            _tabs(t),
            _filters(t),
            html.Ol(className="queue__rows", **{"data-live": "rows"}),
            html.P(className="queue__empty empty", hidden=True, **{"data-live": "queue-empty"}),
            html.Div(
                [
                    html.Span(**{"data-live": "rate"}),
                    html.Button(
                        [t("alerts.keys"), html.Kbd("?", className="kbd")],
                        type="button",
                        className="button button--quiet",
                        **{"data-open": "keys"},
                    ),
                ],
                className="queue__foot",
            ),
        ],
        className="queue",
        **{"aria-label": t("live_map.queue_region"), "data-panel": "queue"},
    )


def _tabs(t: Translate) -> html.Div:
    """Maintenance (priority 4) is work for the next day and never mixes with alarms."""
    buttons = [
        html.Button(
            [t(f"alerts.tab_{name}"), html.Span("", className="queue__tab-count")],
            type="button",
            className="queue__tab",
            **{"data-queue-tab": name, "aria-pressed": str(name == "open").lower()},
        )
        for name in ("open", "work", "closed")
    ]
    label = {"role": "group", "aria-label": t("alerts.tabs")}
    return html.Div(buttons, className="queue__tabs", **label)


def _filters(t: Translate) -> html.Div:
    area = html.Button(
        t("live_map.filter_all_zones"), type="button", className="chip",
        title=t("live_map.filters"),
        **{"data-open": "filters", "data-live": "area"},
    )  # fmt: skip
    priorities = [
        html.Button(
            t("alerts.priority_chip", n=number), type="button", className="chip",
            **{
                "data-queue-priority": str(number),
                "aria-pressed": "true",
                "aria-label": t("alerts.priority_chip_label", n=number),
            },
        )
        for number in (1, 2, 3)
    ]  # fmt: skip
    waiting = html.Button(
        t("alerts.waiting_only"), type="button", className="chip",
        **{"data-queue-waiting": "1", "aria-pressed": "false"},
    )  # fmt: skip
    hidden = html.Span(className="queue__hidden", **{"data-live": "queue-hidden"})
    return html.Div([area, *priorities, waiting, hidden], className="queue__filters")


def form(t: Translate) -> html.Div:
    """Buttons, one small form at a time, what became of it, then the steps to take."""
    return html.Div(
        [
            html.Div(
                [
                    _action(t, "acknowledge", "Enter", primary=True),
                    _action(t, "assign", "A"),
                    _action(t, "close", "V"),
                    _action(t, "note", "M"),
                    _action(t, "release", "R"),
                ],
                className="form__actions",
                role="group",
                **{"aria-label": t("alerts.actions")},
            ),
            _assign(t),
            _note(t),
            _close(t),
            html.Div(
                [
                    html.P(role="status", className="form__says", **{"data-live": "form-says"}),
                    html.Button(
                        t("alerts.send_again"), type="button", className="button", hidden=True,
                        **{"data-live": "send-again"},
                    ),
                ],
                className="form__outcome",
            ),
            html.Div(
                [
                    html.H3([t("alerts.steps"), html.Span(**{"data-live": "steps-done"})]),
                    html.Ol(className="form__step-list", **{"data-live": "steps"}),
                ],
                className="form__steps",
            ),
        ],
        className="form",
        hidden=True,
        **{"data-live": "form"},
    )  # fmt: skip


def _action(t: Translate, name: str, key: str, primary: bool = False) -> html.Button:
    return html.Button(
        [t(f"alerts.action_{name}"), html.Kbd(key, className="kbd", **{"aria-hidden": "true"})],
        type="button",
        className="button button--primary" if primary else "button",
        **{"data-action": name},
    )


def _assign(t: Translate) -> html.Form:
    return _small_form(
        t, "assign", "assign_do",
        [
            html.Label(t("alerts.assign_to"), htmlFor="form-assign-to", className="field__label"),
            html.Div(**{"data-input": "form-assign-to"}),
        ],
    )  # fmt: skip


def _note(t: Translate) -> html.Form:
    return _small_form(
        t, "note", "note_do",
        [
            html.Label(t("alerts.note_text"), htmlFor="form-note", className="field__label"),
            html.Div(**{"data-input": "form-note"}),
        ],
    )  # fmt: skip


def _close(t: Translate) -> html.Form:
    verdicts = [
        html.Button(
            [html.Kbd(str(number), className="kbd"), t(f"alerts.verdict_{verdict}")],
            type="button",
            className="form__verdict",
            **{"data-verdict": verdict, "aria-pressed": "false"},
        )
        for number, verdict in enumerate(VERDICTS, start=1)
    ]
    return _small_form(
        t, "close", "close_do",
        [
            html.Div(verdicts, className="form__verdicts", role="group",
                     **{"aria-label": t("alerts.close_verdict")}),
            html.Label(t("alerts.close_note"), htmlFor="form-close-note", className="field__label"),
            html.Div(**{"data-input": "form-close-note"}),
        ],
    )  # fmt: skip


def _small_form(t: Translate, name: str, do: str, fields: list[Any]) -> html.Form:
    buttons = html.Div(
        [
            html.Button(t(f"alerts.{do}"), type="submit", className="button"),
            html.Button(
                t("alerts.cancel"), type="button", className="button button--quiet",
                **{"data-cancel": name},
            ),
        ],
        className="form__send",
    )  # fmt: skip
    return html.Form([*fields, buttons], className="form__small", hidden=True,
                     **{"data-form": name})  # fmt: skip
