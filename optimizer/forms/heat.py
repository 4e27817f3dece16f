"""The form of heat: streams that give or take heat between two temperatures, in one place or at linked sites."""

import time
from typing import Final

import numpy as np

from optimizer.errors import NotProvenError
from optimizer.forms.common import COMMON, common
from optimizer.forms.quantities import plain
from optimizer.forms.shape import Choice, FormError, Json, Many, Number, Record, Text, once, row_of, rows_of
from optimizer.heat import (
    HeatLinks,
    HeatNetwork,
    HeatPlan,
    HeatProblem,
    HeatTargets,
    check_heat,
    check_heat_plan,
    exchange_heat,
    heat_targets,
)
from optimizer.heat.network import STEP

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
        "site": Text("Where it is; needed where there are links."),
        "value_per_unit": Number(
            "What a unit of heat from another stream is worth to it: what it need no longer buy or get rid of. Absent: "
            "1 for a stream that takes heat, 0 for one that gives it."
        ),
    },
    frozenset({"side", "site", "value_per_unit"}),
    (("heat_capacity_flow", "duty"),),
)
LINK: Final = Record(
    "A way for heat from one site to another, one way.",
    {
        "from": Text("The site that heat is sent from."),
        "to": Text("The site that it arrives at."),
        "distance": Number("How long it is.", at_least=0),
        "cost_per_unit": Number("What sending one unit of heat costs; absent: nothing.", at_least=0),
    },
    frozenset({"cost_per_unit"}),
)
SITE: Final = "site of a stream"
PER_DISTANCE: Final = {
    "loss_per_distance": Number("Share of the heat that is lost on each unit of distance.", at_least=0, below=1),
    "drop_per_distance": Number("Degrees that are lost on each unit of distance.", at_least=0),
    "step": Number("Degrees that are matched in one piece where links lose degrees; absent: 5.", above=0),
}

FORM: Final = Record(
    "The least heating and cooling that a set of streams needs, and where it pinches.",
    {
        **common("heat"),
        "dt_min": Number("The least temperature difference at which heat is handed over.", at_least=0),
        "streams": Many("The streams, in one unit of temperature and one of heat.", STREAM, at_least=1, unique="id"),
        "links": Many("The ways between sites; with them the answer says who sends heat to whom.", LINK),
        **PER_DISTANCE,
    },
    COMMON | frozenset({"links", *PER_DISTANCE}),
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
        **({"between_sites": _between(form, problem)} if "links" in form else {}),
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


def _between(form: Json, problem: HeatProblem) -> Json:
    """Return who sends heat to whom between the sites, and what each stream still needs from outside."""
    network = _network(form, problem)
    plan = exchange_heat(network)
    faults = check_heat_plan(network, plan)
    if faults:
        raise NotProvenError(f"The plan did not pass its own check and is not shown: {' '.join(faults)}")
    streams, left = form["streams"], np.abs(problem.heat) - plan.exchanged
    left[np.abs(left) <= problem.tolerance] = 0.0
    return {
        "status": plan.status.value,
        "objective": plain(plan.objective),
        "bound": plain(plan.bound),
        "gap": plain(plan.gap),
        "hot_utility": plain(float(left[problem.heat < 0].sum())),
        "cold_utility": plain(float(left[problem.heat > 0].sum())),
        "streams": [
            {"id": stream["id"], "exchanged": plain(float(plan.exchanged[n])), "utility": plain(float(left[n]))}
            for n, stream in enumerate(streams)
        ],
        "flows": _flows(plan, [stream["id"] for stream in streams]),
    }


def _network(form: Json, problem: HeatProblem) -> HeatNetwork:
    streams, links = form["streams"], form["links"]
    for n, stream in enumerate(streams):
        if "site" not in stream:
            raise FormError(f"streams[{n}].site", "is missing; with links, every stream is at a site.")
    row = rows_of(list(dict.fromkeys(stream["site"] for stream in streams)))
    ends = [
        (row_of(row, link["from"], f"links[{n}].from", SITE), row_of(row, link["to"], f"links[{n}].to", SITE))
        for n, link in enumerate(links)
    ]
    once(ends, "links", "from and to")
    distance = np.array([float(link["distance"]) for link in links], np.float64)
    return HeatNetwork(
        streams=problem,
        site=np.array([row[stream["site"]] for stream in streams], np.int64),
        value=np.array(
            [float(stream.get("value_per_unit", h < 0)) for stream, h in zip(streams, problem.heat, strict=True)]
        ),
        links=HeatLinks(
            from_site=np.array([i for i, _ in ends], np.int64),
            to_site=np.array([j for _, j in ends], np.int64),
            retained=(1 - float(form.get("loss_per_distance", 0))) ** distance,
            drop=float(form.get("drop_per_distance", 0)) * distance,
            cost=np.array([float(link.get("cost_per_unit", 0)) for link in links], np.float64),
        ),
        step=float(form.get("step", STEP)),
    )


def _flows(plan: HeatPlan, ids: list[str]) -> list[Json]:
    """Return what passes from each stream to each other, its segments together, with the temperatures they span."""
    pairs = sorted(set(zip(plan.hot.tolist(), plan.cold.tolist(), strict=True)))
    own = [(plan.hot == h) & (plan.cold == c) for h, c in pairs]
    return [
        {
            "from": ids[h],
            "to": ids[c],
            "sent": plain(float(plan.sent[flows].sum())),
            "delivered": plain(float(plan.delivered[flows].sum())),
            "hot_temperatures": [plain(plan.hot_upper[flows].max()), plain(plan.hot_lower[flows].min())],
            "cold_temperatures": [plain(plan.cold_upper[flows].max()), plain(plan.cold_lower[flows].min())],
        }
        for (h, c), flows in zip(pairs, own, strict=True)
    ]
