"""The embedded ticktocker service: its address, until its operations land."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tui.embedded.context import Context, Service


def _failure(_request: Request, status: int, words: str) -> Response:
    return JSONResponse({"error": words}, status)


def _seed(_context: Context) -> None:
    """No sample yet."""


SERVICE = Service(
    name="ticktocker",
    prefix="/ticktocker",
    schema="",
    routes=lambda _context: [],
    seed=_seed,
    failure=_failure,
)
