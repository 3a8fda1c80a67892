"""Series that are reckoned from what units send: formulas, and what keeps them up to date."""

FIRST = 1000
"""The number from which on types are derived: no unit's data type is there (reference, Igtimi,
section 2: they end at 101)."""
FLEET = "(fleet)"
"""In place of a serial number: what is of the whole fleet."""
SIGN = "="
"""What stands before the name of a derived series, so that it is not taken for a measured one."""

TWA, VMG, VMC, HEEL, PITCH, SET, DRIFT, LINE, GUN, LOSS, GAP = range(FIRST, FIRST + 11)
TARGET_SPEED, TARGET_ANGLE, POLAR = range(FIRST + 11, FIRST + 14)
MEAN_TWD, MEAN_TWS, SHIFT5, SHIFT15, PHASE, BIAS, MEDIAN, LEADER = range(FIRST + 20, FIRST + 28)
APPARENT_TWD, APPARENT_TWS = range(FIRST + 28, FIRST + 30)
