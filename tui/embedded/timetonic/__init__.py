"""The embedded TimeTonic: books, messages, events and smart tables, with the real one's quirks.

Base address `/timetonic`; entry point `/live/api.php` (also `/dev/`), files below
`/live/dbi/in/`, websocket `/socket`.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from tui.embedded.context import Context, Service
from tui.embedded.timetonic import api, files, socket, users
from tui.embedded.timetonic.call import PREFIX
from tui.embedded.timetonic.envelope import Refusal, environment, json_response, refused
from tui.embedded.timetonic.schema import SCHEMA

_METHODS = ["GET", "POST"]


def _routes(context: Context) -> list[BaseRoute]:
    async def entry(request: Request) -> Response:
        return await api.answer(context, request)

    async def file(request: Request) -> Response:
        return await files.serve(context, request)

    async def attach(websocket: WebSocket) -> None:
        await socket.serve(context, websocket)

    # PHP passes what follows the script's name on, and //live/ is one of the forms that apps use.
    entries = [
        Route(f"{slashes}{where}/api.php{rest}", entry, methods=_METHODS)
        for slashes in ("/", "//")
        for where in ("live", "dev")
        for rest in ("", "/{rest:path}")
    ]
    stored = [
        Route(f"/{where}/dbi/in/{{size}}/{{uuid}}/{{name:path}}", file, methods=_METHODS)
        for where in ("live", "dev")
    ]
    return [*entries, *stored, WebSocketRoute("/socket", attach)]


def _failure(request: Request, status: int, words: str) -> Response:
    """What keeps the service from answering at all, in its newer form of errors."""
    where = environment(request.scope["path"])
    name = request.query_params.get("req", "")
    refusal = Refusal("unavailable", words)
    return json_response(refused(refusal, name, where, older=False), status=status)


def _seed(context: Context) -> None:
    # Once the sample is there nobody needs what makes it.
    from tui.embedded.timetonic.seed import seed

    seed(context)


SERVICE = Service(
    name="timetonic",
    prefix=PREFIX,
    schema=SCHEMA,
    routes=_routes,
    seed=_seed,
    failure=_failure,
    ground=users.ground,
)
