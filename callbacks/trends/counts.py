"""Counts against what is usual. Twin: layouts/trends/counts.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.trends.change import Counts, counts
from dashboard.trends.window import compare
from layouts.trends.counts import DEFAULT, counts_picture
from layouts.trends.here import Here, Picture

if TYPE_CHECKING:
    from data_sources.sources import Sources
    from data_sources.trends.desk import Material


async def draw(sources: Sources, here: Here) -> Picture:
    by, coarse = here.address.by or DEFAULT, here.coarse
    choice = here.choice.without(by)

    def make(material: Material) -> Counts:
        compared = compare(material.incidents, choice, material.now_ms, material.known_from_ms)
        return counts(compared, by, coarse)

    return counts_picture(here, await sources.trends.answer(choice, f"{by} {coarse}", make))
