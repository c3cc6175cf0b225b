"""Mails the week to its readers, each once. Called every few seconds by whoever holds the lease;
that two should hold it for a moment, or that one ends in the middle, does no harm:

1. Nothing goes before the set time, after Wednesday, or while something holds all mails back.
2. The server is asked in first, so that its being away is nobody's mail begun.
3. The reader's mail is claimed: whoever is second finds it taken.
4. The server takes it, or not, or does not say; what it did is written down at once.

Logs and the log of access name readers by their ids.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from callbacks.weekly.mail_content import content
from dashboard.errors import BrokenSeal, SourceUnavailable
from dashboard.weekly import mailing
from dashboard.weekly.mailing import SERVER, Dispatch, Reader, Round, Standing
from dashboard.weekly.shown import Shown
from dashboard.weekly.week import Week
from data_sources.weekly.envelope import Content, envelope
from data_sources.weekly.sent import Ledger
from data_sources.weekly.smtp import Line, SmtpServer, Trouble

if TYPE_CHECKING:
    from data_sources.sources import Sources

log = logging.getLogger(__name__)
LAST_S, CUT_S = 2.0, 3.0  # for a mail under way when the process ends; and after it was cut off
RECORD_PAUSES_S = (0.2, 1.0, 5.0)
WHO = "weekly"  # in the log of access


@dataclass(slots=True)
class Turn:
    """One call: what was due and known when it began. standing: what holds all mails back now."""

    sources: Sources
    server: SmtpServer
    round: Round
    ledger: Ledger
    due: list[Reader]
    standing: Standing | None

    @property
    def word(self) -> str:
        return self.round.week.word

    async def stand(self, standing: Standing | None) -> None:
        if standing != self.standing:
            await self.sources.week_mail.ledger.stand(self.word, standing)
        self.standing = standing


async def send_due(sources: Sources) -> None:
    """Raises SourceUnavailable."""
    turn = await _turn(sources)
    if turn is None:
        return
    shown = await unheld(sources, turn.round.week)
    if isinstance(shown, Standing):
        return await _hold(turn, shown)
    try:
        made = {name: await content(sources, shown, name) for name in _languages(turn.due)}
    except SourceUnavailable:
        raise
    except Exception:
        log.exception("the mail of week %s cannot be made", turn.word)
        return await _hold(turn, mailing.later(turn.standing, "not_made", 0, sources.now_ms()))
    revision = shown.sealed.revision if shown.sealed else 0
    for reader in turn.due:
        if not await _to_the_end(turn, reader, made[reader.language], revision):
            return


async def _turn(sources: Sources) -> Turn | None:
    """None: there is nothing to be sent now."""
    mail, now_ms = sources.week_mail, sources.now_ms()
    open_round = mailing.round_of(now_ms, mail.settings.at_min)
    if mail.server is None or not open_round.is_open(now_ms):
        return None
    ledger = await mail.ledger.read(open_round.week.word)
    await _leave_undecided(sources, open_round.week.word, ledger)
    readers = await mail.readers.all()
    due = [one for one in readers if mailing.is_due(ledger.mails.get(one.id), now_ms)]
    turn = Turn(sources, mail.server, open_round, ledger, due, ledger.standing)
    return turn if due and not _rests(turn) else None


def _rests(turn: Turn) -> bool:
    return turn.standing is not None and turn.standing.next_ms > turn.sources.now_ms()


def _languages(readers: list[Reader]) -> set[str]:
    return {one.language for one in readers}


async def _leave_undecided(sources: Sources, word: str, ledger: Ledger) -> None:
    """What nobody has said the end of for too long is written down as that, once."""
    for reader_id in ledger.undecided:
        known, raw = ledger.mails[reader_id], ledger.raw[reader_id]
        if await sources.week_mail.ledger.change(word, reader_id, raw, known):
            await _on_record(sources, word, reader_id, known)


# -- what holds all mails back ------------------------------------------------------------------


async def unheld(sources: Sources, week: Week) -> Shown | Standing:
    """The week as it is sealed, or why it must not be sent."""
    now_ms, desk = sources.now_ms(), sources.weekly
    try:
        found = await desk.book.find(week.word)
    except BrokenSeal:
        return Standing("broken", now_ms)
    if found.sealed is None:
        return Standing("not_sealed", now_ms, known_to_ms=sources.kpis.now_ms())
    summary = found.sealed.summary
    if summary.coverage is None:
        return Standing("no_coverage", now_ms)
    if summary.coverage < sources.week_mail.settings.coverage:
        return Standing("coverage", now_ms, coverage=summary.coverage)
    decisions = await desk.book.decisions.of(week.word)
    return Shown(summary, found.sealed, found.revisions, decisions)


async def _hold(turn: Turn, standing: Standing) -> None:
    """Told on the System page; in the log once."""
    if turn.standing is None or turn.standing.why != standing.why:
        code = f" {standing.code}" if standing.code else ""
        log.warning("week %s is not mailed: %s%s", turn.word, standing.why, code)
    else:
        standing = replace(standing, first_ms=turn.standing.first_ms)
    await turn.stand(standing)


async def _turned_away(turn: Turn, trouble: Trouble) -> None:
    """The server is away, or does not let us in: later, and after a day no more."""
    now_ms, ledger = turn.sources.now_ms(), turn.sources.week_mail.ledger
    standing = mailing.later(turn.standing, trouble.why, trouble.code, now_ms)
    await _hold(turn, standing)
    if not mailing.is_over(standing, now_ms):
        return
    for reader in turn.due:
        failed = mailing.given_up(standing, now_ms)
        raw = turn.ledger.raw.get(reader.id, b"")
        if await ledger.change(turn.word, reader.id, raw, failed):
            await _on_record(turn.sources, turn.word, reader.id, failed)
    await turn.stand(None)


# -- one mail -----------------------------------------------------------------------------------


async def _to_the_end(turn: Turn, reader: Reader, made: Content, revision: int) -> bool:
    """A mail under way is not left alone when the process ends: it gets a moment, then it is cut
    off, and what became of it is written down. False: the server had better be left in peace."""
    lines: list[Line] = []
    work = asyncio.ensure_future(_post(turn, reader, made, revision, lines))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        if not (await asyncio.wait((work,), timeout=LAST_S))[0]:
            for line in lines:
                line.cut()
            await asyncio.wait((work,), timeout=CUT_S)
        raise


async def _post(
    turn: Turn, reader: Reader, made: Content, revision: int, lines: list[Line]
) -> bool:
    sources, mail = turn.sources, turn.sources.week_mail
    message = envelope(mail.settings, made, reader.address, reader.id, sources.now_ms())
    line = await turn.server.open()
    if isinstance(line, Trouble):
        await _turned_away(turn, line)
        return False
    lines.append(line)
    try:
        return await _hand_over(turn, reader, line, bytes(message), revision)
    finally:
        await line.close()


async def _hand_over(turn: Turn, reader: Reader, line: Line, message: bytes, revision: int) -> bool:
    sources, mail = turn.sources, turn.sources.week_mail
    await turn.stand(None)
    if reader.id not in await mail.readers.ids():
        return True  # removed meanwhile: a turn lasts long where the server is slow
    claim = mailing.begun(
        turn.ledger.mails.get(reader.id), sources.now_ms(), secrets.token_hex(8), mail.process,
        revision,
    )  # fmt: skip
    before = turn.ledger.raw.get(reader.id, b"")
    raw = await mail.ledger.change(turn.word, reader.id, before, claim)
    if not raw:
        return True  # another process has it
    outcome = await line.send(reader.address, message)
    after = mailing.ended(claim, outcome, sources.now_ms())
    if await _written(turn, reader.id, raw, after):
        await _on_record(sources, turn.word, reader.id, after)
    return outcome.why not in (*SERVER, "answer")


async def _written(turn: Turn, reader_id: str, before: bytes, after: Dispatch) -> bool:
    """Not for a moment's trouble with Redis shall a mail that was sent look as if it were not."""
    ledger = turn.sources.week_mail.ledger
    for pause_s in RECORD_PAUSES_S:
        try:
            return bool(await ledger.change(turn.word, reader_id, before, after))
        except SourceUnavailable:
            await asyncio.sleep(pause_s)
    return bool(await ledger.change(turn.word, reader_id, before, after))


async def _on_record(sources: Sources, word: str, reader_id: str, after: Dispatch) -> None:
    told = {"week": word, "reader": reader_id, "state": after.state, "why": after.why}
    log.info("week %(week)s to %(reader)s: %(state)s %(why)s", told)
    if after.state == "waiting":
        return
    with contextlib.suppress(SourceUnavailable):  # the ledger has it
        details: dict[str, str | int] = {"week": word, "reader": reader_id, "code": after.code}
        await sources.audit.write(f"weekly_mail_{after.state}", WHO, "", **details)
