"""Settings from the environment: understood, or refused in one clear line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.config import Settings
from dashboard.errors import BadSettings
from tests.conftest import ROOT, SETTINGS, clean_env


def test_without_any_setting_it_is_the_embedded_demo() -> None:
    settings = Settings.from_env({})
    assert settings.embedded and settings.simulator
    assert (settings.host, settings.port) == ("127.0.0.1", 8050)
    assert settings.socket == Path("data").resolve() / "redis.sock"


def test_a_real_feed_gets_no_simulator_unless_asked_for() -> None:
    assert not Settings.from_env({"REDIS_URL": "redis://feed:6379"}).simulator
    assert Settings.from_env({"REDIS_URL": "redis://feed:6379", "SIMULATOR": "1"}).simulator
    assert not Settings.from_env({"REDIS_URL": "redis://feed:6379"}).embedded


def test_children_of_the_embedded_demo_know_what_they_are_part_of() -> None:
    settings = Settings.from_env({"REDIS_URL": "unix:///x/redis.sock", "EMBEDDED": "1"})
    assert settings.demo and not settings.embedded


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PARTITIONS", "-1"),
        ("SIMULATOR", "yes"),
        ("SIM_RATE", "fast"),
        ("SIM_RATE", "nan"),
        ("SIM_DEVICES", "1e3"),
    ],
)
def test_it_names_the_setting_it_does_not_understand(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=f"{name}='{value}': expected"):
        Settings.from_env({name: value})


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("from-a-file\n")
    settings = Settings.from_env({"DEMO_PASSWORD_FILE": str(tmp_path / "password")})
    assert settings.demo_password == "from-a-file"


def test_a_secret_file_that_is_missing_is_a_bad_setting(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="DEMO_PASSWORD_FILE"):
        Settings.from_env({"DEMO_PASSWORD_FILE": str(tmp_path / "nowhere")})


@pytest.mark.parametrize(
    "setting",
    [
        {"PORT": "http"},
        {"REDIS_URL": "postgres://x"},
        {"DEMO_PASSWORD_FILE": "/nowhere/at/all"},
        {"SITE": "atlantis"},
    ],
    ids=str,
)
def test_the_program_says_so_in_one_line_and_ends_with_2(
    setting: dict[str, str], tmp_path: Path
) -> None:
    env = clean_env(**{"DATA_DIR": str(tmp_path), **setting})
    result = subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=30
    )
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1 and next(iter(setting)) in result.stderr


def test_every_setting_is_documented() -> None:
    documented = (ROOT / "docs" / "OPERATIONS.md").read_text(encoding="utf-8")
    assert len(SETTINGS) > 10
    assert not {name for name in SETTINGS if f"`{name}`" not in documented}
