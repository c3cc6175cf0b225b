"""python -m data_sources.simulator: field systems of a believable city, or a load generator.

    --rate 5000          so many messages a second, the rest changes of state
    --devices 100000     so many devices
    --no-history         begin with the present
    --incidents 600      so many incidents a week
    --dead-share 0.2     so many of the sensors fall silent for good,
    --dead-from 2026-11-20T09:00+09:00    from then on (else from the start of the simulator)

Without arguments everything comes from the environment (SIM_DEVICES, SIM_RATE, ...).
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from dataclasses import replace
from datetime import datetime

import redis

from dashboard.config import Settings
from dashboard.errors import BadSettings, OpsError
from dashboard.stream.times import epoch_ms
from data_sources.connect import open_client
from data_sources.simulator.run import Options, Simulation
from data_sources.sites import load_site


def main(argv: list[str] | None = None) -> int:
    try:
        settings = Settings.from_env(os.environ)
        options = options_of(settings, argv)
        client = open_client(settings.redis_url or f"unix://{settings.socket}")
        simulation = Simulation(client, load_site(options.site), options)
    except (BadSettings, OpsError) as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 2

    def stop(*_: object) -> None:
        simulation.stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        simulation.run()
    except redis.RedisError as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 1
    return 0


def options_of(settings: Settings, argv: list[str] | None = None) -> Options:
    """Arguments win over the environment."""
    parser = argparse.ArgumentParser(prog="python -m data_sources.simulator")
    parser.add_argument("--devices", type=int, default=settings.sim_devices)
    parser.add_argument("--rate", type=float, help="messages a second in all (load generator)")
    parser.add_argument("--seed", type=int, default=settings.sim_seed)
    parser.add_argument("--history-weeks", type=int, default=settings.sim_history_weeks)
    parser.add_argument("--no-history", action="store_true")
    parser.add_argument("--incidents", type=float, default=settings.sim_incidents, help="a week")
    parser.add_argument("--dead-share", type=_share, default=0.0, help="of sensors, 0 to 1")
    parser.add_argument("--dead-from", type=_moment, help="RFC 3339 time; default: now")
    parser.add_argument(
        "--operators", type=int, choices=(0, 1), default=int(settings.sim_operators)
    )
    args = parser.parse_args(argv)
    options = Options(
        site=settings.site,
        devices=args.devices,
        seed=args.seed,
        weeks=args.history_weeks,
        partitions=settings.partitions,
        operators=bool(args.operators),
        natural_factor=settings.sim_rate,
        rate_per_s=args.rate,
        dead_share=args.dead_share,
        dead_from_ms=args.dead_from,
        incidents=args.incidents,
    )
    return replace(options, weeks=0) if args.no_history else options


def _share(text: str) -> float:
    with contextlib.suppress(ValueError):
        if 0 <= float(text) <= 1:
            return float(text)
    raise argparse.ArgumentTypeError(f"{text!r}: expected a number from 0 to 1")


def _moment(text: str) -> int:
    with contextlib.suppress(ValueError):
        if (moment := datetime.fromisoformat(text)).tzinfo is not None:
            return epoch_ms(moment)
    raise argparse.ArgumentTypeError(f"{text!r}: expected a time with an offset")


if __name__ == "__main__":
    raise SystemExit(main())
