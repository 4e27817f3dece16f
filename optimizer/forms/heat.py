"""The form of heat targets: streams that give or take heat between two temperatures."""

import time
from typing import Final

import numpy as np

from optimizer.errors import NotProvenError
from optimizer.forms.common import COMMON, common
from optimizer.forms.quantities import plain
from optimizer.forms.shape import Choice, FormError, Json, Many, Number, Record, Text
from optimizer.heat import HeatProblem, HeatTargets, check_heat, heat_targets

STREAM: Final = Record(
    "A stream. One that cools down is hot, one that warms up is cold; one that condenses or evaporates has two equal "
    "temperatures, a duty and a side.",
    {
        "id": Text("The id of the stream."),
        "supply_temperature": Number("The temperature at which it comes."),
        "target_temperature": Number("The temperature at which it goes."),
        "heat_capacity_flow": Number("Heat per degree, if the two temperatures differ.", above=0),
        "duty": Number("All its heat, in place of the heat per degree.", above=0),
        "side": Choice("Whether it gives heat or takes it; only where the temperatures are equal.", ("HOT", "COLD")),
    },
    frozenset({"side"}),
    (("heat_capacity_flow", "duty"),),
)

FORM: Final = Record(
    "The least heating and cooling that a set of streams needs, and where it pinches.",
    {
        **common("heat"),
        "dt_min": Number("The least temperature difference at which heat is handed over.", at_least=0),
        "streams": Many("The streams, in one unit of temperature and one of heat.", STREAM, at_least=1, unique="id"),
    },
    COMMON,
)


def answer(form: Json) -> Json:
    """Return the targets of a heat form."""
    began = time.perf_counter()
    problem = _problem(form)
    targets = heat_targets(problem)
    faults = check_heat(problem, targets)
    if faults:
        raise NotProvenError(f"The targets did not pass their own check and are not shown: {' '.join(faults)}")
    half = problem.dt_min / 2
    return {
        "kind": "heat",
        "status": "OPTIMAL",
        "hot_utility": plain(targets.hot_utility),
        "cold_utility": plain(targets.cold_utility),
        "recovered": plain(targets.recovered),
        "threshold": targets.threshold,
        "seconds": round(time.perf_counter() - began, 3),
        "pinches": [
            {
                "hot_temperature": plain(shifted + half),
                "cold_temperature": plain(shifted - half),
                "shifted_temperature": plain(shifted),
            }
            for shifted in targets.pinch.tolist()
        ],
        "grand_composite_curve": _curve(targets),
    }


def _problem(form: Json) -> HeatProblem:
    streams = form["streams"]
    heat = [_heat(stream, f"streams[{n}]") for n, stream in enumerate(streams)]
    return HeatProblem(
        supply_temperature=np.array([float(stream["supply_temperature"]) for stream in streams]),
        target_temperature=np.array([float(stream["target_temperature"]) for stream in streams]),
        heat=np.array(heat, np.float64),
        dt_min=float(form["dt_min"]),
    )


def _heat(stream: Json, path: str) -> float:
    """Return the heat of a stream, above zero where it gives it."""
    falls = stream["supply_temperature"] - stream["target_temperature"]
    if falls == 0:
        if "duty" not in stream:
            text = "does not apply: both temperatures are equal, so give its duty and its side."
            raise FormError(f"{path}.heat_capacity_flow", text)
        if "side" not in stream:
            raise FormError(f"{path}.side", "is missing: both temperatures are equal, so say HOT or COLD.")
        return float(stream["duty"] if stream["side"] == "HOT" else -stream["duty"])
    side = "HOT" if falls > 0 else "COLD"
    if stream.get("side", side) != side:
        raise FormError(f"{path}.side", f"{stream['side']} contradicts the temperatures, which make it {side}.")
    if "duty" in stream:
        return float(stream["duty"] if falls > 0 else -stream["duty"])
    return float(stream["heat_capacity_flow"] * falls)


def _curve(targets: HeatTargets) -> list[Json]:
    points = zip(targets.curve_temperature.tolist(), targets.curve_heat.tolist(), strict=True)
    return [{"shifted_temperature": plain(t), "heat": plain(heat)} for t, heat in points]
