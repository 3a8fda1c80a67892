#!/bin/sh
# httpcore 1.0.9 (below httpx 0.28.1) tries to import `sniffio` about four times for every request
# that an asyncio client makes on a connection that is open already. With anyio 4.16.0, which does
# not need sniffio any more, nothing installs it. A failed import is not remembered by Python, so
# every folder of sys.path is searched again each time, on the event loop.
#
# Seen: ten requests on one connection, 41 searches for sniffio, and for no other module.
# Expected: none, or one; whether a module is installed does not change between two requests.
#
# Fails when that is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet 'httpx==0.28.1' 'httpcore==1.0.9' 'anyio==4.16.0'
cat > "$folder/look.py" <<'PYTHON'
import asyncio
import sys
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

searched = Counter()


class Watch:
    """Hears of every module that is searched for, and finds none."""

    def find_spec(self, name, path=None, target=None):
        searched[name] += 1


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


async def ask(port):
    async with httpx.AsyncClient() as client:
        address = f"http://127.0.0.1:{port}/"
        await client.get(address)
        sys.meta_path.insert(0, Watch())
        for _ in range(10):
            await client.get(address)


server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
threading.Thread(target=server.serve_forever, daemon=True).start()
asyncio.run(ask(server.server_port))
print("searched for in ten requests:", dict(searched))
sys.exit(0 if searched["sniffio"] >= 40 else 1)
PYTHON
"$folder/venv/bin/python" "$folder/look.py"
