"""How TrackMyPeople is asked and how its answers say no."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType
from typing import Any, Literal
from zoneinfo import ZoneInfo

from tui.services.arguments import one_of, zone_named
from tui.services.client import ServiceClient, decode_json
from tui.services.errors import (
    AuthenticationFailed,
    ProtocolViolation,
    Refused,
    error_of_status,
    is_breakdown,
)
from tui.services.reading import read
from tui.services.trackmypeople.answers import (
    Forms,
    decode_xml,
    insist,
    result_of,
    shows_added,
)
from tui.services.trackmypeople.profile import zone_of_profile
from tui.services.trackmypeople.records import (
    Block,
    OverlapRefused,
)
from tui.services.transport import Transport
from tui.services.wire import Request, Response, pairs, segment

DEFAULT_PATHS: Mapping[str, str] = MappingProxyType(
    {
        "trackers": "trackers",
        "status": "status",
        "start": "start",
        "switch": "switch",
        "stop": "stop",
        "total": "total",
        "add": "add",
        "addfree": "addfree",
        "reportees": "reportees",
        "report": "report",
        "version": "version",
    }
)


class Dialect(ServiceClient):
    """The account, and every call of it."""

    service = "trackmypeople"

    def __init__(
        self,
        transport: Transport,
        username: str,
        password: str,
        *,
        paths: Mapping[str, str] | None = None,
        format: Literal["json", "xml"] = "json",
        method: Literal["POST", "GET"] = "POST",
        time_format: str = "%Y-%m-%d %H:%M:%S",
        timezone: str | None = "UTC",
        fallback: str = "UTC",
        total_unit: int = 1,
        shown: tzinfo | None = None,
    ) -> None:
        super().__init__(transport)
        for name in paths or {}:
            one_of("paths", name, DEFAULT_PATHS)
        self.paths = {**DEFAULT_PATHS, **(paths or {})}
        self.format = format
        self.method = method
        self._zone_known = timezone is not None
        zone = zone_named("timezone", fallback if timezone is None else timezone)
        self.forms = Forms(time_format, zone, total_unit)
        self._shown = shown
        self._user = username
        self._authorization = "Basic " + b64encode(f"{username}:{password}".encode()).decode()

    async def profile_zone(self) -> ZoneInfo:
        """The zone in which the service writes and reads wall times; asked for once."""
        if not self._zone_known and not self.transport.dry_run:
            zone = await zone_of_profile(self._call, self._user)
            if zone is not None:
                self.forms = Forms(self.forms.time_format, zone, self.forms.total_unit)
            self._zone_known = True
        return self.forms.zone

    async def _call(self, function: str, **parameters: object) -> dict[str, Any]:
        return self._answer(await self.send(self._request(function, parameters)))

    def _answer(self, response: Response) -> dict[str, Any]:
        try:
            answer = self._decode(response)
        except ProtocolViolation:
            if response.status >= 300:
                raise self._refusal(response, "") from None
            raise
        error, link = answer.get("error"), answer.get("url")
        words = "; ".join(_said(error))
        # Documented is a 0 beside the words and the address; it is asked for where it matters.
        clear = not is_breakdown(response.status) or result_of(answer) == 0
        if words and response.status < 300 and _is_done(answer):
            raise ProtocolViolation(f"the answer says that it is done, and also: {words}")
        if words and link and isinstance(link, str) and clear:
            # Its times name no zone: a person takes them for those that the deck shows.
            told = self.forms.shown_in(words, self._shown) if self._shown else words
            raise OverlapRefused(told, code="0", status=response.status, link=link)
        if response.status >= 300:
            raise self._refusal(response, words)
        if words:
            raise Refused(words, code="0", status=response.status)
        return answer

    def _request(self, function: str, parameters: Mapping[str, object]) -> Request:
        path = f"{self.paths[function]}.{self.format}"
        sent = pairs(parameters)
        accept = "application/json" if self.format == "json" else "application/xml, text/xml"
        headers = {"Authorization": self._authorization}
        if self.method == "POST":
            return Request("POST", path, form=sent, headers=headers, accept=accept)
        # An empty value would vanish from the path and shift what follows it.
        path += "".join(f"/{segment(name)}/{segment(value)}" for name, value in sent if value)
        return Request("GET", path, headers=headers, accept=accept)

    def _decode(self, response: Response) -> dict[str, Any]:
        if self.format == "xml":
            return decode_xml(response)
        answer = decode_json(response)
        if isinstance(answer, list) and all(isinstance(entry, dict) for entry in answer):
            # PHP writes a map without gaps as a list, and an empty one, too.
            return {str(index): entry for index, entry in enumerate(answer)}
        if not isinstance(answer, dict):
            raise ProtocolViolation("the answer should be an object", status=response.status)
        return answer

    def _refusal(self, response: Response, words: str) -> Exception:
        error = error_of_status(response.status, words)
        if isinstance(error, AuthenticationFailed):
            error.advice = "Check user name and password of the account."
        return error

    def _added(self, answer: Mapping[str, Any], *sent: datetime | None) -> Block:
        advice = "Check the times and tracker."
        insist(answer, "the service did not add the block", advice, shown=shows_added(answer))
        at = "answer.added_block"
        times = [one.astimezone(UTC) for one in sent if one is not None]
        return read(Block, self.forms.block(answer.get("added_block"), at, times), at)


def _is_done(answer: Mapping[str, Any]) -> bool:
    """Whether an answer says that a change was made, or shows what was added by it."""
    result = result_of(answer)
    return result == 1 or (result is None and shows_added(answer))


def _said(error: object) -> list[str]:
    """The words of an error: a text, or texts in a list or a map."""
    if isinstance(error, (dict, list)):
        parts = error.values() if isinstance(error, dict) else error
        return [words for part in parts for words in _said(part)]
    return [words] if error and (words := str(error).strip()) else []
