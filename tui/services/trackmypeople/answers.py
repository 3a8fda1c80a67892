"""How TrackMyPeople writes its answers: XML into the same map as JSON, trees, times, totals."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from tui.services.arguments import aware
from tui.services.beside import beside, insist_on_one_word, keep_one
from tui.services.client import starts_after_noise
from tui.services.clocks import is_shown_twice, moments_of
from tui.services.digits import LONGEST, whole
from tui.services.errors import ProtocolViolation, Refused
from tui.services.reading import each, is_no_time, read, unreadable
from tui.services.trackmypeople.lines import Line, block_of, blocks_of, lines_of
from tui.services.trackmypeople.records import Block, Tracker
from tui.services.wire import Response

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

T = TypeVar("T")
Told = tuple[list[Line], list[Block]]
"""What a report holds: as lines, or as blocks."""

_XML_START = re.compile(rb"<\?xml|<api_response")
_XML_END = b"</api_response>"
_DOCUMENTED = "%Y-%m-%d %H:%M:%S"
_ARROWS = re.compile(r"[\s\-–—=>»→⇒]*")
_HEADS = re.compile(r"[>»→⇒]")
_STROKES = re.compile(r"[\-–—=]")
_NUMBERED = re.compile(r"(?:\D*_)?(\d+)")


def decode_xml(response: Response) -> dict[str, Any]:
    """An XML answer as the map that its JSON form would be.

    The names of XML elements are not documented; assumed are the JSON keys below
    `api_response`, an `id` attribute or a number at the end of the tag for lists.
    Raises ProtocolViolation for anything that is no XML, and for entities and references.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    from tui.services.loose_json import is_noise

    content = response.content
    if not _XML_START.match(content):
        starts = starts_after_noise(content, _XML_START)
        content = content[next((one for one in starts if _XML_START.match(content, one)), 0) :]
    end = content.rfind(_XML_END) + len(_XML_END)
    if end >= len(_XML_END) and is_noise(content[end:].decode(errors="replace")):
        content = content[:end]
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise ProtocolViolation(
            f"the answer is not valid XML (HTTP {response.status})", status=response.status
        ) from error
    if _plain(root.tag).lower() == "html":
        raise ProtocolViolation(
            f"the answer is a web page, not data (HTTP {response.status})", status=response.status
        )
    try:
        found = _content(root)
    except RecursionError:
        raise ProtocolViolation("the answer is nested too deeply") from None
    return found if isinstance(found, dict) else {}


def _content(element: Element) -> dict[str, Any] | str:
    """The content of an element: its children, or its text; plain attributes where it has neither.

    Names are taken without their namespace; attributes of one, such as `xsi:nil`, say nothing here.
    """
    children = list(element)
    beside = {name: value for name, value in element.items() if name[:1] != "{" and name != "type"}
    if not children:
        text = (element.text or "").strip()
        return text if text or beside.keys() <= _IDS else beside
    found: dict[str, Any] = {}
    for child in children:
        content = _content(child)
        key, number = _plain(child.tag), child.get("id") or child.get("Id")
        if key in _SINGLE and isinstance(content, dict):
            # There is one of it, and its Id is a value like others.
            content = content if number is None else {"Id": number, **content}
            number = None
        if number is None and key in found and isinstance(content, dict):
            # The same tag again is the next entry of a list; its own Id tells it apart.
            number = content.get("Id") or str(len(found))
        if number is not None:
            key = f"{key}_{number}"
        if key == "error" and key in found:
            # Several reasons are no two things.
            before = found[key]
            found[key] = [*(before if isinstance(before, list) else [before]), content]
        else:
            keep_one(found, key, content)
    return {**{name: beside[name] for name in _BESIDE & beside.keys()}, **found}


def _plain(tag: str) -> str:
    return tag.rpartition("}")[2]


_IDS = frozenset({"id", "Id"})
_SINGLE = frozenset({"added_block", "last_block", "tracker", "default_tracker"})
"""Elements of which an answer has one: no entries of a list."""


def tracker_tree(answer: Mapping[str, Any]) -> list[Tracker]:
    """The list of trackers in the order given, arrows counted and taken off.

    Which arrow is used is not documented: any run of > » → with - or = is taken.
    """
    listed = [pair for pair in answer.items() if pair[0] not in _BESIDE]
    return each(listed, "trackers", _tracker, subject=True)


_BESIDE = frozenset({"result", "error", "url"})
"""Keys of an answer that are no entry of a list."""


