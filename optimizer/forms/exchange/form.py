"""What the form of an exchange may hold."""

from typing import Any, Final

from optimizer.forms.common import COMMON, GAP, TIME_LIMIT, common
from optimizer.forms.series import Flag, Series, Table
from optimizer.forms.shape import Choice, Many, Number, Record, Shape, Text

Fields = dict[str, Shape[Any]]

QUANTITY: Final = Series(Number("How much there is at most, in the caller's unit.", at_least=0))
VALUE: Final = Series(Number("What one unit taken is worth, in the caller's money; may be negative."))
COST: Final = Series(Number("What one unit taken costs: a value with the other sign."))
CONCENTRATIONS: Final = Table("The concentration of each property, by name.", Number("A concentration."))
PARTNERS: Final = Number("How many links there may be at most.", at_least=0, whole=True)
LOT: Final = Number("The least quantity in a period in which there is anything at all.", at_least=0)
FIXED: Final = Number("What it costs to use it at all, once for all periods.", at_least=0)
FIXED_EACH: Final = Number("What it costs in each period in which it is used.", at_least=0)
SECOND: Final = Series(Number("What one unit taken adds to the second objective."))

STORAGE: Final = Record(
    "A stock that carries quantities from one period to the next.",
    {
        "capacity": Number("How much it holds at most; absent: no limit.", at_least=0),
        "loss_per_period": Number("The share that is lost from one period to the next.", at_least=0, below=1),
        "cost_per_unit": Number("What it costs to hold one unit at the end of a period.", at_least=0),
        "initial": Number("What it holds before the first period.", at_least=0),
        "final": Number("What it must hold after the last period, at least.", at_least=0),
    },
    frozenset({"capacity", "loss_per_period", "cost_per_unit", "initial", "final"}),
)

QUALITY: Final = Table(
    "Limits on the mix that arrives, by property: the mean concentration, weighted by what is delivered.",
    Record(
        "The limits of one property.",
        {"at_least": Number("The least concentration."), "at_most": Number("The greatest concentration.")},
        frozenset({"at_least", "at_most"}),
    ),
)


def _row(noun: str, required: Fields, optional: Fields) -> Record:
    return Record(f"A {noun}.", {"id": Text(f"The id of the {noun}."), **required, **optional}, frozenset(optional))


