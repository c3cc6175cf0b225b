"""python -m tests.weekly.recount.elsewhere <file> <seed>: hashes of weeks, worked out by a process
that knows what was pickled there and nothing else, and that takes it in in the order of a seed."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from random import Random

from dashboard.weekly.seal import hash_of
from dashboard.weekly.summarise import summarise
from dashboard.weekly.week import Week
from data_sources.sites import load_site
from tests.weekly.recount.kept import Kept, asked, book_of

WORDS = ("2025-W52", "2026-W50", "2026-W53", "2027-W02")


def hashes(kept: Kept, seed: int) -> list[str]:
    site = load_site("goyang")
    book = book_of(kept, site, Random(seed))
    found = (asked(book, Week.of(word), kept.frontier_ms, site) for word in WORDS)
    return [hash_of(summarise(*one)) for one in found]


if __name__ == "__main__":
    print("\n".join(hashes(pickle.loads(Path(sys.argv[1]).read_bytes()), int(sys.argv[2]))))
