"""Benchmarks: ratios side by side in one run. Run by hand: `python -m tests.bench.startup`."""
