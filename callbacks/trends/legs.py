"""Legs of the response over a year. Twin: layouts/trends/legs.py."""

from __future__ import annotations

from dashboard.trends.frame import wanted
from dashboard.trends.legs import By, Leg, legs
from data_sources.sources import Sources
from data_sources.trends.desk import Material
from layouts.trends.here import Here, Picture
from layouts.trends.legs import legs_picture


async def draw(sources: Sources, here: Here) -> Picture:
    choice, coarse = here.choice, here.coarse

    def make(material: Material) -> tuple[By, tuple[Leg, ...]]:
        found = wanted(material.incidents, choice)
        return legs(found, choice.period, material.now_ms, coarse)

    by, found = await sources.trends.answer(choice, f"legs {coarse}", make)
    return legs_picture(here, by, found)