def _tracker(pair: tuple[str, Any], _at: str) -> Tracker:
    key, label = pair
    at = f"trackers.{key}"
    numbered = _NUMBERED.fullmatch(key)
    number = whole(numbered.group(1)) if numbered is not None else None
    if number is None:
        raise unreadable(at, "named by a number", key)
    text: str = read(str, label, at)
    # The sign of a number is no arrow.
    arrows = _ARROWS.match(text) if isinstance(label, str) else None
    prefix = arrows.group() if arrows else ""
    name = text[len(prefix) :].strip()
    depth = len(_HEADS.findall(prefix)) or len(_STROKES.findall(prefix))
    if not name:
        name, depth = text.strip(), 0
    return Tracker(id=number, name=name, depth=depth)


def entries(answer: Mapping[str, Any], prefix: str, item: Callable[[Any, str], T]) -> list[T]:
    """The entries of a list answer, whose keys are `<prefix>_<id>`, in the order given.

    A list with gaps has bare numbers for keys. What stands under another key is no entry;
    one that is no such thing as `item` reads is left out and noted.
    """
    listed = [
        pair
        for pair in answer.items()
        if pair[0].startswith(prefix) or pair[0].isdecimal() or isinstance(pair[1], dict)
    ]

    def one(pair: tuple[str, Any], _at: str) -> T:
        key, value = pair
        if not (key.startswith(prefix) or key.isdecimal()):
            raise unreadable(key, f"named {prefix}_ and a number", key)
        return item(value, key)

    return each(listed, f"{prefix}s", one, subject=True)


def result_of(answer: Mapping[str, Any]) -> int | None:
    """What an answer says of itself: 1 for done, 0 for not; None where it says nothing."""
    result = answer.get("result")
    if result is None or result == "":
        return None
    # As true and false, too: here false is an answer, not the lack of one.
    found: int = int(result) if isinstance(result, bool) else read(int, result, "answer.result")
    return found


def insist(answer: Mapping[str, Any], words: str, advice: str, *, shown: bool = False) -> None:
    """Of a change: that the service says that it is done, or where it says nothing that what it
    made is `shown`.

    Raises Refused for its no, ProtocolViolation where it says neither, or both.
    """
    result = result_of(answer)
    if result == 0:
        raise Refused(words, code="0", advice=advice)
    if result is None and not shown:
        raise ProtocolViolation("answer.result is missing")
    if result not in (None, 1):
        raise unreadable("answer.result", "1 or 0", result)
    insist_on_one_word(answer)


def shows_added(answer: Mapping[str, Any]) -> bool:
    """Whether an answer shows the block that was added."""
    return bool(answer.get("added_block"))


def shows_running(answer: Mapping[str, Any], tracker_id: int | None) -> bool:
    """Whether an answer shows a block that runs, on that tracker where one is named."""
    block = answer.get("last_block")
    if not isinstance(block, dict) or block.get("started_at") in (None, "", 0, "0", False):
        return False
    tracker = block.get("tracker")
    told = str(tracker.get("Id")) if isinstance(tracker, dict) else ""
    return tracker_id is None or told == str(tracker_id)


