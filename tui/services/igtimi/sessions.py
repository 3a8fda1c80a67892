"""Sessions and their logs."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from tui.services.errors import InvalidArgument, PermissionDenied, Refused
from tui.services.igtimi.dialect import (
    API,
    IgtimiResource,
    Success,
    milliseconds,
    period,
    single,
    unwrapped,
)
from tui.services.igtimi.records import NewSession, Session
from tui.services.igtimi.session_log import (
    LogData,
    SessionLog,
    additions,
    decoded_name,
    parse_log,
)
from tui.services.operation import operation
from tui.services.wire import Request, pairs, segment


def _session(session_id: int) -> str:
    return f"{API}/sessions/{segment(session_id)}"


def _named(session: Session) -> Session:
    """The session with a readable name: some come percent-encoded."""
    if session.name is None or "%" not in session.name:
        return session
    return replace(session, name=decoded_name(session.name))


class Sessions(IgtimiResource):
    """Sailing sessions: who sailed when, followed by which devices."""

    @operation("igtimi.sessions.create", "write")
    async def create(self) -> Session:
        """Make a new, empty session; name and times are set through its log.

        Source: Igtimi API document, Sessions: Create.
        """
        return single(NewSession, await self._client.json("POST", f"{API}/sessions"), "session")

    @operation("igtimi.sessions.get", "read")
    async def get(self, session_id: int) -> Session:
        """Get one session.

        Errors: PermissionDenied when it is private or does not exist: 401 says both.
        Source: Igtimi API document, Sessions: Get.

        Args:
            session_id: The session's id.
        """
        answer = await self._client.json("GET", _session(session_id))
        return _named(single(Session, answer, "session"))

    @operation("igtimi.sessions.delete", "destructive", idempotent=True)
    async def delete(self, session_id: int) -> Success:
        """Delete a session with its log.

        Errors: PermissionDenied without the right to modify it.
        Source: Igtimi API document, Sessions: Delete.

        Args:
            session_id: The session's id.
        """
        return await self._client.done("DELETE", _session(session_id))

    @operation("igtimi.sessions.save_blob", "write", idempotent=True)
    async def save_blob(self, session_id: int, content: str) -> Success:
        """Save data of one's own on a session, in place of what was there.

        Source: Igtimi API document, Sessions: Save Blob.

        Args:
            session_id: The session's id.
            content: The text to keep.
        """
        return await self._client.save_blob(_session(session_id), content)

    @operation("igtimi.sessions.get_blob", "read")
    async def get_blob(self, session_id: int) -> bytes:
        """Get the data saved on a session, exactly as it was saved.

        Source: Igtimi API document, Sessions: Get Blob.

        Args:
            session_id: The session's id.
        """
        return await self._client.blob(_session(session_id))

    @operation("igtimi.sessions.list", "read")
    async def list(
        self,
        *,
        ids: list[int] | None = None,
        public: bool | None = None,
        limit: int | None = None,
        include_incomplete: bool | None = None,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        blob_content: bool | None = None,
    ) -> list[Session]:
        """List the sessions that the user made or was given.

        Errors: InvalidArgument for a limit below 1 and a period that ends before it starts.
        Source: Igtimi API document, Sessions: List.

        Args:
            ids: Only these sessions.
            public: Public sessions too; the service takes true when left out.
            limit: At most so many sessions.
            include_incomplete: Also sessions without start or end; true when left out.
            start_time: Only sessions that start, or go on, after this.
            end_time: Only sessions that end, or go on, before this.
            blob_content: Answer what is saved on each session as well.
        """
        if limit is not None and limit < 1:
            raise InvalidArgument("limit must be 1 or more")
        answer = await self._client.lookup(
            f"{API}/sessions",
            {
                "ids[]": ids,
                "public": public,
                "limit": limit,
                "include_incomplete": include_incomplete,
                **period(start_time, end_time),
                "blob_content": blob_content,
            },
        )
        found = unwrapped(Session, self._client.decoded(answer), "sessions", "session")
        return [_named(session) for session in found]


class SessionLogs(IgtimiResource):
    """The append-only log that says what a session is."""

    @operation("igtimi.session_logs.create", "write")
    async def create(self, session_id: int, entries: list[LogData]) -> Success:
        """Add entries to a session's log: its name, times, objects, devices, data.

        Errors: Refused with the service's words when it does not accept the entries (its 403);
        InvalidArgument without entries, or for text that XML cannot hold.
        Source: Igtimi API document, Session Logs: Create; vendor guide "Session Log Documentation".

        Args:
            session_id: The session's id.
            entries: The entries in order, each an object whose kind says which it is.
        """
        document = additions(session_id, entries)
        request = Request(
            "POST", f"{_session(session_id)}/logs", body=document, content_type="application/xml"
        )
        try:
            answer = await self._client.call(request)
        except PermissionDenied as error:
            if error.status == 403:
                raise Refused(error.message, status=403) from error
            raise
        return self._client.success(answer)

    @operation("igtimi.session_logs.list", "read")
    async def list(self, session_id: int, *, start_time: datetime | None = None) -> SessionLog:
        """Read a session's log, typed entry by entry; `fold` makes the session's state of it.

        Errors: ProtocolViolation for XML that is broken or declares entities.
        Source: Igtimi API document, Session Logs: List; vendor guide "Session Log Documentation".

        Args:
            session_id: The session's id.
            start_time: Only entries made since then.
        """
        answer = await self._client.call(
            Request(
                "GET",
                f"{_session(session_id)}/logs",
                query=pairs({"start_time": milliseconds(start_time, "start_time")}),
                accept="application/xml",
            )
        )
        return parse_log(answer.content)
