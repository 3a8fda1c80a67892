"""Sailing sessions and the devices, groups and windows around them (Igtimi)."""
