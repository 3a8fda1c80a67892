"""Random invoices through schema and rules: by hand, since they take minutes.

python -m tests.workspace.invoices.documents.proof [--runs N] [--seed S]
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from tests.workspace.invoices.documents.proof.proving import proved


def main() -> int:
    """Run, and say what was seen; the exit status is 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    seen: Counter[str] = Counter()
    faulty = 0
    for seed in range(options.seed, options.seed + options.runs):
        try:
            proved(seed, seen)
        except AssertionError as error:
            faulty += 1
            print("seed", str(error)[:2000], flush=True)
    print(f"{options.runs} invoices, {faulty} faulty")
    for what, count in sorted(seen.items()):
        print(f"{count:9} {what}")
    return 1 if faulty else 0


sys.exit(main())
