"""What the script of the map is told (assets/js/trends/map*.js): numbers, addresses and words.

Cells are [number, n, hot, q]: n None = hidden, hot as trends/where.py: Spot, q in words; what is
not said is nothing. A density is one byte a cell of 50 m, deflated: of LEVELS, the
fourth root of its share of the most, so that little and much are told alike well.
"""

from __future__ import annotations

import zlib
from base64 import b64encode
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.format import number
from dashboard.text import Translate
from dashboard.trends.grid import Grid
from dashboard.trends.kde import Surface
from dashboard.trends.where import HIDDEN, Where
from layouts.trends.here import Here

DENSITY = "kde"  # of Address.surface; "" = hot spots
LEVELS = 64
TIMES = (1, 3, 10, 30, 100)  # the city's mean: where bands begin
ROUTE = "{route}"


def data(here: Here, found: Where, grid: Grid) -> dict[str, Any]:
    choice, address = here.choice, here.address
    picked = choice.cell
    return {
        "grid": [grid.west, grid.south, *_steps(grid), grid.columns, grid.rows],
        "inside": _packed(np.packbits(grid.inside, bitorder="little")),
        "surface": "kde" if address.surface == DENSITY else "hot",
        "cells": cells(found),
        "density": None if found.density is None else density(found.density),
        "picked": None if picked is None else grid.number_of(picked),
        "route": choice.wanted.get("route", ""),
        "zone": choice.wanted.get("zone", ""),
        "hrefs": {
            "pick": address.picking(cell=(0, 0)).removesuffix("0.0"),
            "back": address.picking(cell=None),
            "route": address.of("route", ROUTE),
            "route_back": address.without("route"),
        },
        "texts": texts(here.t),
    }


def _steps(grid: Grid) -> tuple[float, float]:
    """Degrees of a cell, to the east and to the north."""
    west, south, east, north = grid.bounds((0, 0))
    return east - west, north - south


def cells(found: Where) -> list[list[Any]]:
    told = np.flatnonzero((found.counts != 0) | (found.hot > 0))
    return [_cell(found, int(cell), int(found.hot[cell])) for cell in told]


def _cell(found: Where, cell: int, hot: int) -> list[Any]:
    n = int(found.counts[cell])
    said: list[Any] = [cell, None if n == HIDDEN else n]
    if hot:
        said += [hot] if found.q is None else [hot, q_word(float(found.q[cell]))]
    return said


def q_word(q: float) -> str:
    """Two digits that say something; "<0.001" beyond."""
    return "<0.001" if q < 0.001 else f"{q:.2g}"


def density(surface: Surface) -> dict[str, Any]:
    values = np.nan_to_num(surface.per_km2)
    most = float(values.max(initial=0.0))
    share = (values / most) ** 0.25 if most > 0 else np.zeros_like(values)
    rows, columns = values.shape
    return {
        "rows": rows,
        "columns": columns,
        "most": round(most, 2),
        "levels": LEVELS,
        "bands": [times * mean_of(surface) for times in bands(surface)],
        "bytes": _packed(np.ceil(share * LEVELS).astype(np.uint8)),
    }


def bands(surface: Surface) -> list[int]:
    """Of TIMES, those that are reached: the same for every period, so that they can be compared."""
    most = float(np.nan_to_num(surface.per_km2).max(initial=0.0))
    return [times for times in TIMES if times * mean_of(surface) <= most]


def mean_of(surface: Surface) -> float:
    """Per km2, of the city."""
    city = np.isfinite(surface.per_km2)
    return float(surface.per_km2[city].mean()) if city.any() else 0.0


def per_km2(value: float) -> str:
    return number(round(value)) if value >= 10 else f"{value:.1f}"


def _packed(values: NDArray[np.uint8]) -> str:
    return b64encode(zlib.compress(values.tobytes(), 6)).decode()


def texts(t: Translate) -> dict[str, str]:
    """Words of what is under the pointer, with places for numbers."""
    return {
        "cell": t("trends.cell", cell="{cell}"),
        "n": t("trends_where.tip_n", n="{n}"),
        "none": t("trends_where.tip_none"),
        "few": t("trends_where.tip_few"),
        "hot2": t("trends_where.tip_hot2"),
        "hot1": t("trends_where.tip_hot1"),
        "q": t("trends_where.tip_q", q="{q}"),
        "plain": t("trends_where.tip_plain"),
        "density": t("trends_where.tip_density", n="{n}"),
        "pick": t("trends_where.tip_pick"),
        "back": t("trends_where.tip_back"),
        "route": t("trends_where.tip_route", route="{route}"),
    }
