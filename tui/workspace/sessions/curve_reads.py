"""Curves as they are read of the service, and as they were when it cannot be reached (Igtimi)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from tui.workspace.connections.connections import Connections
from tui.workspace.reads import Answer, Reads
from tui.workspace.sessions.curves import Curve, Measured, Window, curve_of, read_measured

MOST_CURVES = 60
"""Curves that are kept of an account; each may be some megabytes."""


class CurveReads:
    """Curves in the unit that speeds are shown in; what was read last is kept."""

    def __init__(
        self,
        connections: Connections,
        reads: Reads,
        speed: Callable[[float], float],
        speed_unit: str,
    ) -> None:
        self._connections = connections
        self._reads = reads
        self._speed = speed
        self._speed_unit = speed_unit

    def _key(self, *parts: object) -> str:
        account = self._connections.account("igtimi")
        # The end tells axis 1 from axis 10 where it is forgotten by what keys begin with.
        return "/".join([f"{account}/curve", *map(str, parts), ""])

    async def read(
        self, session_id: int, window: Window, serial: str, type_id: int, axis: int
    ) -> Curve:
        """One axis of what a device measured, from the service."""
        service = await self._connections.igtimi()

        async def fetch() -> Measured:
            return await read_measured(service, window, serial, type_id, axis)

        read = await self._reads.fresh(self._key(session_id, serial, type_id, axis), fetch)
        kept = sorted(await self._reads.keys(self._key()), key=lambda one: one[1], reverse=True)
        for key, _ in kept[MOST_CURVES:]:
            await self._reads.forget(key)
        return self._curve(read.value, serial, type_id, axis)

    async def kept(
        self, session_id: int, serials: Sequence[str], type_id: int, axis: int
    ) -> tuple[list[Curve], datetime] | None:
        """What was read last of those devices that it is kept of, and as of when the oldest is;
        None where nothing is. Never touches the network.
        """
        curves: list[Curve] = []
        moments: list[datetime] = []
        for serial in serials:
            key = self._key(session_id, serial, type_id, axis)
            found: Answer[Measured] | None = await self._reads.kept(key, Measured)
            if found is not None:
                curves.append(self._curve(found.value, serial, type_id, axis))
                moments.append(found.as_of)
        return (curves, min(moments)) if curves else None

    def _curve(self, found: Measured, serial: str, type_id: int, axis: int) -> Curve:
        return curve_of(found, serial, type_id, axis, self._speed, self._speed_unit)
