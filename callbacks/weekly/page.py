"""Shows a week, any two of them, and the archive, from the address. Twin: layouts/weekly."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Input, Output, State, no_update

from callbacks import guard, session
from callbacks.sheet import query_of
from callbacks.web.control_room import ControlRoom, Page
from dashboard import ids
from dashboard.errors import BadChoice, BrokenSeal, SourceUnavailable
from dashboard.roles import Permission
from dashboard.weekly.shown import WeekLine
from dashboard.weekly.week import Week
from layouts.kpis import problems
from layouts.kpis.here import namer
from layouts.markup import markup
from layouts.weekly import address, archive, compare, head, page
from layouts.weekly.here import Here

if TYPE_CHECKING:
    from dashboard.principal import Principal
    from dashboard.text import Translate
    from data_sources.sources import Sources

AGAIN_MS = 60_000  # a week in progress, while somebody looks
SOON_MS = 1_500  # while facts are being loaded
NEVER_MS = 10**12  # what is sealed stays as it is
W = ids.Weekly
Told = dict[str, Any]
Drawn = tuple[str, list[Any], int]  # title, content, when to ask again


def register(app: ControlRoom, sources: Sources) -> None:
    see = Permission.WEEKLY_SEE

    def view(t: Translate, who: Principal) -> Any:
        return page.layout(t, who, sources.city.progress is not None)

    def view_archive(t: Translate, who: Principal) -> Any:
        return archive.layout(t, who, sources.city.progress is not None)

    app.add_page(Page("weekly", address.PATH, see, view))
    app.add_page(Page("weekly_archive", address.ARCHIVE, see, view_archive))

    @guard.secured(
        app, Output(W.ANSWER, "data"), Input(ids.Shell.LOCATION, "search"), Input(W.ASKED, "data"),
        State(ids.Shell.LOCATION, "pathname"), perm=see,
    )  # fmt: skip
    async def show_week(search: Any, _asked: Any, path: Any) -> Any:
        if path != address.PATH:  # the address of another page, on its way there
            return no_update
        return await answer(sources, search, W.CONTENT, _week)

    @guard.secured(
        app, Output(W.ARCHIVE_ANSWER, "data"), Input(ids.Shell.LOCATION, "search"),
        Input(W.ARCHIVE_ASKED, "data"), State(ids.Shell.LOCATION, "pathname"), perm=see,
    )  # fmt: skip
    async def show_archive(search: Any, _asked: Any, path: Any) -> Any:
        if path != address.ARCHIVE:
            return no_update
        return await answer(sources, search, W.ARCHIVE_CONTENT, _archive)

    for name, said, given in (
        ("show", W.SAID, W.ANSWER), ("showArchive", W.ARCHIVE_SAID, W.ARCHIVE_ANSWER)
    ):  # fmt: skip
        app.clientside_callback(
            ClientsideFunction("weekly", name), Output(said, "children"), Input(given, "data")
        )


async def answer(
    sources: Sources, search: Any, place: str, draw: Callable[[Sources, Any], Awaitable[Drawn]]
) -> Told:
    """What comes into a place. A problem is told in words, and what was there before stays."""
    t = session.text()
    asked = search.removeprefix("?") if isinstance(search, str) else ""
    told: Told = {"asked": asked, "problem": "", "again_ms": AGAIN_MS}
    try:
        title, content, again_ms = await draw(sources, search)
    except (BadChoice, BrokenSeal) as error:
        words = page.problem(t, t(error.key, **error.values))
        return {**told, "problem": markup(words), "again_ms": NEVER_MS}
    except SourceUnavailable as error:
        if not sources.weekly.ready.is_set():
            loading = markup(problems.loading(t, sources.weekly.progress))
            return {**told, "loading": loading, "again_ms": SOON_MS}
        return {**told, "problem": markup(page.problem(t, t(error.key, **error.values)))}
    drawn: Told = {"plots": {}, "figures": {}, "marks": {}, "query": asked}
    title = t("shell.title", page=title)
    said = t("weekly_page.refreshed")
    areas = {place: markup(content)}
    return {**told, **drawn, "title": title, "said": said, "areas": areas, "again_ms": again_ms}


async def _week(sources: Sources, search: Any) -> Drawn:
    asked = address.asked_of(query_of(search))
    lines = await sources.weekly.archive()
    week = asked.week or _newest(sources, lines)
    one = await _here(sources, lines, week, asked.revision)
    if asked.other is None:
        again_ms = NEVER_MS if one.sealed is not None else AGAIN_MS
        return head.name(one), page.sheet(one), again_ms
    if asked.other == week:  # the newest, which the address did not name
        raise BadChoice("weekly_page.same_week")
    other = await _here(sources, lines, asked.other)
    earlier, later = sorted((one, other), key=lambda here: here.summary.from_ms)
    again_ms = NEVER_MS if earlier.sealed and later.sealed else AGAIN_MS
    return compare.name(earlier, later), compare.side_by_side(earlier, later), again_ms


async def _archive(sources: Sources, _search: Any) -> Drawn:
    t = session.text()
    content = archive.archive(t, await sources.weekly.archive())
    return t("weekly_page.archive"), content, AGAIN_MS


def _newest(sources: Sources, lines: Sequence[WeekLine]) -> Week:
    """The newest that is sealed, or the one in progress."""
    sealed = next((line.week for line in lines if line.revision), None)
    return Week.of(sealed) if sealed else sources.weekly.running()


async def _here(sources: Sources, lines: Sequence[WeekLine], week: Week, revision: int = 0) -> Here:
    t, who = session.text(), session.principal()
    shown = await sources.weekly.find(week, revision)
    words = [line.week for line in lines]
    at = words.index(week.word) if week.word in words else None
    earlier, later = ("", "") if at is None else _around(words, at)
    return Here(t, who, namer(sources.site, t, who.language), shown.summary, shown.sealed,
                shown.revisions, shown.standing, earlier, later)  # fmt: skip


def _around(words: Sequence[str], at: int) -> tuple[str, str]:
    """The weeks before and after one, "" = none; words: the newest first."""
    earlier = words[at + 1] if at + 1 < len(words) else ""
    return earlier, words[at - 1] if at else ""
