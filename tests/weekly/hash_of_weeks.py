"""python -m tests.weekly.hash_of_weeks <folder> <seed>: hashes of the weeks that are over, worked
out from raw messages in the order of a seed. For tests that compare processes and machines."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

from tests.weekly.week_room import OVER, fill, process, seal_until, served


def main(folder: Path, seed: int) -> None:
    with served(folder) as (url, client):
        fill(client, random=Random(seed))
        with process(url) as room:
            for one in seal_until(room, len(OVER)):
                print(one.summary.week, one.hash)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
