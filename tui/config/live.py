"""The settings of the live screen."""

from __future__ import annotations

from tui.config.declaring import Section, setting


class Live(Section):
    """The live wall."""

    derived: list[str] = setting(
        [],
        "Derived series that the wall shows until you choose types, and that F shows and hides, by "
        "their short names, as `tockdeck reference` lists them; empty: F shows TWA, VMG, MTWD, "
        "MTWS and SH5.",
        example='["TWA", "VMG", "SH5"]',
    )
    mark: str = setting(
        "",
        "Name of the mark that VMC is made good to and that has laylines on the map; empty: the "
        "windward one.",
    )
    beat_angle: float = setting(
        42.0,
        "True wind angle that is sailed to windward, in degrees: laylines are drawn with it, from "
        "the true wind; without one there are none.",
        above=0.0,
        most=89.0,
    )
    run_angle: float = setting(150.0, "The same to leeward.", above=90.0, most=179.0)
    polar: str = setting(
        "",
        "File of the boats' polar, in Expedition's form (.pol: for each wind pairs of angle and "
        "speed, in knots). Targets and percent are made of it, and laylines have its angles.",
        example="/home/you/polars/boat.pol",
    )
    declination: float = setting(
        0.0,
        "Magnetic declination in degrees, east positive: added to magnetic headings and winds.",
        above=-180.0,
        most=180.0,
    )
    magnetic_winds: list[str] = setting(
        [], "Serial numbers of the wind units that measure from magnetic north."
    )