class Forms:
    """How this account's server writes times and totals: all of it is our assumption.

    `time_format` is a strftime pattern, in `zone`; `total_unit` is how many seconds one of
    the service's total units has.
    """

    def __init__(self, time_format: str, zone: ZoneInfo, total_unit: int) -> None:
        self.time_format = time_format
        self.zone = zone
        self.total_unit = total_unit

    def write(self, moment: datetime) -> str:
        """A time as the service is told it."""
        if self.time_format == "%s":
            return str(int(moment.timestamp()))
        there = moment.astimezone(self.zone)
        text = there.strftime(self.time_format)
        if "%z" in self.time_format or not is_shown_twice(moment, self.zone):
            return text
        # Without its offset it would be the other one of the two hours, or refused.
        offset = there.strftime("%z")
        return f"{text}{offset[:3]}:{offset[3:5]}"

    def boundary(self, name: str, moment: datetime | date | None) -> str | None:
        """The start or end of a period: a time, or a whole day."""
        if isinstance(moment, datetime):
            return self.write(aware(name, moment))
        return None if moment is None else moment.isoformat()

    def plain_report(self, response: Response, many: int | None = None) -> Told | None:
        """A report whose blocks are all written just as the document does, as lines where it has
        more than `many`; None leaves it to tolerant reading.
        """
        if not self._is_plain or response.status != 200:
            return None
        content = response.content
        try:
            # A line of the report has a hundred letters and more.
            if many is not None and len(content) > many * 100:
                lines = lines_of(content)
                if len(lines) > many:
                    return lines, []
            return [], blocks_of(content)
        except ValueError:
            return None

    def plain_block(self, value: Any) -> Block | None:
        """One block that is written so; None for another."""
        if not self._is_plain:
            return None
        try:
            return block_of(value)
        except ValueError:
            return None

    @cached_property
    def _is_plain(self) -> bool:
        """Whether times are written in UTC as the document does, and totals are seconds."""
        return self.time_format == _DOCUMENTED and self.zone.key == "UTC" and self.total_unit == 1

    def block(self, value: Any, at: str, sent: Collection[datetime] = ()) -> dict[str, Any]:
        """A block with its times in UTC and its total in seconds, for the tolerant reader.

        `sent` are the times that it was added with: one of two that are written alike is that.
        """
        if not isinstance(value, dict):
            raise unreadable(at, "an object", value)
        found = dict(value)
        total = self._length(found.get("Total"), f"{at}.Total")
        begins = self._times(found.get("TimeIn"), f"{at}.TimeIn")
        ends = self._times(found.get("TimeOut"), f"{at}.TimeOut")
        begins, ends = ([one for one in both if one in sent] or both for both in (begins, ends))
        if total is not None:
            begins, ends = self._as_long(begins, ends, total)
        found["TimeIn"] = begins[0].isoformat() if begins else None
        found["TimeOut"] = ends[0].isoformat() if ends else None
        found["Total"] = total
        return found

    def _as_long(
        self, begins: list[datetime], ends: list[datetime], total: int
    ) -> tuple[list[datetime], list[datetime]]:
        """Those beginnings and ends that are as far apart as the total says.

        An hour that exists twice is written without saying which; all of them where none fits.
        """
        for begin in begins:
            for end in ends:
                if abs((end - begin).total_seconds() - total) < self.total_unit:
                    return [begin], [end]
        return begins, ends

    def state(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """A timer's state with its totals in seconds, for the tolerant reader."""
        found = {**answer, "result": result_of(answer)}
        found["daytotal"] = self._length(found.get("daytotal"), "answer.daytotal")
        block = found.get("last_block")
        if isinstance(block, dict):
            total = self._length(block.get("total"), "answer.last_block.total")
            started = block.get("started_at")
            # PHP writes a block that never started as 0 or false.
            begun = (
                []
                if started in (0, "0", False)
                else self._times(started, "answer.last_block.started_at")
            )
            found["last_block"] = {
                **block,
                "total": total,
                "started_at": begun[0].isoformat() if begun else None,
            }
        return found

    def _length(self, value: Any, at: str) -> int | None:
        return beside(lambda: self.seconds(value, at), at, None)

    def _times(self, value: Any, at: str) -> list[datetime]:
        none: list[datetime] = []
        return beside(lambda: self._moments(value, at), at, none)

    def seconds(self, value: Any, at: str) -> int | None:
        """A total in seconds; None when there is none."""
        if value is None or value == "":
            return None
        number: Decimal = read(Decimal, value, at)
        total = round(number * self.total_unit)
        if abs(total) > LONGEST:
            raise unreadable(at, "a length of at most a century", value)
        return total

    def shown_in(self, words: str, shown: tzinfo) -> str:
        """A sentence of the service with its wall times as clocks of another zone show them.

        A time that the account's clocks show twice becomes both, one that they never show stays.
        """
        form = re.sub(
            "%(.)",
            lambda found: "%" if found[1] == "%" else r"\w+",
            re.escape(self.time_format),
        )

        def there(found: re.Match[str]) -> str:
            try:
                moments = moments_of(self._wall(found[0]), self.zone)
                clocks = [one.astimezone(shown).strftime(self.time_format) for one in moments]
            except (ValueError, OverflowError):
                return found[0]
            return " or ".join(clocks) or found[0]

        return re.sub(rf"(?<!\w){form}(?!\w|[+-]\d)", there, words)

    def _wall(self, text: str) -> datetime:
        """A time in the account's form. Raises ValueError."""
        if self.time_format == _DOCUMENTED and len(text) == len("2026-11-29 14:00:00"):
            # The same, without what reads every form: to import that takes longer than to read.
            with suppress(ValueError):
                return datetime.fromisoformat(text)
        return datetime.strptime(text, self.time_format)  # noqa: DTZ007

    def _moments(self, value: Any, at: str) -> list[datetime]:
        """What a time can be (UTC): none, one, or two in an hour that exists twice."""
        if is_no_time(value):
            return []
        if isinstance(value, str) and not value.strip().isdecimal():
            try:
                moment = self._wall(value.strip())
            except ValueError:
                try:
                    moment = datetime.fromisoformat(value.strip())
                except ValueError:
                    raise unreadable(at, "a time", value) from None
            if moment.tzinfo is None:
                try:
                    both = moments_of(moment, self.zone)
                except OverflowError:
                    raise unreadable(at, "a time", value) from None
                # Of one that does not exist, what was meant most likely.
                return both or [moment.replace(tzinfo=self.zone).astimezone(UTC)]
        else:
            moment = read(datetime, value, at)
        return [moment.astimezone(UTC)]
