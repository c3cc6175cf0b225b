"""Pages of a list that grows at its newer end: a page goes on below the last item of the one
before, so what comes in meanwhile neither repeats nor hides anything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from starlette.exceptions import HTTPException

T = TypeVar("T")
Row = tuple[int, str, T]  # when, id, item


def newest_first(rows: Iterable[Row[T]], limit: int, cursor: str) -> tuple[list[T], str | None]:
    """One page and the `next` of the one after. Raises 422 for a cursor that is not ours."""
    ordered = sorted(rows, key=_place, reverse=True)
    if cursor:
        below = _place_of(cursor)
        ordered = [row for row in ordered if _place(row) < below]
    more = f"{ordered[limit - 1][0]}~{ordered[limit - 1][1]}" if len(ordered) > limit else None
    return [item for _, _, item in ordered[:limit]], more


def _place(row: Row[T]) -> tuple[int, str]:
    return row[0], row[1]


def _place_of(cursor: str) -> tuple[int, str]:
    at, tilde, name = cursor.partition("~")
    if not tilde or not at.isdecimal() or len(at) > 16:
        raise HTTPException(422, "next: not one of ours")
    return int(at), name
