"""The reference: the same city as a first afternoon with dash-leaflet would show it.

    REDIS_URL=... python -m benchmarks.naive_page 8060 [dots]

One `dcc.Interval` of a second; each time every device is read from Redis and the whole GeoJSON
and the whole list of alerts are replaced. Devices are clustered, which is the kinder way but
shows no state; `dots` draws a circle per device on a canvas, coloured by state.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec

from dashboard.records import AlertView
from data_sources import keys
from data_sources.connect import open_client
from data_sources.leash import leashed
from tests.conftest import free_port

ROOT = Path(__file__).parent.parent
EVERY_MS = 1_000
COLOURS = ("grey", "black", "white", "orange", "red")  # by status
POINT = {"variable": "dash_clientside.naive.point"}


def collection(client: Any) -> dict[str, Any]:
    """Every device as a feature, read anew."""
    decode = msgspec.msgpack.decode
    statuses = {n: decode(raw)[1] for n, raw in client.hgetall(keys.state(0, "devices")).items()}
    features = []
    for name, raw in client.hgetall(keys.state(0, "registry")).items():
        device_id, _, kind, lon, lat, label, *_ = decode(raw)
        status = statuses.get(name, 2)
        features.append(
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]},
             "properties": {"id": device_id, "kind": kind, "name": label, "status": status,
                            "colour": COLOURS[status]}}
        )  # fmt: skip
    return {"type": "FeatureCollection", "features": features}


def open_alerts(client: Any) -> list[Any]:
    """Newest first."""
    decode = msgspec.msgpack.Decoder(AlertView).decode
    found = [decode(raw) for raw in client.hgetall(keys.state(0, "alerts")).values()]
    return sorted((a for a in found if a.state != "closed"), key=lambda a: -a.raised_ms)


def build(url: str, dots: bool) -> Any:
    import dash_leaflet as dl
    from dash import Dash, Input, Output, dcc, html

    app = Dash(__name__, assets_folder="naive_assets", update_title=None)
    client = open_client(url)

    style = {"pointToLayer": POINT} if dots else {"cluster": True}
    app.layout = html.Div(
        [dcc.Interval(id="every", interval=EVERY_MS), html.Ul(id="queue"),
         dl.Map([dl.GeoJSON(id="devices", **style), dl.LayerGroup(id="markers")],
                id="naive-map", center=[37.65, 126.8], zoom=13, preferCanvas=True,
                style={"height": "900px"})]
    )  # fmt: skip

    @app.callback(
        Output("devices", "data"), Output("queue", "children"), Output("markers", "children"),
        Input("every", "n_intervals"),
    )  # fmt: skip
    def show(_n: int) -> Any:
        alerts = open_alerts(client)
        rows = [html.Li(f"{a.type} {a.alert_id}", **{"data-alert-id": a.alert_id}) for a in alerts]
        marks = [dl.Marker(position=[a.lat, a.lon], title=a.alert_id) for a in alerts if a.lon]
        return collection(client), rows, marks

    return app


@contextlib.contextmanager
def serving(url: str, *words: str) -> Iterator[tuple[str, int]]:
    """Its address and process id; ended afterwards."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.naive_page", str(port), *words], cwd=ROOT,
        env={**os.environ, "REDIS_URL": url}, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, **leashed(),
    )  # fmt: skip
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(base, timeout=1)
                break
            time.sleep(0.1)
        yield base, process.pid
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    build(os.environ["REDIS_URL"], "dots" in sys.argv).run(port=int(sys.argv[1]), debug=False)
