"""422 in words: which field, and what is wrong with it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from callbacks import session
from dashboard.errors import BadRequest

Json = dict[str, Any]


class Unprocessable(Exception):
    """What was sent makes no sense; problems says why, field by field."""

    def __init__(self, problems: list[Json]) -> None:
        super().__init__("bad_request")
        self.problems = problems


def problem_of(error: Any) -> Json:
    """One of pydantic's errors."""
    field = ".".join(str(part) for part in error["loc"] if part not in ("query", "path", "body"))
    return {"field": field, "message": error["msg"].removeprefix("Value error, ")}


def unprocessable(problems: list[Json]) -> JSONResponse:
    return JSONResponse({"error": "bad_request", "problems": problems}, 422)


async def refuse(_request: Request, error: Exception) -> JSONResponse:
    """The exception handler of Unprocessable."""
    assert isinstance(error, Unprocessable)
    return unprocessable(error.problems)


async def bad_request(_request: Request, error: Exception) -> JSONResponse:
    """The exception handler of BadRequest: in words, in the language of whoever asked."""
    assert isinstance(error, BadRequest)
    said = session.text()(error.key, **error.values)
    problems = [{"field": error.key.partition(".")[0], "message": said}]
    return JSONResponse({"error": "bad_request", "detail": said, "problems": problems}, 422)
