"""What the simulator is told when it is started."""

from __future__ import annotations

import pytest

from dashboard.config import Settings
from data_sources.simulator.__main__ import options_of

NOW = 1_795_390_000_000  # 2026-11-23 08:26:40 KST


def test_arguments_win_over_the_environment() -> None:
    settings = Settings.from_env({"SIM_DEVICES": "500", "SIM_OPERATORS": "0", "PARTITIONS": "3"})
    assert options_of(settings, []).devices == 500
    options = options_of(settings, ["--devices", "9", "--no-history", "--rate", "50", "--seed", "2",
                                    "--operators", "1"])  # fmt: skip
    assert (options.devices, options.weeks, options.rate_per_s) == (9, 0, 50.0)
    assert (options.seed, options.operators, options.partitions) == (2, True, 3)


def test_it_lets_sensors_die_when_told_to() -> None:
    assert options_of(Settings(), []).dead_share == 0
    told = ["--dead-share", "0.2", "--dead-from", "2026-11-23T08:26:40+09:00"]
    options = options_of(Settings(), told)
    assert (options.dead_share, options.dead_from_ms) == (0.2, NOW)
    assert options_of(Settings(), told[:2]).dead_from_ms is None  # from its start


@pytest.mark.parametrize(
    "wrong",
    [["--dead-share", "1.2"], ["--dead-share", "x"], ["--dead-from", "2026-11-23"]],
)
def test_it_says_what_it_expected(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options_of(Settings(), wrong)
    assert "expected a" in capsys.readouterr().err
