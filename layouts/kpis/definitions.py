"""The definitions page, generated from the table of KPIs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from dash import html

from dashboard.kpis.figure import Kpi
from dashboard.kpis.groups import Dim
from dashboard.text import Translate
from layouts.kpis import words
from layouts.kpis.address import PATH, to
from layouts.kpis.here import Say

GOOD = {"high": "more", "low": "less", "": "neither"}


def definitions(
    t: Translate, kpis: Sequence[Kpi], targets: Mapping[str, float], say: Say
) -> list[Any]:
    """targets: KPI key or "key:kind" -> value."""
    by_section = [(name, list(group)) for name, group in groupby(kpis, key=lambda k: k.section)]
    head = html.Header(
        [
            html.A(t("kpis.back"), href=PATH, className="kpis__back"),
            html.H1(t("kpis.definitions_title")),
            html.P(t("kpis.definitions_what"), className="kpis__of"),
        ],
        className="kpis__head kpis__head--plain",
    )
    sections = [
        html.Section(
            [html.H2(t(f"kpis.section_{name}")), *(_entry(t, kpi, targets, say) for kpi in group)],
            className="kpis__group",
        )
        for name, group in by_section
    ]
    body = html.Div([_contents(t, by_section), html.Div(sections)], className="kpis__defined")
    return [head, body]


def _contents(t: Translate, by_section: Sequence[tuple[str, Sequence[Kpi]]]) -> html.Nav:
    lists = []
    for name, kpis in by_section:
        links = [html.Li(html.A(t(f"kpis.{k.key}"), href=f"#{k.key}")) for k in kpis]
        lists += [html.H3(t(f"kpis.section_{name}")), html.Ul(links)]
    return html.Nav(lists, className="kpis__contents", **{"aria-label": t("kpis.contents")})


def _entry(t: Translate, kpi: Kpi, targets: Mapping[str, float], say: Say) -> html.Article:
    facts = [
        (t("kpis.unit"), t(f"kpis.unit_{kpi.unit}")),
        (t("kpis.better"), t(f"kpis.better_{GOOD[kpi.better]}")),
        (t("kpis.few"), t("kpis.few_below", n=kpi.few) if kpi.few else t("kpis.few_none")),
        (t("kpis.broken_down"), _dims(t, kpi)),
        (t("kpis.column_target"), _targets(t, kpi, targets, say)),
        (t("kpis.source"), kpi.source),
    ]
    rows = [html.Div([html.Dt(name), html.Dd(said)]) for name, said in facts if said]
    return html.Article(
        [
            html.H3(html.A(t(f"kpis.{kpi.key}"), href=to({"kpi": kpi.key}))),
            html.P(t(f"kpis.{kpi.key}_what")),
            html.P(t(f"kpis.{kpi.key}_how"), className="kpis__how"),
            html.Dl(rows, className="kpis__parts"),
        ],
        id=kpi.key,
        className="kpis__entry",
    )


def _dims(t: Translate, kpi: Kpi) -> str:
    return ", ".join(t(f"kpis.dim_{dim}") for dim in kpi.dims) or t("kpis.city_only")


def _targets(t: Translate, kpi: Kpi, targets: Mapping[str, float], say: Say) -> str:
    """The general one first, then those of single kinds."""
    said = [words.goal(t, kpi, targets[kpi.key])] if kpi.key in targets else []
    for name, value in targets.items():
        key, _, kind = name.partition(":")
        if key == kpi.key and kind:
            said.append(f"{say(Dim.KIND, kind)} {words.goal(t, kpi, value)}")
    return " · ".join(said)
