"""Near repeats as a table of distance by days, and what last period's hot spots foretold."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any, Protocol

from dash import html

from dashboard.coarse import FEW
from dashboard.format import number
from dashboard.text import Translate
from dashboard.trends.near_repeat import DAYS, METRES, SHUFFLES, Knox
from dashboard.trends.pai import LEAST, Foretold, Pai
from layouts.kpis import words
from layouts.markup import Tag
from layouts.trends.explain import explained
from layouts.trends.here import Here, Picture

SOON_MS = 700
SURE = 0.01
CLEAR = 1.2  # times what chance gives
NOTE = "trends__note"


class Job(Protocol):
    """Of data_sources/trends/jobs.py."""

    name: str
    state: str
    progress: float
    result: Any


def near_picture(here: Here, job: Job, foretold: Foretold) -> Picture:
    t = here.t
    above: list[Any] = [explained(t, "trends_near.knox")]
    if job.state == "done":
        above += _knox(here, job.result)
    else:
        above.append(_progress(t, job))
    pai = [html.H3(t("trends_near.pai_title")), explained(t, "trends_near.pai")]
    below = [*pai, *_pai(here, foretold.coarse() if here.coarse else foretold)]
    at_work = job.state in ("waiting", "running", "given_up")
    return Picture(above=above, below=below, **({"again_ms": SOON_MS} if at_work else {}))


def _progress(t: Translate, job: Job) -> html.Div:
    """How far it is, and the way to stop it; what was stopped can begin again."""
    if job.state in ("cancelled", "failed"):
        said = html.P(t(f"trends_near.{job.state}"))
        return html.Div([said, _button(t, job, "again")], className="trends__job")
    share = words.share(job.progress, 0)
    bar = Tag("progress", {"max": "1", "value": f"{job.progress:.3f}",
                           "aria-label": t("trends_near.shuffling")})  # fmt: skip
    said = html.P(t("trends_near.shuffled", share=share, n=number(SHUFFLES)))
    return html.Div([said, bar, _button(t, job, "cancel")], className="trends__job")


def _button(t: Translate, job: Job, action: str) -> html.Button:
    return html.Button(
        t(f"trends_near.{action}"), type="button", className="button button--quiet",
        **{"data-job": job.name, "data-job-action": action, "data-key": f"job-{action}"},
    )  # fmt: skip


def _knox(here: Here, knox: Knox) -> list[Any]:
    t = here.t
    # with those of the map it would tell how few are outside the city or without a place
    n = "" if here.coarse else t("trends_near.with_place", n=number(knox.n))
    if here.coarse and 0 < knox.n < FEW:  # four incidents make six pairs, which would tell them
        return [html.P(t("trends_near.few_incidents", few=FEW), className=NOTE)]
    if knox.why:
        return [html.P([t(f"trends_near.too_{knox.why}"), " ", n], className=NOTE)]
    shuffles = t("trends_near.shuffles", n=number(knox.shuffles))
    return [
        html.P(_verdict(t, knox, here.coarse), className="trends__unusual"),
        _knox_table(t, knox, here.coarse),
        html.P([n, " ", shuffles], className=NOTE),
    ]


def _verdict(t: Translate, knox: Knox, coarse: bool) -> str:
    """Of the nearest band: within 100 m and a week."""
    if coarse and 0 < knox.observed[0, 0] < FEW:
        return t("trends_near.hidden", few=FEW)
    ratio, p = float(knox.ratio[0, 0]), float(knox.p[0, 0])
    if not isfinite(ratio):
        return t("trends_near.none_near")
    said = {"ratio": f"{ratio:.1f}", "p": f"{p:.3f}", "metres": METRES[1], "days": DAYS[1]}
    return t(
        "trends_near.repeats" if p < SURE and ratio >= CLEAR else "trends_near.no_repeats", **said
    )


def _knox_table(t: Translate, knox: Knox, coarse: bool) -> html.Div:
    spans = list(zip(DAYS, DAYS[1:], strict=False))
    head = [html.Th(t("trends_near.distance"), scope="col")]
    head += [html.Th(t("trends_near.days", first=a, last=b), scope="col") for a, b in spans]
    rows = []
    for at, (near, far) in enumerate(zip(METRES, METRES[1:], strict=False)):
        name = html.Th(t("trends_near.metres", first=near, last=far), scope="row")
        cells = [_cell(t, knox, (at, when), coarse) for when in range(len(spans))]
        rows.append(html.Tr([name, *cells]))
    return _across(t, "trends_near.knox_label", head, rows)


def _cell(t: Translate, knox: Knox, at: tuple[int, int], coarse: bool) -> html.Td:
    observed, ratio, p = (float(table[at]) for table in (knox.observed, knox.ratio, knox.p))
    if coarse and 0 < observed < FEW:
        return html.Td(t("trends_near.few", few=FEW))
    if not isfinite(ratio):
        return html.Td(t("trends_near.nothing"))
    clear = p < SURE and ratio >= CLEAR
    small = t("trends_near.pairs", n=number(round(observed)), p=f"{p:.3f}")
    parts = [html.B(("▲ " if clear else "") + t("trends_near.times", ratio=f"{ratio:.2f}")),
             html.Small(small)]  # fmt: skip
    return html.Td(parts, className="trends__flag" if clear else "")


def _pai(here: Here, foretold: Foretold) -> list[Any]:
    t = here.t
    if not foretold.enough:
        note = [t("trends_near.pai_few", least=LEAST)]
        if not here.coarse:
            both = {"before": number(foretold.before), "now": number(foretold.now)}
            note += [" ", t("trends_near.pai_both", **both)]
        return [html.P(note, className=NOTE)]
    head = [html.Th(t(f"trends_near.pai_{name}"), scope="col")
            for name in ("area", "density", "counts")]  # fmt: skip
    rows = [
        html.Tr([html.Th(words.share(one.area, 0), scope="row"), _hit(t, one), _hit(t, naive)])
        for one, naive in zip(foretold.density, foretold.counts, strict=True)
    ]
    partly = [] if foretold.whole else [html.P(t("trends_near.pai_partly"), className=NOTE)]
    return [*_trust(t, foretold), _across(t, "trends_near.pai_label", head, rows), *partly]


def _trust(t: Translate, foretold: Foretold) -> list[html.P]:
    """What the densest part held, and what that is worth."""
    if not foretold.trust:
        return []
    best = foretold.density[1]
    hit = best.hit or 0.0
    said = t("trends_near.pai_says", area=words.share(best.area, 0), hit=words.share(hit, 0))
    worth = t(f"trends_near.pai_{foretold.trust}", missed=words.share(1 - hit, 0))
    return [html.P([said, " ", worth], className="trends__unusual")]


def _hit(t: Translate, one: Pai) -> html.Td:
    if one.hit is None or one.pai is None:
        return html.Td(t("trends_near.pai_hidden"))
    small = t("trends_near.pai_times", pai=f"{one.pai:.1f}")
    return html.Td([html.B(words.share(one.hit, 0)), html.Small(small)])


def _across(t: Translate, label: str, head: Sequence[Any], rows: Sequence[Any]) -> html.Div:
    table = html.Table(
        [
            html.Caption(t(label), className="visually-hidden"),
            html.Thead(html.Tr(list(head))),
            html.Tbody(list(rows)),
        ],
        className="table trends__near",
    )
    region = {"aria-label": t(label)}
    return html.Div(table, className="trends__across", tabIndex="0", role="region", **region)
