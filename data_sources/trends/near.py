"""Near repeats of a choice, as a job; how well its hot spots foretell, as an answer."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b
from secrets import token_bytes
from typing import TYPE_CHECKING

import pandas as pd

from dashboard.trends.frame import between, chosen, wanted
from dashboard.trends.near_repeat import knox
from dashboard.trends.pai import Foretold, foretold

if TYPE_CHECKING:
    from dashboard.trends.choice import TrendChoice
    from data_sources.trends.desk import Material, TrendDesk
    from data_sources.trends.jobs import Job

_KEY = token_bytes(32)  # a job's name is sent to pages: nobody may find incidents by trying


async def near_repeats(desk: TrendDesk, choice: TrendChoice) -> Job:
    """Begun if nobody has asked yet. The same incidents are the same job, whoever asks and
    however: what is new elsewhere does not begin it anew."""

    def make(material: Material) -> tuple[str, pd.DataFrame]:
        frame = chosen(material.incidents, choice, material.now_ms)[["reported", "x", "y"]]
        digest = blake2b(key=_KEY, digest_size=12)
        for column in frame.columns:
            digest.update(frame[column].to_numpy().tobytes())
        return f"knox-{digest.hexdigest()}", frame

    name, frame = await desk.answer(choice, "near repeats", make)
    return desk.jobs.ask(name, lambda progress, stop: knox(frame, progress=progress, stop=stop))


async def foretelling(desk: TrendDesk, choice: TrendChoice) -> Foretold:
    """The period's incidents in the hot spots of the period before it."""

    def make(material: Material) -> Foretold:
        before = choice.period.previous()
        past = wanted(between(material.incidents, before.from_ms, before.to_ms), choice)
        now = chosen(material.incidents, choice, material.now_ms)
        whole = before.from_ms >= material.known_from_ms
        return replace(foretold(past, now, material.grid), whole=whole)

    return await desk.answer(choice, "foretelling", make)
