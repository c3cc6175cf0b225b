"""People and tools that talk to a running control room, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx


@contextmanager
def signed_in(base_url: str, role: str, password: str) -> Iterator[httpx.Client]:
    client = sign_in(base_url, role, password)
    try:
        yield client
    finally:
        client.close()


def sign_in(base_url: str, role: str, password: str) -> httpx.Client:
    """As a browser would after sign-in: cookies kept, CSRF token copied into the header."""
    client = httpx.Client(base_url=base_url, timeout=10)
    answer = client.post("/login", data={"username": role, "password": password})
    assert answer.status_code == 303, answer.status_code
    client.headers["X-CSRFToken"] = client.cookies["csrf"]
    return client


def cookie_header(client: httpx.Client) -> str:
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)


def callback(
    output: str, inputs: dict[str, object], state: dict[str, object] | None = None
) -> dict:
    """The body the renderer posts: {"component.property": value} becomes Dash's lists."""
    return {
        "output": output,
        "outputs": _dependency(output),
        "inputs": [{**_dependency(name), "value": value} for name, value in inputs.items()],
        "state": [{**_dependency(name), "value": value} for name, value in (state or {}).items()],
        "changedPropIds": list(inputs)[:1],
    }


def _dependency(name: str) -> dict[str, str]:
    component, _, prop = name.rpartition(".")
    return {"id": component, "property": prop}
