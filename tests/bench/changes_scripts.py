"""What `changes.py` runs in a checkout of either build: each prints microseconds of CPU."""

from __future__ import annotations

CLIENT = """
import asyncio, json, statistics, sys, tempfile, time
from functools import partial
from pathlib import Path
from tests.services.capture import Capture
from tui.services.client import ServiceClient
from tui.services.operation import operation
from tui.services.wire import Request

class Timesheets(ServiceClient):
    service = "timesheets"
    @operation("timesheets.ts.start", "write")
    async def start(self, *, task_id: int | None = None, comment: str | None = None) -> object:
        "Start.\\n\\nArgs:\\n    task_id: The task.\\n    comment: A comment."
        return await self.send(Request("POST", "ts/start", form=(("task_id", str(task_id)),)))

folder, writes = Path(sys.argv[1]), int(sys.argv[2])
left = [0.0]

def leaving(request):
    left[0] = time.process_time()
    return {}

client = Timesheets(Capture(leaving).transport("timesheets"))
"""
BEFORE = (
    CLIENT
    + """
from tui.store.journal import Journal
from tui.workspace.history import History
history = History(Journal(folder / "journal.jsonl"))

async def write(number):
    given = {"task_id": number, "comment": "as it was"}
    await history.write("Start", "timesheets.ts.start", given, lambda: client.start(**given))
"""
)
NOW = (
    CLIENT
    + """
from tui.store.changes import Changes
from tui.workspace.changes.history import History

class Clients:
    services = ("timesheets",)
    def account(self, service): return "timesheets@home"
    async def of(self, service): return client

history = History(Changes(folder / "changes.db"), Clients())

async def write(number):
    await history.write("Start", partial(client.start, task_id=number, comment="as it was"))
"""
)
MEASURE = """
async def main():
    await write(0)
    for _ in sys.stdin:
        spent = []
        for number in range(writes):
            began = time.process_time()
            await write(number)
            spent.append(left[0] - began)
        print(json.dumps(statistics.median(spent) * 1e6), flush=True)
asyncio.run(main())
"""
"""For each line that comes in, the median of so many writes."""
OWNER = """
import json
from tui.config.load import load
from tui.config.locations import Locations
from tui.workspace.workspace import Workspace
locations = Locations.of_user()
workspace = Workspace(load(locations.config / "config.toml"), locations)
print(json.dumps(workspace.connections.account("timesheets")))
"""
"""The account whose changes are looked at when the deck starts on the embedded services."""
FILL = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tui.store.changes import Change, Changes, Step
changes, owner = Changes(Path(sys.argv[1])), sys.argv[3]
count = int(sys.argv[2])
for start in range(0, max(1, count), 5000):
    changes.begin([Change(id=f"{number:012x}", sequence=0, time=datetime.now(UTC), state="done",
        owner=owner, operation="timesheets.client.update", title=f"Change {number}",
        arguments={"client_id": number % 99, "name": "x" * 40}, record=f"client/{number % 99}",
        before={"name": "y" * 40}, inverse=Step(operation="timesheets.client.update",
        arguments={"client_id": number % 99, "name": "y" * 40})) for number in
        range(start, min(count, start + 5000))])
changes.close()
"""
UNDO = """
import json, sys, time
from pathlib import Path
from tui.store.changes import Changes
changes = Changes(Path(sys.argv[1]))
def next_undo():
    last = changes.last_to_undo(["a", "b", "c", "d", "timesheets@home"])
    return last and changes.of_group(last)
next_undo()
began = time.process_time()
for _ in range(200):
    next_undo()
print(json.dumps((time.process_time() - began) / 200 * 1e6))
"""
KEY = """
import asyncio, json, statistics, sys, time
from pathlib import Path
import httpx
from textual import events
from tests.deck import deck_of, opened, screen_text, until
from tests.harness import EmbeddedServer

folder, writes = Path(sys.argv[1]), int(sys.argv[2])
left = asyncio.Event()
at = [0.0]
send = httpx.AsyncClient.send

async def leaving(self, request, **more):
    if not left.is_set():
        at[0] = time.process_time()
        left.set()
    return await send(self, request, **more)

httpx.AsyncClient.send = leaving

async def main():
    spent = []
    with EmbeddedServer() as server:
        async with opened(deck_of(server, folder, "invoices"), (120, 40)) as pilot:
            seen = lambda text: until(pilot, lambda: text in screen_text(pilot))
            await seen("Bayshore")
            for number in range(writes + 1):
                await pilot.press("a")
                await seen("New client")
                await pilot.press(*f"Loft {number}")
                await seen(f"Loft {number}")
                await pilot.pause(0.3)
                left.clear()
                began = time.process_time()
                pilot.app.post_message(events.Key("f2", None))
                await left.wait()
                spent.append(at[0] - began)
                await seen(f"Made client Loft {number}")
                await pilot.pause(0.3)
    print(json.dumps(statistics.median(spent[1:]) * 1e6))

asyncio.run(main())
"""
"""From the key that saves a form, in a deck without a terminal. Nothing is read before."""
