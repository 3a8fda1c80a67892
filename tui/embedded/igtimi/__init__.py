"""The embedded Igtimi: sessions, devices, data and the live feed of a fleet that sails.

Sources: the seed document "Igtimi API", and reference/igtimi.md for what it leaves out.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from tui.embedded.context import Context, Service
from tui.embedded.igtimi import (
    accounts,
    blobs,
    brought,
    data,
    data_types,
    device_groups,
    devices,
    groups,
    oauth,
    resources,
    riot,
    servers,
    session_logs,
    sessions,
    uploads,
    windows,
)
from tui.embedded.igtimi.answers import failure
from tui.embedded.igtimi.live import live_endpoint
from tui.embedded.igtimi.operations import Operation, routes_of
from tui.embedded.igtimi.real_boats import REAL
from tui.embedded.igtimi.replay_storage import store_recording
from tui.embedded.igtimi.runtime import runtime
from tui.embedded.igtimi.schema import SCHEMA
from tui.embedded.igtimi.seed import ensure_units, ground, seed
from tui.embedded.igtimi.sources import calls

OPERATIONS: tuple[Operation, ...] = (
    *oauth.OPERATIONS,
    *device_groups.OPERATIONS,
    *servers.OPERATIONS,
    *accounts.OPERATIONS,
    *data.OPERATIONS,
    *uploads.OPERATIONS,
    *resources.OPERATIONS,
    *data_types.OPERATIONS,
    *session_logs.OPERATIONS,
    *sessions.OPERATIONS,
    *windows.OPERATIONS,
    *devices.OPERATIONS,
    *groups.OPERATIONS,
    *blobs.OPERATIONS,
)
"""Every operation of Igtimi's own interface, in the order in which paths are tried."""


def _unknown(request: Request) -> Response:
    return failure(request, 404, f"There is nothing at {request.url.path}")


def _routes(context: Context) -> list[BaseRoute]:
    return [
        *routes_of(
            context,
            (*OPERATIONS, *brought.OPERATIONS, *calls.OPERATIONS, *riot.OPERATIONS, *oauth.FORMS),
        ),
        WebSocketRoute("/live", live_endpoint(context)),
        WebSocketRoute(riot.LIVE_PATH, riot.riot_endpoint(context)),
        Route("/{rest:path}", _unknown, methods=["GET", "POST", "PUT", "DELETE"]),
    ]


_STARTED = "igtimi.started"


def _ground(context: Context) -> None:
    ground(context)
    if _STARTED in context.state:
        # The sample is being cleared under a running feed.
        runtime(context).samples.forget()


def _seed(context: Context) -> None:
    seed(context)
    if _STARTED in context.state:
        _prepare(context)


def _prepare(context: Context) -> None:
    """What this run needs beside the sample: its recordings, and units of a bigger fleet."""
    for recording in runtime(context).replayed:
        store_recording(context, recording)
    ensure_units(context)


async def _start(context: Context) -> None:
    _prepare(context)
    context.state[_STARTED] = True
    runtime(context).hub.start()


async def _stop(context: Context) -> None:
    await runtime(context).hub.stop()
    await runtime(context).feed.stop()


SERVICE = Service(
    name="igtimi",
    prefix="/igtimi",
    schema=SCHEMA,
    routes=_routes,
    seed=_seed,
    failure=failure,
    ground=_ground,
    start=_start,
    stop=_stop,
    pages=("/oauth/authorize",),
    real=tuple(REAL.items()),
)
