"""Foot traffic: people past each counter, by hour of the week, route, weather and chance."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from math import exp
from random import Random

import numpy as np

from data_sources.simulator.city import HABITS, City, Device
from data_sources.simulator.entry import (
    DAY,
    HOUR,
    KST,
    MINUTE,
    SECOND,
    Entry,
    day_of,
    day_start,
    stamp,
)
from data_sources.simulator.life import Life, state_at

QUARTER = 15 * MINUTE
_LATE = {4: 1.5, 5: 1.7}  # Friday and Saturday, from 22 h
_SUSPECT, _BAD = 0.008, 0.003
_DELAY_MS = 20 * SECOND  # a counter sends within this after its interval
_BLOCK_DAYS = 60  # in so many days one counter in thirty goes blind for some of them:
_BLIND, _BLIND_DAYS = 1 / 30, (3, 9)  # it goes on sending, but zeros


def expected(device: Device, at_ms: int, shape: str) -> float:
    """People an hour at this moment, before weather and chance."""
    day, hour = day_of(at_ms), (at_ms + KST) // HOUR % 24
    weekday = (day + 3) % 7  # 1970-01-01 was a Thursday
    by_hour = HABITS["footfall"][shape]["weekend" if weekday >= 5 else "weekday"]
    level: float = by_hour[hour] * device.traits.footfall
    late: float = _LATE.get(weekday, 1.0) if hour >= 22 else 1.0
    return level * late


def traffic_day(
    city: City, life: Life, seed: int, hours_until_ms: int
) -> Callable[[int], list[Entry]]:
    """A day's counts: whole hours for what ends by hours_until_ms (history), quarters after."""
    counters = city.of_kind("counter")
    characters = {route.id: route.character for route in city.site.routes}
    shapes = [characters.get(counter.route, "street") for counter in counters]

    def write(day: int) -> list[Entry]:
        entries: list[Entry] = []
        if not counters:
            return entries
        outages = life.outages(day_start(day), day_start(day) + DAY)
        at = day_start(day)
        while at < day_start(day) + DAY:
            step = HOUR if at + HOUR <= hours_until_ms else QUARTER
            counts = _draw(at, step)
            for counter, (n_in, n_out, luck) in zip(counters, counts, strict=True):
                if is_blind(counter.id, at, seed):
                    n_in = n_out = 0
                trouble = outages.get(counter.index)
                if not (trouble and state_at(trouble, at + step // 2) is not None):
                    entries.append(_count(counter, at, step, (n_in, n_out, luck)))
            at += step
        return entries

    def _draw(at: int, step: int) -> list[tuple[int, int, float]]:
        """(in, out, a random number) per counter."""
        rng = np.random.default_rng([seed, 2, at // QUARTER, step // QUARTER])
        mean = np.array([expected(c, at, s) for c, s in zip(counters, shapes, strict=True)])
        mean *= weather(day_of(at), seed) * step / HOUR
        # Busier and quieter moments than chance alone would give.
        mean *= rng.gamma(25.0, 1 / 25.0, len(counters))
        total = rng.poisson(mean)
        inward = rng.binomial(total, 0.5 + 0.08 * np.sin(at / HOUR))
        luck = rng.random(len(counters))
        return list(zip(inward.tolist(), (total - inward).tolist(), luck.tolist(), strict=True))

    return write


def is_blind(counter_id: str, at_ms: int, seed: int) -> bool:
    """Dirt on the lens, or a door that hides it: it counts nobody and says so in good faith."""
    block = day_of(at_ms) // _BLOCK_DAYS
    first, last = _blind_days(counter_id, block, seed)
    return first <= day_of(at_ms) < last


@lru_cache(maxsize=20_000)
def _blind_days(counter_id: str, block: int, seed: int) -> tuple[int, int]:
    rng = Random(f"{seed}:blind:{counter_id}:{block}")
    if rng.random() >= _BLIND:
        return 0, 0
    first = block * _BLOCK_DAYS + rng.randrange(_BLOCK_DAYS - _BLIND_DAYS[1])
    return first, first + rng.randint(*_BLIND_DAYS)


@cache
def weather(day: int, seed: int) -> float:
    """What rain, cold or a fine day do to the number of people outside."""
    rng = np.random.default_rng([seed, 3, day])
    rain = 0.68 if rng.random() < 0.22 else 1.0
    return float(rain * exp(rng.normal(0.0, 0.07)))


def _count(counter: Device, at: int, step: int, drawn: tuple[int, int, float]) -> Entry:
    n_in, n_out, luck = drawn
    quality = "bad" if luck < _BAD else "suspect" if luck < _BAD + _SUSPECT else "ok"
    body = (
        f'{{"v":1,"sensor_id":"{counter.id}","from":"{stamp(at)}","to":"{stamp(at + step)}",'
        f'"in":{n_in},"out":{n_out},"quality":"{quality}"}}'
    )
    sent = at + step + SECOND + int(counter.traits.phase * _DELAY_MS)
    return Entry(sent, counter.p, "traffic", body)
