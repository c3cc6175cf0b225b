"""Whole towns by chance: devices with their own faults, alerts, repairs and passers-by."""

from __future__ import annotations

from typing import Any

import numpy as np

from dashboard.kpis.choice import Period
from dashboard.kpis.facts import ALERT, COLUMN, INCIDENT, INSPECTION, MEASURES, NONE, ROUND, Facts
from dashboard.kpis.groups import Groups
from dashboard.stream.rollups import DAY_MS, HOUR_MS, Group
from tests.kpis.facts_builder import FOUR_WEEKS, MINUTE_MS, TYPES


class Town:
    """Devices with their own faults, alerts, repairs and passers-by, drawn by a seed.

    `facts(dead)` tells what is known of the town when some devices are silent all the period:
    their time up is time offline, and what they would have said never came.
    """

    KINDS = ("bell", "cctv", "light", "counter", "gateway")
    SHARES = (0.3, 0.25, 0.3, 0.1, 0.05)

    def __init__(self, seed: int, devices: int = 600, period: Period = FOUR_WEEKS,
                 zones: int = 6) -> None:  # fmt: skip
        rng = np.random.default_rng(seed)
        self.period, self.groups, self.n = period, Groups(), devices
        span = period.to_ms - period.from_ms
        kinds = rng.choice(len(self.KINDS), devices, p=self.SHARES)
        self.group = np.array([self._group(rng, self.KINDS[k], zones) for k in kinds], np.int32)
        self.kind = kinds
        self.sums = np.zeros((devices, len(MEASURES)))
        failures = rng.poisson(1.2, devices)
        down = np.minimum(rng.gamma(np.maximum(failures, 1e-9), 9 * HOUR_MS), 0.6 * span)
        unknown = rng.uniform(0, 0.01, devices) * span
        self._put("s3", down * 0.6)
        self._put("s4", down * 0.4)
        self._put("s2", unknown)
        self._put("s0", span - down - unknown)
        self._put("fail", failures)
        for state in range(5):
            nightly = self.sums[:, COLUMN[f"s{state}"]] * 0.5 * (kinds == 2)
            self._put(f"q{state}", nightly)
        self._put("dark", self.sums[:, COLUMN["q0"]] * rng.uniform(0, 0.03, devices))
        self._count_people(rng, kinds == 3)
        self._alert_devices, self._alerts = self._raise(rng)
        self._rounds = self._repair(rng)

    def facts(self, dead: np.ndarray | None = None) -> Facts:
        """dead: a truth value per device."""
        dead = np.zeros(self.n, bool) if dead is None else dead
        sums = self.sums.copy()
        for state in "sq":
            sums[dead, COLUMN[f"{state}3"]] += sums[dead, COLUMN[f"{state}0"]]
            sums[dead, COLUMN[f"{state}0"]] = 0
        silent = [COLUMN[name] for name in ("dark", "t_in", "t_out", "t_night", "t_ms")]
        sums[np.ix_(dead, silent)] = 0
        by_group = np.zeros((len(self.groups), len(MEASURES)))
        np.add.at(by_group, self.group, sums)
        return Facts(
            period=self.period, now_ms=self.period.to_ms, groups=self.groups,
            mask=np.ones(len(self.groups), bool), sums=by_group,
            usual=np.zeros((8, *by_group.shape)), weeks_known=0,
            alerts=self._alerts[~dead[self._alert_devices]], rounds=self._rounds,
            incidents=np.empty(0, INCIDENT), inspections=np.empty(0, INSPECTION),
            alert_types=list(TYPES),
        )  # fmt: skip

    def _group(self, rng: np.random.Generator, kind: str, zones: int) -> int:
        zone, vendor = f"z{rng.integers(zones)}", f"v{rng.integers(4)}"
        return self.groups.number_of(Group(kind, zone, f"r{zone}{rng.integers(2)}", vendor))

    def _put(self, name: str, values: Any) -> None:
        self.sums[:, COLUMN[name]] = values

    def _count_people(self, rng: np.random.Generator, counters: np.ndarray) -> None:
        covered = self.sums[:, COLUMN["s0"]] * counters * rng.uniform(0.95, 1, self.n)
        passing = rng.uniform(300, 3000, self.n) * covered / DAY_MS
        self._put("t_ms", covered)
        self._put("t_in", np.round(passing / 2))
        self._put("t_out", np.round(passing / 2))

    def _raise(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        raising = np.flatnonzero(self.kind < 2)
        devices = np.repeat(raising, rng.poisson(2, len(raising)))
        rows = np.zeros(len(devices), ALERT)
        rows["raised"] = rng.integers(self.period.from_ms, self.period.to_ms, len(devices))
        rows["arrived"] = rows["raised"] + rng.integers(50, 5_000, len(devices))
        rows["acked"] = rows["raised"] + rng.exponential(90_000, len(devices)).astype(np.int64)
        rows["closed"] = rows["acked"] + rng.exponential(9e5, len(devices)).astype(np.int64)
        rows["cleared"] = NONE
        rows["group"] = self.group[devices]
        rows["verdict"] = rng.choice(6, len(devices), p=(0.1, 0.4, 0.05, 0.25, 0.15, 0.05))
        rows["priority"], rows["actual"] = 1, True
        return devices, rows

    def _repair(self, rng: np.random.Generator) -> np.ndarray:
        devices = np.repeat(np.arange(self.n), self.sums[:, COLUMN["fail"]].astype(int))
        rows = np.zeros(len(devices), ROUND)
        rows["down"] = rng.integers(self.period.from_ms, self.period.to_ms, len(devices))
        rows["opened"] = rows["down"] + 30 * MINUTE_MS
        rows["due"] = rows["opened"] + DAY_MS
        took = rng.lognormal(np.log(12 * HOUR_MS), 0.8, len(devices)).astype(np.int64)
        rows["restored"] = np.where(rng.random(len(devices)) < 0.9, rows["down"] + took, NONE)
        rows["verified"] = rows["restored"]
        rows["repaired"] = rows["cancelled"] = NONE
        rows["group"], rows["device"] = self.group[devices], devices
        rows["no"] = rng.random(len(devices)) < 0.1
        return rows[rows["opened"] < self.period.to_ms]
