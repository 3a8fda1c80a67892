"""gpsd 3.22 (Debian 12, unpacked) reads a recorded log by TCP and speaks to `listen gpsd://`.

gpsd: no complaint but that there is no system bus. This program: one boat, a fix a second of the
log (RMC, GGA and VTG together), each at the place that the log has for its time, at 4.40 kn; wind
and heel of the log do not come. Its clock is said to be hours behind, as the log's is.
"""

from __future__ import annotations

import csv
import socket
import threading

from tests.ports import kept_port, number_of
from tests.real.house import SAMPLES, House, proof

PACKAGES = ("gpsd", "libgps28", "libbluetooth3")
LOG = SAMPLES / "boat.nmea"


def work(house: House) -> None:
    """Play the log to gpsd, listen to gpsd, and compare fixes with the log's."""
    environment = house.debian(*PACKAGES)
    gpsd = str(house.folder / "root/usr/sbin/gpsd")
    print(house.run(gpsd, "-V", **environment).strip())
    lines = [line for line in LOG.read_bytes().splitlines(keepends=True) if line.startswith(b"$")]
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server, kept_port() as keeper:
        played = threading.Thread(target=_play, args=(server, lines, done), daemon=True)
        played.start()
        port = number_of(keeper)
        device = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        words = (gpsd, "-N", "-n", "-D", "1", "-S", str(port), device)
        with house.running(*words, **environment) as log:
            fixes = house.recorded(f"gpsd://127.0.0.1:{port}")
            done.set()
            print(log.read_text())
    with fixes.open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    print({name: text for name, text in rows[-1].items() if text})
    house.check("fixes", len(rows) > 3, True)
    house.check("boats", len({row["serial"] for row in rows}), 1)
    said = {}
    for line in lines:
        fields = line.decode().split(",")
        if fields[0].endswith("RMC"):
            said[fields[1][:6]] = (_degrees(fields[3], fields[4]), _degrees(fields[5], fields[6]))
    apart = [
        max(
            abs(float(row["latitude"]) - said[_clock(row)][0]),
            abs(float(row["longitude"]) - said[_clock(row)][1]),
        )
        for row in rows
    ]
    house.check("places of the log", max(apart) < 1e-6, True)
    house.check("speeds", {round(float(row["sog_kn"]), 1) for row in rows}, {4.4})


def _clock(row: dict[str, str]) -> str:
    return row["time"][11:19].replace(":", "")


def _degrees(text: str, side: str) -> float:
    whole, minutes = divmod(float(text), 100)
    return (whole + minutes / 60) * (-1 if side in "SW" else 1)


def _play(server: socket.socket, lines: list[bytes], done: threading.Event) -> None:
    """Again and again, a line each tenth of a second."""
    peer, _ = server.accept()
    with peer:
        while not done.is_set():
            for line in lines:
                try:
                    peer.sendall(line)
                except OSError:
                    return
                if done.wait(0.1):
                    return


if __name__ == "__main__":
    proof(work)
