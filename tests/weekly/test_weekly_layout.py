"""The page of a week as markup: no server, no browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.roles import Role
from dashboard.text import translator
from dashboard.weekly.measures import MEASURES
from dashboard.weekly.summary import Said, Told, Usual, Value
from dashboard.weekly.week import WEEKS
from layouts.markup import markup
from layouts.weekly import lists
from layouts.weekly.here import Here
from layouts.weekly.spark import spark
from tests.weekly.pages import (
    CHANGED,
    HOUR,
    SEALED_MS,
    a_decision,
    a_full_summary,
    a_page,
    a_seal,
    html_of,
    rows_of,
    text_of,
)
from tests.weekly.summaries import a_row, a_summary

EN = translator("en")
RUNNING = {"complete": False, "known_to_ms": SEALED_MS - 90 * HOUR}


def provisional(**fields: Any) -> Here:
    summary = a_full_summary(**{**RUNNING, **fields})
    return a_page(summary=summary, sealed=None, revisions=0)


def every_page() -> Iterator[Here]:
    for language in ("ko", "en"):
        second = a_seal(a_full_summary(), 2, changed=CHANGED)
        yield a_page(language=language, revisions=2, sealed=second)
        yield a_page("executive", language, summary=a_summary(), decisions=(), earlier="")
        yield a_page(language=language, summary=a_full_summary(**RUNNING), sealed=None)
        nothing = {one.key: a_row(one.key, week=Told(None, why="no_data"), d28=Told(None),
                                  year=Told(None), usual=Usual(why="no_history"),
                                  line=(None,) * WEEKS) for one in MEASURES}  # fmt: skip
        yield a_page(language=language, summary=a_full_summary(rows=nothing, coverage=None))


PAGES = list(every_page())


@pytest.mark.parametrize("here", PAGES)
def test_every_figure_leads_somewhere_on_the_page(here: Here) -> None:
    html = html_of(here)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    wanted = set(re.findall(r'href="#([^"]+)"', html))
    assert {f"d-{one.key}" for one in MEASURES} <= wanted
    assert wanted <= set(ids)


@pytest.mark.parametrize("here", PAGES)
def test_nobody_reads_what_was_meant_for_machines(here: Here) -> None:
    assert not re.findall(r"\bNone\b|\bnan\b|\binf\b|\{[a-z_]*\}", html_of(here))


def test_every_figure_of_a_row_leads_to_its_own_definition() -> None:
    rows = rows_of(html_of(a_page()))
    assert set(rows) >= {one.key for one in MEASURES}
    for one in MEASURES:
        assert set(re.findall(r'href="([^"]+)"', rows[one.key])) == {f"#d-{one.key}"}
        assert rows[one.key].count("href") >= 6


def test_rows_of_the_first_page_are_seen_and_the_others_can_be_opened() -> None:
    html = html_of(a_page())
    seen, _, rest = html.partition("<details")
    hidden, _, _ = rest.partition("</details>")
    for one in MEASURES:
        assert f'id="r-{one.key}"' in (seen if one.main else hidden)


def test_what_is_out_of_the_usual_has_a_shape_and_words() -> None:
    rows = rows_of(html_of(a_page()))
    far, out = text_of(rows["incidents_sexual"]), text_of(rows["availability_night"])
    assert far.startswith("▲ Far outside the usual range: Sexual") and "+3.2 more" in far
    assert out.startswith("△ Outside the usual range: ") and "−2.6 worse" in out
    assert "▲" not in text_of(rows["bell_presses"]) and "△" not in text_of(rows["bell_presses"])


def test_why_a_figure_is_missing_is_said() -> None:
    rows = rows_of(html_of(a_page()))
    assert "too few" in text_of(rows["sla"])
    backlog = text_of(rows["backlog"])
    assert backlog.count("not summed") == 3


def test_last_year_is_told_as_far_as_it_is_known() -> None:
    known, week = Told(4_988, 4_988), Told(98, 98)
    unknown = Told(None, why="not_known")

    def told(**fields: Told) -> str:
        row = a_row("bell_presses", **fields)
        html = html_of(a_page(summary=a_summary(rows={"bell_presses": row})))
        cell = re.search(r"<td [^>]*Same last year[^>]*>(.*?)</td>", rows_of(html)["bell_presses"])
        assert cell
        return text_of(cell[1])

    assert told(last_year=known, last_year_week=week) == "4,988 that week 98"
    assert told(last_year=unknown, last_year_week=week) == "98 that week only"
    assert told(last_year=unknown, last_year_week=unknown) == "– not known"


@pytest.mark.parametrize("here", PAGES)
def test_it_can_be_read_aloud(here: Here) -> None:
    html = html_of(here)
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False))
    for table in re.findall(r"<table .*?</table>", html):
        assert re.search(r"<caption[^>]*>[^<]+</caption>", table)
        assert all("scope=" in head for head in re.findall(r"<th [^>]*>", table))
    for picture in re.findall(r"<svg [^>]*>", html):
        assert re.search(r'aria-label="[^"]{20,}" .*role="img"', picture)


def test_z_is_explained_and_read_out_as_words() -> None:
    html = html_of(a_page())
    assert "z, how far from usual" in text_of(html)
    assert EN("weekly_page.legend_z") in text_of(html)


def test_a_line_has_gaps_and_shows_weeks_between_them() -> None:
    line = (*(None,) * 40, 3.0, None, *(5.0,) * 10)
    drawn = markup(spark(EN, a_row("bell_presses", line=line)))
    path = re.search(r' d="([^"]+)"', drawn)
    assert path and path[1].count("M") == 2
    assert drawn.count("weekly__spark-point") == 1 and drawn.count("weekly__spark-last") == 1
    assert "11 of 52 weeks are known" in drawn
    alone = a_row("bell_presses", line=(*(None,) * (WEEKS - 1), 3.0))
    assert spark(EN, alone) == "–"


def test_a_week_in_progress_says_that_it_can_change_and_until_when_it_knows() -> None:
    html = html_of(provisional())
    said = text_of(html)
    assert "Provisional: what is known up to 2026-11-19 12:00 KST" in said
    assert "sealed from 2026-11-23 06:00 KST on" in said
    assert "Sealed " not in said.partition("In three sentences")[0]
    soon = text_of(html_of(provisional(complete=True)))
    assert EN("weekly_page.soon_sealed") in soon


def test_a_sealed_week_shows_its_seal_short_and_whole() -> None:
    here = a_page()
    assert here.sealed is not None
    html, hash_ = html_of(here), here.sealed.hash
    head = html.partition("</header>")[0]
    assert f"{hash_[:4]}…{hash_[-4:]}" in text_of(head) and f'title="{hash_}"' in head
    assert hash_ in text_of(html) and "0123456789ab" in text_of(html)
    assert EN("weekly_page.provisional") not in text_of(html)
    assert "2025-11-17" not in text_of(html) and "17 Nov 2025" in text_of(html)  # inputs


def test_an_earlier_revision_says_so_and_stays_what_it_is_as_pdf() -> None:
    html = html_of(a_page(revisions=2))
    assert "This is revision 1. There is a revision 2 by now." in text_of(html)
    assert 'href="/weekly?week=2026-W47"' in html
    assert "/api/v1/weeks/2026-W47.pdf?lang=en&amp;revision=1" in html
    newest = html_of(a_page())
    assert "/api/v1/weeks/2026-W47.pdf?lang=en&quot;" not in newest
    assert 'href="/api/v1/weeks/2026-W47.pdf?lang=en"' in newest


def test_a_revision_tells_what_changed_figures_first() -> None:
    second = a_seal(a_full_summary(), 2, changed=tuple(reversed(CHANGED)))
    html = html_of(a_page(revisions=2, sealed=second))
    table = html.partition('class="weekly__changes"')[2]
    rows = [text_of(row) for row in re.findall(r"<tr>(.*?)</tr>", table)[1:]]
    assert rows[0] == "Sexual offences and stalking, this week 5 6"
    assert rows[1] == "Sexual offences and stalking, usual range, z +2.4 +3.2"
    assert rows[2] == "rows/arrived/week/parts/p90 – 552000.0"
    assert 'id="revisions"' not in html_of(a_page())


@pytest.mark.parametrize("role", list(Role))
def test_only_managers_can_ask_for_decisions(role: Role) -> None:
    html = html_of(a_page(role.value))
    assert ("data-weekly-ask" in html) == (role is Role.MANAGER)
    assert ("data-withdraw" in html) == (role is Role.MANAGER)
    assert "Replace two lamps of R-07 at once." in text_of(html)
    assert "manager, 2026-11-23 08:00 KST" in text_of(html)


def test_a_decision_is_text_whatever_it_says() -> None:
    evil = '<img src=x onerror="alert(1)">'
    html = html_of(a_page(decisions=(a_decision(evil),)))
    assert evil not in html and "&lt;img src=x" in html


def test_what_there_is_none_of_is_said() -> None:
    said = text_of(html_of(a_page(summary=a_summary(), decisions=())))
    for name in ("routes", "vendors", "pilots", "gaps", "decisions"):
        assert EN(f"weekly_page.no_{name}") in said


def test_sentences_lead_to_what_their_figures_come_from() -> None:
    html = html_of(a_page())
    say = html.partition('class="weekly__say"')[2].partition("</section>")[0]
    links = dict(re.findall(r'href="([^"]+)">([^<]+)</a>', say))
    assert 'weekly__figure--far" href="#d-incidents_sexual"' in say
    assert 'weekly__figure--out" href="#d-backlog"' in say
    assert links["#d-incidents_sexual"] and links["#d-backlog"] == "186"
    assert links["#route-R-07"] == "R-07 Pungsan Station rear safe route"


def test_a_figure_and_the_particle_after_it_stay_on_a_line() -> None:
    backlog = Said("backlog_now", {"backlog_value": Value("count", 186, "row:backlog")})
    before, glued, after = lists.said(a_page(language="ko"), backlog)
    link, particle = glued.children
    assert link.href == "#d-backlog" and particle and not after
    assert before.endswith(" ") and not particle.startswith(" ")
    route = Said("street_bare", {"route": Value("route", "R-07", "route:R-07")})
    told = lists.said(a_page(language="en"), route)
    assert [one.href for one in told if not isinstance(one, str)] == ["#route-R-07"]


def test_figures_of_a_kpi_lead_to_it_for_the_week() -> None:
    html = html_of(a_page())
    assert 'href="/kpis?kpi=availability&amp;period=2026-W47&amp;kind=bell"' in html
    assert 'href="/kpis?kpi=sla&amp;period=2026-W47"' in html
    assert 'href="/trends?period=2026-W47"' in html