SUPPLY: Final = _row(
    "supply",
    {"quantity": QUANTITY},
    {
        "must_ship": Series(Number("How much must leave at least.", at_least=0)),
        "cost_per_unit": Series(Number("What one unit costs that leaves, on whatever arc.")),
        "max_partners": PARTNERS,
        "properties": CONCENTRATIONS,
        "storage": STORAGE,
    },
)
DEMAND: Final = _row(
    "demand",
    {"quantity": QUANTITY},
    {
        "must_serve": Series(Number("How much must be delivered at least.", at_least=0)),
        "value_per_unit": Series(Number("What one unit is worth that is delivered, on whatever arc.")),
        "max_partners": PARTNERS,
        "quality": QUALITY,
        "storage": STORAGE,
    },
)
PRODUCT: Final = _row(
    "product",
    {"yield": Number("How much of it is made from one unit of intake.", above=0)},
    {
        "must_leave": Flag("Whether all of it must be taken; else what nobody takes is thrown away for nothing."),
        "max_partners": PARTNERS,
        "properties": CONCENTRATIONS,
        "storage": STORAGE,
    },
)
PROCESSOR: Final = _row(
    "processor",
    {},
    {
        "capacity": Series(Number("How much it takes in at most; absent: no limit.", at_least=0)),
        "must_process": Series(Number("How much it takes in at least.", at_least=0)),
        "lot": LOT,
        "cost_per_unit": Series(Number("What it costs to work through one unit of intake.")),
        "fixed_cost": FIXED,
        "fixed_cost_per_period": FIXED_EACH,
        "yield": Number("Of the only product: how much is made from one unit of intake; absent: 1.", above=0),
        "properties": CONCENTRATIONS,
        "products": Many("What it makes, where that is more than one thing.", PRODUCT, at_least=1, unique="id"),
        "quality": QUALITY,
        "max_suppliers": PARTNERS,
        "storage": STORAGE,
        "second_value_per_unit": SECOND,
    },
)
ARC: Final = Record(
    "Where something may go: from a supply or a processor to a demand or a processor.",
    {
        "supply": Text("The id of the supply."),
        "from": Text("In place of supply: the id of a supply, of a processor with one product, or of a product."),
        "demand": Text("The id of the demand."),
        "to": Text("In place of demand: the id of a demand or of a processor."),
        "product": Text("Which product of the processor."),
        "value_per_unit": VALUE,
        "cost_per_unit": COST,
        "capacity": Series(Number("How much it carries at most; absent: no limit of its own.", at_least=0)),
        "must_carry": Series(Number("How much it carries at least.", at_least=0)),
        "fixed_quantity": Series(Number("How much it carries, neither more nor less.", at_least=0)),
        "forbidden": Flag("Whether it may carry nothing."),
        "yield": Number("How much is delivered per unit taken; absent: 1.", above=0),
        "lot": LOT,
        "fixed_cost": FIXED,
        "fixed_cost_per_period": FIXED_EACH,
        "in_link_budget": Flag("Whether it counts in the link budget; where no arc says so, all count."),
        "properties": CONCENTRATIONS,
        "second_value_per_unit": SECOND,
    },
    frozenset(
        {
            *("product", "value_per_unit", "cost_per_unit", "capacity", "must_carry", "fixed_quantity", "forbidden"),
            *("yield", "lot", "fixed_cost", "fixed_cost_per_period", "in_link_budget", "properties"),
            "second_value_per_unit",
        }
    ),
    one_of=(("supply", "from"), ("demand", "to")),
)
SECOND_OBJECTIVE: Final = Record(
    "A second objective: the sum of second_value_per_unit times quantity.",
    {
        "sense": Choice("Which way is better; absent: MAXIMISE.", ("MAXIMISE", "MINIMISE")),
        "at_least": Number("What it must reach."),
        "at_most": Number("What it must not pass."),
    },
    frozenset({"sense", "at_least", "at_most"}),
)

FORM: Final = Record(
    "Who gives how much to whom, so that all together gain the most.",
    {
        **common("exchange"),
        "goal": Choice(
            "MOST_VALUE (as if absent), or LEAST_COST: objective and bound are costs, and each demand is served fully "
            "where must_serve says nothing.",
            ("MOST_VALUE", "LEAST_COST"),
        ),
        "periods": Number("How many periods there are; absent: 1.", above=0, below=1001, whole=True),
        "supplies": Many("What is there.", SUPPLY, unique="id"),
        "demands": Many("What is needed.", DEMAND, unique="id"),
        "processors": Many("What turns one thing into others in between.", PROCESSOR, unique="id"),
        "arcs": Many("What may go where, each pair at most once.", ARC),
        "link_budget": Number("How many links there may be at most among the arcs that count.", at_least=0, whole=True),
        "second_objective": SECOND_OBJECTIVE,
        "front": Record(
            "The trade-off between the two objectives: plans at equal distances of the second one.",
            {"points": Number("How many plans.", at_least=2, below=1001, whole=True)},
        ),
        "time_limit_seconds": TIME_LIMIT,
        "gap": GAP,
    },
    COMMON | {"goal", "periods", "processors", "link_budget", "second_objective", "front", "time_limit_seconds", "gap"},
)

PURE: Final = {
    "form": frozenset({"$schema", "kind", "title", "supplies", "demands", "arcs", "time_limit_seconds", "gap"}),
    "supplies": frozenset({"id", "quantity", "properties"}),
    "demands": frozenset({"id", "quantity"}),
    "arcs": frozenset({"supply", "from", "demand", "to", "value_per_unit", "cost_per_unit", "capacity", "properties"}),
}
"""The fields with which an exchange is a plain network flow, which is solved in whole numbers."""
LINKS: Final = {
    "form": PURE["form"] | {"link_budget"},
    "supplies": PURE["supplies"] | {"max_partners"},
    "demands": PURE["demands"] | {"max_partners"},
    "arcs": PURE["arcs"] | {"lot", "fixed_cost", "fixed_cost_per_period", "in_link_budget"},
}
"""The fields with which only the choice of links goes beyond a network flow."""
