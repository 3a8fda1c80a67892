"""Samples in, series out: the feed's supervisor, series of bounded memory, recorder, replay."""
