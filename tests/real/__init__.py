"""Real programs feed this one and read what it writes: run by hand, never by pytest.

Each module installs its program in a temporary folder, runs it against a deck with a home of its
own, and ends with 1 where something is not as it says: `python -m tests.real.signalk`. What each
program saw, and its version, stands at the head of its module.
"""
