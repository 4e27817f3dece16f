"""The ids of a form of an exchange, and where its arcs begin and end."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from optimizer.forms.shape import FormError, Json, once, row_of, rows_of, shown
from optimizer.problem import Ints


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """The ids of a form and where its arcs begin and end.

    tails are supplies, then products; heads are demands, then processors. `products` holds (processor number, form of
    the product).
    """

    supplies: list[str]
    demands: list[str]
    processors: list[str]
    products: list[tuple[int, Json]]
    tail: Ints
    head: Ints


def nodes_of(form: Json) -> Nodes:
    """Return the ids of a form and the ends of its arcs; raises FormError for an end that does not exist."""
    supplies, demands = ([one["id"] for one in form[side]] for side in ("supplies", "demands"))
    processors = form.get("processors", [])
    names = [one["id"] for one in processors]
    products: list[tuple[int, Json]] = []
    for n, one in enumerate(processors):
        if "products" in one:
            for name in ("yield", "properties"):
                if name in one:
                    raise FormError(f"processors[{n}].{name}", "does not go with products; give it for each of them.")
            products += [(n, product) for product in one["products"]]
        else:
            kept = {name: one[name] for name in ("properties",) if name in one}
            products.append((n, {"id": one["id"], "yield": one.get("yield", Decimal(1)), **kept}))
    ends = _Ends(rows_of(supplies), rows_of(demands), rows_of(names), products)
    tail = [ends.tail(arc, f"arcs[{n}]") for n, arc in enumerate(form["arcs"])]
    head = [ends.head(arc, f"arcs[{n}]") for n, arc in enumerate(form["arcs"])]
    once(list(zip(tail, head, strict=True)), "arcs", "supply and demand")
    return Nodes(supplies, demands, names, products, np.array(tail, np.int64), np.array(head, np.int64))


@dataclass(frozen=True, slots=True)
class _Ends:
    """The rows of everything an arc may point at."""

    supplies: dict[str, int]
    demands: dict[str, int]
    processors: dict[str, int]
    products: list[tuple[int, Json]]

    def tail(self, arc: Json, path: str) -> int:
        """Return the tail of an arc."""
        if "supply" in arc:
            if "product" in arc:
                raise FormError(f"{path}.product", "does not go with supply; write from with the id of the processor.")
            return row_of(self.supplies, arc["supply"], f"{path}.supply", "supply")
        given, wanted = arc["from"], arc.get("product")
        found = [self.supplies[given]] if given in self.supplies and wanted is None else []
        for n, (processor, product) in enumerate(self.products):
            there = self.processors.get(given) == processor
            chosen = self._is_lone(processor) if wanted is None else wanted == product["id"]
            if (there and chosen) or (wanted is None and not there and product["id"] == given):
                found.append(len(self.supplies) + n)
        if len(found) == 1:
            return found[0]
        if found:
            raise FormError(f"{path}.from", f"{shown(given)} is the id of more than one thing; name them apart.")
        if given in self.processors:
            number = self.processors[given]
            makes = ", ".join(product["id"] for processor, product in self.products if processor == number)
            text = "is missing; the processor makes" if wanted is None else f"{shown(wanted)} is not made there, but"
            raise FormError(f"{path}.product", f"{text} {makes}.")
        known = dict.fromkeys([*self.supplies, *self.processors, *(product["id"] for _, product in self.products)], 0)
        return row_of(known, given, f"{path}.from", "supply, processor or product")

    def head(self, arc: Json, path: str) -> int:
        """Return the head of an arc."""
        if "demand" in arc:
            return row_of(self.demands, arc["demand"], f"{path}.demand", "demand")
        given = arc["to"]
        if given in self.demands and given in self.processors:
            raise FormError(f"{path}.to", f"{shown(given)} is the id of a demand and of a processor; name them apart.")
        both = {**self.demands, **{name: len(self.demands) + n for name, n in self.processors.items()}}
        return row_of(both, given, f"{path}.to", "demand or processor")

    def _is_lone(self, processor: int) -> bool:
        return sum(of == processor for of, _ in self.products) == 1
