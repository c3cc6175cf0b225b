"""The pure parts of the live map's scripts, in a browser page of their own without a server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

ROOT = Path(__file__).parent.parent
SCRIPTS = ROOT / "dashboard" / "assets" / "js" / "live_map"
PURE = ("00_namespace", "format", "grid", "store", "filter", "alert_words", "theme",
        "device_sprites", "raster", "incidents")  # fmt: skip
TEXTS = ROOT / "dashboard" / "locales" / "en" / "live_map.json"
Run = Callable[[str], Any]

# Three devices, a header, columns: what /live/snapshot answers.
SNAPSHOT = """
function snapshot(seq = 5, city = "c1") {
  const head = new TextEncoder().encode(JSON.stringify({
    city, seq, n: 3, kinds: ["bell", "light"], zones: ["z1"], routes: ["R-01"], alerts: [],
    statuses: ["ok", "out_of_service", "unknown", "offline", "fault"], now: 1000,
  }));
  const start = (4 + head.length + 3) & ~3;
  const buffer = new ArrayBuffer(start + 3 * 12);
  new DataView(buffer).setUint32(0, head.length, true);
  new Uint8Array(buffer).set(head, 4);
  new Int32Array(buffer, start, 3).set([126780000, 126790000, 126800000]);
  new Int32Array(buffer, start + 12, 3).set([37660000, 37670000, 37680000]);
  new Uint8Array(buffer, start + 24, 12).set([0, 1, 1, 0, 0, 4, 0, 0, 255, 0, 255, 255]);
  return buffer;
}
function loaded() {
  const store = liveMap.createStore();
  store.load(snapshot(), 400);
  store.name(["B-1", "L-1", "L-2"], ["a", "b", "c"]);
  return store;
}
"""


@pytest.fixture
def run(page: Page) -> Run:
    """Runs JavaScript that ends with `return`, with the pure scripts loaded."""
    for name in PURE:
        page.add_script_tag(content=(SCRIPTS / f"{name}.js").read_text("utf-8"))
    texts = {f"live_map.{key}": text for key, text in json.loads(TEXTS.read_text("utf-8")).items()}
    page.evaluate("(texts) => { liveMap.texts = texts; }", texts)
    return lambda body: page.evaluate("() => {" + SNAPSHOT + body + "}")


def test_it_reads_the_columns_of_a_snapshot(run: Run) -> None:
    found = run("""const s = loaded();
      return [[...s.status.slice(0, 3)], [...s.counts], s.index.get("L-2"), s.now() > 0,
              liveMap.unmercator(s.x[1], s.y[1])]""")
    assert found[:4] == [[0, 0, 4], [2, 0, 0, 0, 1], 2, True]
    assert found[4] == pytest.approx([126.79, 37.67])


def test_it_applies_a_delta_once(run: Run) -> None:
    assert run("""const s = loaded();
      const first = s.apply({seq: 6, d: [0, 3, 2, 0]}, 500);
      const again = s.apply({seq: 6, d: [0, 4]}, 600);
      return [first.devices, again, [...s.counts], s.seq]""") == [2, None, [2, 0, 0, 1, 0], 6]


def test_it_takes_new_devices_moved_ones_and_whole_columns(run: Run) -> None:
    found = run("""const s = loaded();
      s.apply({seq: 6, new: [[3, "B-2", "bell", 126700000, 37600000, "z2", "R-09", "new", 0],
                             [0, "B-1", "bell", 126710000, 37600000, "z1", "", "a", 3]]}, 1);
      const grown = [s.n, s.index.get("B-2"), s.zones, s.routes, s.route[0], [...s.counts]];
      s.apply({seq: 7, all: btoa(String.fromCharCode(2, 2, 2, 255))}, 2);
      return [...grown, [...s.counts]]""")
    assert found == [4, 3, ["z1", "z2"], ["R-01", "R-09"], 255, [2, 0, 0, 1, 1], [0, 0, 3, 0, 0]]


def test_an_older_version_of_an_alert_changes_nothing(run: Run) -> None:
    assert (
        run("""const s = loaded();
      s.apply({seq: 6, alerts: [{id: "A", version: 3, state: "acknowledged"}]}, 1);
      s.apply({seq: 7, alerts: [{id: "A", version: 2, state: "unacknowledged"}]}, 1);
      return s.alerts.get("A").state""")
        == "acknowledged"
    )


def test_filters_hide_devices_and_say_how_many(run: Run) -> None:
    assert run("""const s = loaded(), f = liveMap.createFilter(s), hidden = [];
      f.hiddenKinds.add("light"); f.changed(); hidden.push(f.hidden());
      f.clear(); f.problems = true; f.changed(); hidden.push(f.hidden());
      s.apply({seq: 6, d: [0, 3]}, 1); hidden.push(f.hidden());
      f.clear(); f.zone = "z1"; f.changed(); hidden.push(f.hidden());
      f.clear(); hidden.push(f.hidden());
      return hidden""") == [2, 2, 1, 1, 0]


def test_the_grid_finds_everything_in_a_box_and_little_else(run: Run) -> None:
    assert run("""const n = 5000, x = new Float64Array(n), y = new Float64Array(n);
      for (let i = 0; i < n; i++) { x[i] = Math.sin(i * 12.9) ; y[i] = Math.cos(i * 78.2); }
      const grid = liveMap.createGrid(x, y, n), found = new Int32Array(n);
      const count = grid.inBox(-0.2, -0.2, 0.3, 0.1, found), got = new Set(found.slice(0, count));
      let missed = 0, inside = 0;
      for (let i = 0; i < n; i++) {
        if (x[i] < -0.2 || x[i] > 0.3 || y[i] < -0.2 || y[i] > 0.1) continue;
        inside++;
        if (!got.has(i)) missed++;
      }
      return [missed, inside > 0 && count < inside * 1.6, grid.inBox(5, 5, 6, 6, found)]
      """) == [0, True, 0]


def test_the_queue_shows_who_waits_first_then_priority_then_the_newest(run: Run) -> None:
    assert run("""const a = (id, state, priority, raised) => ({id, state, priority, raised});
      return [a("taken", "acknowledged", 1, 9), a("old", "unacknowledged", 2, 1),
              a("new", "unacknowledged", 2, 5), a("third", "returned", 3, 7),
              a("first", "unacknowledged", 1, 0)].sort(liveMap.byUrgency).map((one) => one.id)
      """) == ["first", "new", "old", "third", "taken"]


def test_a_worse_device_is_drawn_over_others_on_the_same_spot(run: Run) -> None:
    """The pixel in the middle has the colour of the fault, though an ok device lies on it."""
    assert run("""const s = loaded();
      s.x.fill(0.5); s.y.fill(0.5);
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 60;
      const context = canvas.getContext("2d"), shown = new Uint8Array(3).fill(1);
      const view = {w: 60, h: 60, dpr: 1, zoom: 13, scale: 1000, x: 470, y: 470};
      document.body.style.setProperty("--device-fault", "rgb(10, 20, 250)");
      document.body.style.setProperty("--device-ok", "rgb(120, 120, 120)");
      liveMap.createRaster().draw(context, view, s, shown, Int32Array.of(0, 1, 2), 3);
      return [...context.getImageData(30, 30, 1, 1).data]""") == [10, 20, 250, 255]


def test_ages_and_times_are_told_in_korean_time(run: Run) -> None:
    assert run("""const f = liveMap.format;
      return [f.time(0), f.age(65000, true), f.age(3 * 3600e3 + 300e3, true), f.metres(8460),
              f.fresh(420)]""") == ["09:00:00", "01:05", "3 h 5 min", "8.5 km", "0.4 s"]


def test_small_cells_are_joined_with_what_was_expected_in_the_empty_ones(run: Run) -> None:
    cells = [[0.0, 0.0, 0.25, 0.5, 2, 1.0, 0.9], [0.25, 0.5, 0.5, 1.0, 0, 3.0, -2.0],
             [0.5, 0.0, 0.75, 0.5, 0, 1.0, -1.0], [1.0, 0.0, 1.25, 0.5, 1, None, None]]  # fmt: skip
    joined, close = run(f"""const cells = {json.dumps(cells)};
      return [liveMap.joinCells(cells, 2, 8), liveMap.joinCells(cells, 1, 8)]""")
    assert [row[:6] for row in joined] == [[0, 0, 0.5, 1, 2, 4], [1, 0, 1.5, 1, 1, None]]
    assert joined[0][6] == pytest.approx(2 * (2**0.5 - 2) / (1 + 1 / 8) ** 0.5)
    assert joined[1][6] is None
    assert [row[4] for row in close] == [2, 1]
