"""Many runs of the model.

python -m tests.workspace.changes.model [--runs N] [--seed S] [--services NAME ...]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from contextlib import suppress

from tests.workspace.changes.model.run import Model
from tests.workspace.changes.model.work import WORKS


def main() -> int:
    """Run, and say what was seen; the exit status is 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--services", nargs="*", default=list(WORKS))
    options = parser.parse_args()
    seen: Counter[str] = Counter()
    runs = faulty = 0
    began = time.monotonic()
    with Model(options.services) as model:
        # Who interrupts many runs is told of those that were made.
        with suppress(KeyboardInterrupt):
            for seed in range(options.seed, options.seed + options.runs):
                verdict = model.run(seed)
                runs += 1
                seen += verdict.seen
                if verdict.faults:
                    faulty += 1
                    print(f"seed {seed}:", *verdict.faults, sep="\n    ", flush=True)
        counts = model.proxy.counts
    print(f"{runs} runs, {faulty} faulty, {time.monotonic() - began:.0f} s")
    print("faults of the line:", counts)
    for what, count in sorted(seen.items()):
        print(f"{count:9} {what}")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
