"""Sources of real boats: calls that only the embedded Igtimi has.

They are no operations of Igtimi's documents, and so none of the registry. What they mean stands
in the embedded service.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui.services.igtimi.client import Igtimi
from tui.services.igtimi.dialect import single
from tui.services.left_out import operating
from tui.services.reading import Record, read
from tui.services.wire import segment

_ALL = "/local/sources"


class Source(Record, frozen=True, kw_only=True):
    """One source and how it stands.

    `rate` is lines a second, `age` seconds since the last byte, `retry_in` seconds until it is
    tried again, `clock_offset` milliseconds that its instruments' clock is ahead. `waiting`
    are serial numbers of units that nobody has accepted. `lost` counts by reason what gave no
    sample, `lost_words` says each reason.
    """

    id: int
    address: str
    listens_at: str = ""
    kept: bool
    state: str
    boats: int
    serial_numbers: list[str]
    peers: int = 0
    waiting: list[str] = []
    lines: int = 0
    rate: float = 0.0
    age: float | None = None
    error: str = ""
    retry_in: float | None = None
    clock_offset: int | None = None
    lost: dict[str, int]
    lost_words: dict[str, str]


class _Sources(Record, frozen=True, kw_only=True):
    sources: list[Source]


async def list_sources(client: Igtimi) -> list[Source]:
    """All sources, in the order in which they began. Raises what a transport raises."""
    with operating():
        return read(_Sources, await client.json("GET", _ALL)).sources


async def begin_source(client: Igtimi, address: str) -> Source:
    """Begin a source, or find it; it has to be asked to stay. Raises Refused with the reason."""
    with operating():
        answer = await client.json("POST", _ALL, form={"address": address})
        return single(Source, answer, "source")


async def configure_sources(client: Igtimi, addresses: Sequence[str]) -> list[Source]:
    """Have these as the configured ones: they stay. Raises Refused with the reason."""
    with operating():
        # Rails' way of an empty list: the name without brackets, and nothing.
        form = {"addresses[]": list(addresses)} if addresses else {"addresses": ""}
        answer = await client.json("PUT", _ALL, form=form)
        return read(_Sources, answer).sources


async def stay_source(client: Igtimi, number: int) -> Source:
    """Have a source stay for another while. Raises NotFound where it has ended."""
    with operating():
        answer = await client.json("POST", f"{_ALL}/{segment(number)}/stay")
        return single(Source, answer, "source")


async def end_source(client: Igtimi, number: int) -> Source:
    """End a source. Raises NotFound where it has ended."""
    with operating():
        answer = await client.json("DELETE", f"{_ALL}/{segment(number)}")
        return single(Source, answer, "source")
