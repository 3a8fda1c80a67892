"""The dialect of SAP's replacement server (reference/igtimi.md section 10), below `/igtimi/riot`.

What differs: the token comes in the upgrade's Authorization header, the configuration is
`{"devices": [...]}` and may be sent again to change the set, data are binary protobuf frames, and
REST answers `{"<serial>": [base64 of a message, ...]}` in no order.
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Iterable
from itertools import chain

from starlette.responses import Response
from starlette.websockets import WebSocket

from tui.embedded.context import Context
from tui.embedded.igtimi.access import Caller, Who, bearer_token, caller_of_token
from tui.embedded.igtimi.answers import bad_request, json_answer
from tui.embedded.igtimi.blocks import Column
from tui.embedded.igtimi.data import Wanted, newest_sample, read_columns, read_wanted
from tui.embedded.igtimi.devices import list_devices
from tui.embedded.igtimi.live import read_json_object, read_serials
from tui.embedded.igtimi.live_connection import LiveConnection
from tui.embedded.igtimi.live_messages import FIX, StepMessages
from tui.embedded.igtimi.living import living_answer
from tui.embedded.igtimi.operations import Call, Operation
from tui.embedded.igtimi.rights import windows_of
from tui.embedded.igtimi.riot_messages import Columns, encode_message

LIVE_PATH = "/riot/api/v1/live"
_ROOT = "/riot/api/v1"
_FOR_EVER = 1e9


class RiotConnection(LiveConnection):
    """A connection whose caller is known from the upgrade on."""

    def __init__(self, context: Context, websocket: WebSocket, caller: Caller) -> None:
        super().__init__(context, websocket)
        self._caller = caller
        # SAP's server takes the client's heartbeats and never misses them.
        self.timing.client_silence = _FOR_EVER

    def frames(self, messages: StepMessages, serials: frozenset[str]) -> list[bytes]:
        """Binary frames, one message each."""
        return messages.binaries(serials)

    async def on_text(self, text: str) -> None:
        """A configuration, each of which replaces the one before."""
        content = read_json_object(text)
        serials = None if content is None else read_serials(content.get("devices"))
        if serials is not None:
            await self.subscribe(self._caller, serials)


def riot_endpoint(context: Context) -> Callable[[WebSocket], Awaitable[None]]:
    """The websocket endpoint. OUR ASSUMPTION: without a valid token the upgrade is refused."""

    async def live(websocket: WebSocket) -> None:
        token = bearer_token(websocket.headers.get("authorization"))
        caller = caller_of_token(context, token) if token else None
        if caller is None:
            await websocket.close()
            return
        connection = RiotConnection(context, websocket, caller)
        if connection.faults.refuse_token:
            await websocket.close()
            return
        await connection.serve()

    return live


def _list_servers(call: Call) -> Response:
    base = "ws" + call.context.base_url.removeprefix("http")
    return json_answer({"web_socket_servers": [f"{base}/igtimi{LIVE_PATH}"]})


def _by_moment(columns: Columns) -> list[Columns]:
    """Single samples as the units sent them: the fix in one message, the rest in another."""
    found: dict[tuple[int, bool], Columns] = {}
    for key, column in columns.items():
        for place, stamp in enumerate(column.stamps):
            found.setdefault((stamp, key[0] in FIX), {})[key] = column.picked([place])
    return list(found.values())


def _wire(serial: str, moments: Iterable[Columns]) -> list[str]:
    return [
        base64.b64encode(message).decode("ascii")
        for message in (encode_message(serial, columns) for columns in moments)
        if message
    ]


async def _list_data(call: Call) -> Response:
    return await living_answer(_listed(call, read_wanted(call)))


async def _listed(call: Call, wanted: Wanted) -> Response:
    answer: dict[str, list[str]] = {}
    for serial, columns in (await read_columns(call, wanted)).items():
        moments = _by_moment({(series.type, series.source): c for series, c in columns.items()})
        # Nothing promises an order: even ones first, then the odd ones.
        answer[serial] = _wire(serial, chain(moments[::2], moments[1::2]))
    return json_answer(answer)


async def _latest_data(call: Call) -> Response:
    kind = call.parameters.integer("type")
    serials = call.parameters.array("serial_numbers")
    if kind is None or not serials:
        raise bad_request("type or serial_numbers is missing")
    answer = {}
    for serial, spans in windows_of(call, serials).items():
        newest = newest_sample(call, serial, kind, spans)
        if newest is not None:
            series, stamp, values = newest
            column = Column([stamp], [[value] for value in values])
            answer[serial] = _wire(serial, [{(kind, series.source): column}])
    return json_answer(answer)


OPERATIONS = (
    Operation(
        "riot.server_listers.web_sockets",
        "GET",
        _ROOT + "/server_listers/web_sockets",
        _list_servers,
        Who.NOBODY,
    ),
    Operation("riot.devices.list", "GET", _ROOT + "/devices", list_devices),
    Operation("riot.data.list", "GET", _ROOT + "/resources/data", _list_data),
    Operation("riot.data.latest", "GET", _ROOT + "/resources/data/latest", _latest_data),
)
