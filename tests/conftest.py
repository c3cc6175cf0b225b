"""What tests share: a real embedded server, a whole running control room, a browser.

`redis_client`  a client of the real embedded server, emptied for each test
`control_room`  `python app.py` on a free port with an empty city; one for the whole session
`start_control_room`  the same, as a function, for tests that kill it or set it up otherwise
`enter`         `enter("duty")` is an httpx client, signed in; `enter("")` a stranger
`signed_in`     `signed_in("duty")` is a browser page on `/` after sign-in
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import hypothesis
import pytest
import redis
from playwright.sync_api import expect

from data_sources.connect import open_client
from data_sources.embedded import EmbeddedServer
from tests import visitor

ROOT = Path(__file__).parent.parent
PASSWORD = "correct-horse-battery"  # of every demo user in tests
START_S = 90.0
hypothesis.settings.register_profile("ours", deadline=None)  # a busy machine is not a bug
hypothesis.settings.load_profile("ours")
expect.set_options(timeout=15_000)  # nor is it when a browser takes its time
SETTINGS = frozenset(
    re.findall(
        r'env(?:\.get\(|, )"([A-Z_]+)"', (ROOT / "dashboard" / "config.py").read_text("utf-8")
    )
)


@dataclass
class ControlRoom:
    base_url: str
    data_dir: Path
    process: subprocess.Popen[bytes]
    password: str = PASSWORD
    _clients: list[redis.Redis] = field(default_factory=list)

    @property
    def socket(self) -> Path:
        return self.data_dir / "redis.sock"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.socket}"

    @property
    def log(self) -> str:
        return (self.data_dir / "app.log").read_text(encoding="utf-8", errors="replace")

    def redis(self) -> redis.Redis:
        client = open_client(self.redis_url, asks_again=True)
        self._clients.append(client)
        return client

    def wait_until_ready(self, timeout_s: float = START_S) -> None:
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                pytest.fail(f"app.py ended with {self.process.returncode}:\n{self.log[-4000:]}")
            if _ready(self.base_url):
                return
            time.sleep(0.1)
        pytest.fail(f"not ready after {timeout_s} s:\n{self.log[-4000:]}")

    def stop(self) -> None:
        for client in self._clients:
            client.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def _ready(base_url: str) -> bool:
    try:
        return httpx.get(f"{base_url}/readyz", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def clean_env(**settings: str) -> dict[str, str]:
    """The environment without what a developer may have set for his own control room."""
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    return {**kept, "PYTHONUNBUFFERED": "1", **settings}


def launch(data_dir: Path, **settings: str) -> ControlRoom:
    """Starts `python app.py` and does not wait. Its words go to data_dir/app.log."""
    data_dir.mkdir(parents=True, exist_ok=True)
    port = settings.pop("PORT", None) or str(free_port())
    defaults = {"SIMULATOR": "0", "DEMO_PASSWORD": PASSWORD}
    env = clean_env(**{**defaults, **settings}, PORT=port, DATA_DIR=str(data_dir))
    with (data_dir / "app.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT
        )
    return ControlRoom(f"http://127.0.0.1:{port}", data_dir, process)


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_client(embedded: EmbeddedServer) -> Iterator[redis.Redis]:
    client = open_client(embedded.url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def redis_url(embedded: EmbeddedServer, redis_client: redis.Redis) -> str:
    """URL of the emptied embedded server."""
    return embedded.url


@pytest.fixture(scope="session")
def control_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlRoom]:
    room = launch(tmp_path_factory.mktemp("room"))
    try:
        room.wait_until_ready()
        yield room
    finally:
        room.stop()


@pytest.fixture
def start_control_room(tmp_path: Path) -> Iterator[Callable[..., ControlRoom]]:
    """start_control_room(DATA_DIR=..., SIMULATOR="1", ...) → a ready control room of one's own."""
    rooms: list[ControlRoom] = []

    def start(data_dir: Path | None = None, **settings: str) -> ControlRoom:
        rooms.append(launch(data_dir or tmp_path / "room", **settings))
        rooms[-1].wait_until_ready()
        return rooms[-1]

    yield start
    for room in rooms:
        room.stop()


@pytest.fixture
def enter(control_room: ControlRoom) -> Iterator[Callable[[str], httpx.Client]]:
    """enter("duty") is a signed-in client with its CSRF token; enter("") is a stranger."""
    clients: list[httpx.Client] = []

    def come_in(role: str) -> httpx.Client:
        if role:
            clients.append(visitor.sign_in(control_room.base_url, role, control_room.password))
        else:
            clients.append(httpx.Client(base_url=control_room.base_url, timeout=10))
        return clients[-1]

    yield come_in
    for client in clients:
        client.close()


# -- browser ---------------------------------------------------------------------------------


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: beside the event loop Playwright leaves running, asyncio.run fails."""
    items.sort(key=lambda item: "playwright" in getattr(item, "fixturenames", ()))


def chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """The machine's own Chromium; without a sandbox, as tests often run as root in a container."""
    if path := chromium():
        return {**browser_type_launch_args, "executable_path": path, "args": ["--no-sandbox"]}
    return browser_type_launch_args


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    return {
        **browser_context_args,
        "locale": "ko-KR",
        "timezone_id": "Asia/Seoul",
        "viewport": {"width": 1600, "height": 900},
    }


@pytest.fixture
def signed_in(
    control_room: ControlRoom, new_context: Callable[..., object]
) -> Callable[..., object]:
    """signed_in("duty", path="/", base_url=None) → Page; each call is a browser of its own."""

    def sign_in(role: str, path: str = "/", base_url: str | None = None) -> object:
        base = base_url or control_room.base_url
        page = new_context().new_page()  # type: ignore[attr-defined]
        page.goto(f"{base}/login")
        page.fill("input[name=username]", role)
        page.fill("input[name=password]", control_room.password)
        page.click("button[type=submit]")
        page.wait_for_url(lambda url: "/login" not in url)
        if path != "/":
            page.goto(f"{base}{path}")
        return page

    return sign_in
