"""The websocket `/socket`: attach, send a message, update a value, ping, system messages.

Source: reference TimeTonic, 8; frame numbers in frames.py. Every frame of a client carries its
sesskey again. An acknowledgement echoes the uuid and says ok or nok as an HTTP answer would.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from tui.embedded.context import Context
from tui.embedded.timetonic import messages, writes
from tui.embedded.timetonic.call import Call, Operation, next_stamp, state_of
from tui.embedded.timetonic.envelope import JsonObject, Refusal
from tui.embedded.timetonic.frames import FrameType
from tui.embedded.timetonic.hub import Attachment, Frame
from tui.embedded.timetonic.parameters import Parameters, decode, to_integer
from tui.embedded.timetonic.sessions import authenticate

FRAME_LIMIT = 1024 * 1024
"""Characters of one frame."""

_TOO_SLOW = 1013
_REFUSED = 1008


async def serve(context: Context, websocket: WebSocket) -> None:
    """One socket from its opening to its end."""
    await websocket.accept()
    connection = _Connection(context, websocket)
    tasks = [
        asyncio.ensure_future(work())
        for work in (connection.receive, connection.send, connection.watch)
    ]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        state_of(context).hub.remove(connection.attachment)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        failure = task.exception()
        # A client that has gone is no failure.
        if failure is not None and not isinstance(failure, WebSocketDisconnect):
            raise failure


class _Connection:
    def __init__(self, context: Context, websocket: WebSocket) -> None:
        self._context = context
        self._websocket = websocket
        self._sesskey = ""
        self._refused = asyncio.Event()
        self.attachment = Attachment("", 0)

    async def send(self) -> None:
        """Write what is queued, one frame after the other."""
        outgoing = self.attachment.outgoing
        while True:
            frame = await outgoing.get()
            await self._websocket.send_text(msgspec.json.encode(frame).decode())
            if self._refused.is_set() and outgoing.empty():
                await self._websocket.close(_REFUSED)
                return

    async def watch(self) -> None:
        """Let a reader go that does not read."""
        await self.attachment.overrun.wait()
        await self._websocket.close(_TOO_SLOW)

    async def receive(self) -> None:
        """Read frames until the client goes."""
        while True:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            self.attachment.held = []
            self.attachment.release(self._acknowledge(message.get("text")))

    def _acknowledge(self, text: str | None) -> Frame:
        """Do what one frame asks; its acknowledgement says ok, or nok and why."""
        answered, echo = FrameType.REFUSED, {}
        try:
            frame = _read(text)
            if "uuid" in frame:
                echo = {"uuid": frame["uuid"]}
            kind = _HANDLERS.get(_kind(frame))
            if kind is None:
                raise Refusal("invalid_parameter", "this frame type is not one that clients send")
            answered, handler = kind
            return {"type": int(answered), "status": "ok", **handler(self, frame), **echo}
        except Refusal as refusal:
            if refusal.code.startswith("session"):
                self._refused.set()
            return {
                "type": int(answered),
                "status": "nok",
                "errorCode": refusal.code,
                "errorMsg": refusal.words,
                **echo,
            }

    def _call(self, frame: Frame, operation: Operation) -> Call:
        """The frame as a call over HTTP would be. Raises Refusal."""
        if not self._sesskey:
            raise Refusal("not_attached", "attach to the socket first")
        named = {"smid": "msg_id"}
        values = {named.get(name, name): _parameter(item) for name, item in frame.items()}
        values.setdefault("sesskey", self._sesskey)
        parameters = Parameters(values)
        session = authenticate(self._context, parameters)
        operation.check(session.restrictions)
        return Call(self._context, "socket", "live", parameters, session)

    def attach(self, frame: Frame) -> JsonObject:
        """Type 4. From its acknowledgement on, the socket gets what its user may see."""
        parameters = Parameters({name: _parameter(item) for name, item in frame.items()})
        session = authenticate(self._context, parameters)
        self._sesskey = session.sesskey
        self.attachment.user = session.user
        self.attachment.session_id = session.id
        state_of(self._context).hub.add(self.attachment)
        return {"u_c": session.user, "sstamp": next_stamp(self._context)}

    def send_message(self, frame: Frame) -> JsonObject:
        """Type 1. smid 0 or none is a new message, another one edits; with `del` it deletes (how
        the real socket deletes is not public)."""
        if frame.get("del") in (True, 1, "1"):
            call = self._call(frame, messages.OPERATIONS["deleteMsg"])
            row = messages.delete_message(call, to_integer(frame.get("smid"), "smid"))
        else:
            call = self._call(frame, messages.OPERATIONS["sendMsg"])
            row = messages.save_message(call)
        return {
            "smid": row["smid"],
            "created": row["created"],
            "sstamp": row["sstamp"],
            "uuid": row["uuid"],
        }

    def update_value(self, frame: Frame) -> JsonObject:
        """Type 13: one cell, as updateTableValue does it."""
        call = self._call(frame, writes.OPERATIONS["updateTableValue"])
        answer = writes.OPERATIONS["updateTableValue"].handler(call)
        return {
            "rowId": frame.get("rowId"),
            "fieldId": frame.get("fieldId"),
            "formLastModified": answer["formLastModified"],
        }

    def ping(self, _frame: Frame) -> JsonObject:
        """A sign of life; works before the attach, too."""
        return {"sstamp": next_stamp(self._context)}

    def send_system(self, frame: Frame) -> JsonObject:
        """A system message goes to the other sockets of the same user, as it is."""
        call = self._call(frame, Operation(lambda _call: {}, writes=True))
        pushed: Frame = {
            "type": int(FrameType.SYSTEM),
            "u_c": call.user,
            "msg": frame.get("msg"),
            "sstamp": next_stamp(self._context),
        }
        call.state.hub.to_user(call.user, pushed, but=self.attachment)
        return {"sstamp": pushed["sstamp"]}


_Handler = Callable[[_Connection, Frame], JsonObject]

_HANDLERS: dict[int, tuple[FrameType, _Handler]] = {
    FrameType.ATTACH: (FrameType.ACK_ATTACH, _Connection.attach),
    FrameType.SEND_MESSAGE: (FrameType.ACK_MESSAGE, _Connection.send_message),
    FrameType.UPDATE_VALUE: (FrameType.ACK_VALUE, _Connection.update_value),
    FrameType.PING: (FrameType.ACK_PING, _Connection.ping),
    FrameType.SEND_SYSTEM: (FrameType.ACK_SYSTEM, _Connection.send_system),
}
"""What a client may send, and the type of its acknowledgement."""


def _read(text: str | None) -> Frame:
    if text is None:
        raise Refusal("invalid_parameter", "a frame must be a text, not bytes")
    if len(text) > FRAME_LIMIT:
        raise Refusal("too_large", f"a frame may hold {FRAME_LIMIT} characters")
    frame = decode(text, "the frame")
    if not isinstance(frame, dict):
        raise Refusal("invalid_parameter", "a frame must be a JSON object")
    return frame


def _kind(frame: Frame) -> int:
    return to_integer(frame.get("type"), "type")


def _parameter(item: object) -> object:
    """A value of a frame as a form would carry it."""
    if item is None or isinstance(item, str):
        return item or ""
    if isinstance(item, bool):
        return str(item).lower()
    return str(item) if isinstance(item, int) else msgspec.json.encode(item).decode()
