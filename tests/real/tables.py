"""gpxpy 1.6.2, DuckDB 2.0.1 and polars 2.1.0 (with pyarrow 26.0.1) read a recording of the sample.

gpxpy: all fixes of GPX 1.0 and 1.1, with names and times; of 1.0 speed and course too, of 1.1 it
keeps them as elements of its extensions.
DuckDB: the long CSV and the Parquet file have as many rows and the same sums; the columns of
Parquet have types (times in UTC, values as DOUBLE), and of the data set of two recordings, which
is read as one table, day is a DATE.
polars: the same Parquet, the same data set by its folder; serial numbers are Categorical, which
is text, and the folder's device is String.
"""

from __future__ import annotations

import json

from tests.real.house import House, proof

PACKAGES = (
    "gpxpy==1.6.2",
    "duckdb==2.0.1",
    "polars==2.1.0",
    "pyarrow==26.0.1",
    "pytz==2025.2",
)

READ = """
import json, sys
from pathlib import Path

import duckdb, gpxpy, polars

folder = Path(sys.argv[1])
found = {}
for name in ("gpx", "gpx11"):
    read = gpxpy.parse((folder / f"{name}.gpx").read_text())
    points = [(t, p) for t in read.tracks for s in t.segments for p in s.points]
    found[name] = {
        "fixes": len(points),
        "named": all(t.name for t in read.tracks),
        "timed": all(p.time for _, p in points),
        "speeds": sum(p.speed is not None for _, p in points),
        "courses": sum(p.course is not None for _, p in points),
    }
sums = "select count(*), round(sum(value), 3), count(distinct serial) from"
for name, read in (
    ("csv", f"read_csv('{folder}/long.csv')"),
    ("parquet", f"read_parquet('{folder}/long.parquet')"),
    ("set", f"read_parquet('{folder}/set/**/*.parquet')"),
):
    found[f"duckdb {name}"] = duckdb.sql(f"{sums} {read}").fetchall()[0]
    found[f"duckdb {name} types"] = {
        row[0]: row[1] for row in duckdb.sql(f"describe from {read}").fetchall()
    }
for name, read in (("parquet", "long.parquet"), ("set", "set")):
    table = polars.read_parquet(folder / read)
    found[f"polars {name}"] = (
        len(table), round(table["value"].sum(), 3), table["serial"].n_unique()
    )
    found[f"polars {name} types"] = {n: str(t) for n, t in table.schema.items()}
print(json.dumps(found, default=str))
"""


def work(house: House) -> None:
    """Record twice, write, read."""
    python = house.python(*PACKAGES)
    days = [house.folder / f"{name}.tdr" for name in ("one", "two")]
    for day in days:
        house.deck("record", str(day), "--for", "5")
    one = str(days[0])
    for form, name in (
        ("gpx", "gpx.gpx"), ("gpx1.1", "gpx11.gpx"), ("csv", "long.csv"),
        ("parquet", "long.parquet"), ("fixes", "fixes.csv"),
    ):  # fmt: skip
        house.deck("export", one, "--to", form, "-o", str(house.folder / name))
    house.deck("export", *map(str, days), "--to", "parquet", "-o", str(house.folder / "set"))
    found = json.loads(house.run(python, "-c", READ, str(house.folder)).splitlines()[-1])

    fixes = (house.folder / "fixes.csv").read_text().splitlines()[1:]
    moving = sum(bool(line.split(",")[5]) for line in fixes)
    for name in ("gpx", "gpx11"):
        read = found[name]
        house.check(f"gpxpy {name}: fixes", read["fixes"], len(fixes))
        house.check(f"gpxpy {name}: names, times", (read["named"], read["timed"]), (True, True))
    house.check("gpxpy gpx: speeds", found["gpx"]["speeds"], moving)
    rows = len((house.folder / "long.csv").read_text().splitlines()) - 1
    house.check("DuckDB: rows of the CSV", found["duckdb csv"][0], rows)
    for name in ("duckdb parquet", "polars parquet"):
        house.check(f"{name} as the CSV", found[name], found["duckdb csv"])
    house.check("polars set as DuckDB", found["polars set"], found["duckdb set"])
    for name, kinds in found.items():
        if name.endswith("types"):
            print(f"    {name}: {kinds}")
    house.check("DuckDB set: day", found["duckdb set types"]["day"], "DATE")
    house.check("polars set: day", found["polars set types"]["day"], "Date")
    kinds = found["polars set types"]
    house.check("polars set: text", (kinds["serial"], kinds["device"]), ("Categorical", "String"))


if __name__ == "__main__":
    proof(work)
