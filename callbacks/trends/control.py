"""The control chart of 52 weeks. Twin: layouts/trends/control.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.trends.control import ControlChart, control_chart
from dashboard.trends.frame import wanted
from layouts.trends.control import control_picture
from layouts.trends.here import Here, Picture

if TYPE_CHECKING:
    from data_sources.sources import Sources
    from data_sources.trends.desk import Material


async def draw(sources: Sources, here: Here) -> Picture:
    """Of the year up to now, whatever the period."""
    choice, coarse = here.choice, here.coarse

    def make(material: Material) -> ControlChart:
        frame = wanted(material.incidents, choice)
        return control_chart(frame, material.now_ms, material.known_from_ms, coarse)

    return control_picture(here, await sources.trends.answer(choice, f"control {coarse}", make))
