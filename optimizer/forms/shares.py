"""The form of shares: how to split a gain (or a cost) among those who make it together."""

import time
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

import numpy as np

from optimizer.errors import NotProvenError
from optimizer.forms.common import COMMON, common, row
from optimizer.forms.exchange import ARC, exchange_of, proven_plan
from optimizer.forms.quantities import plain
from optimizer.forms.shape import Choice, FormError, Json, Many, Number, Record, Text, row_of, rows_of
from optimizer.linear import Floats
from optimizer.shares import (
    CONFIDENCE,
    LEAST_SAMPLES,
    MAX_PLAYERS,
    ExchangeGame,
    TableGame,
    check_shares,
    least_core,
    owen_shares,
    sample_shapley,
    shapley,
    smallest_subsidy,
    tabulate,
    worst_excess,
)

SAMPLES: Final = 400
MOST_SAMPLES: Final = 100_001
OWNER: Final = ("owner", Text("The player who owns it."))

COALITION: Final = Record(
    "A coalition and what it is worth by itself.",
    {
        "members": Many("The players in it.", Text("A player."), at_least=1, unique=""),
        "worth": Number("What it gains by itself; with the measure COST, what it costs."),
    },
)
EXCHANGE: Final = Record(
    "An exchange whose supplies and demands have owners: a coalition is worth what its members can exchange.",
    {
        "supplies": Many("What is there, and whose it is.", row("supply", OWNER), unique="id"),
        "demands": Many("What is needed, and by whom.", row("demand", OWNER), unique="id"),
        "arcs": Many("Which supply may go to which demand, each pair at most once.", ARC),
    },
)
FORM: Final = Record(
    "How to split what several players gain or pay together.",
    {
        **common("shares"),
        "measure": Choice("Whether worths are gains (GAIN, as if absent) or costs (COST).", ("GAIN", "COST")),
        "players": Many("All players; with worth.", Text("A player."), at_least=1, unique=""),
        "worth": Many("Every coalition of the players, each once.", COALITION, at_least=1),
        "worth_of_others": Number("What the coalitions are worth that are not listed; absent: all must be listed."),
        "exchange": EXCHANGE,
        "proposal": Many(
            "A split to be judged, with a share for each player.",
            Record("A share.", {"player": Text("The player."), "share": Number("What the player would get or pay.")}),
            unique="player",
        ),
        "samples": Number(
            "Random orders to sample beyond 12 players.", at_least=LEAST_SAMPLES, below=MOST_SAMPLES, whole=True
        ),
        "seed": Number("Seed of the random orders; absent: 0.", at_least=0, whole=True),
    },
    COMMON | {"measure", "players", "worth_of_others", "proposal", "samples", "seed"},
    (("worth", "exchange"),),
)


@dataclass(frozen=True, slots=True, eq=False)
class _Frame:
    """The players of a game, the sign its money is shown with, and how many of its units make one of the caller's."""

    players: list[str]
    sign: int = 1
    unit: int = 1

    def money(self, amount: float) -> int | float:
        """Return an amount as the caller writes it."""
        return plain(amount / self.unit)


@dataclass(frozen=True, slots=True, eq=False)
class _Splits:
    """What the whole is worth, the columns of shares (n,), and what else there is to say."""

    whole: float
    columns: dict[str, Floats]
    more: Json


def answer(form: Json) -> Json:
    """Return the splits of a shares form."""
    began = time.perf_counter()
    _misplaced(form)
    frame, splits = _of_exchange(form) if "exchange" in form else _of_table(form)
    shown_as = {name: 1 if name == "shapley_standard_error" else frame.sign for name in splits.columns}
    return {
        "kind": "shares",
        "status": "SAMPLED" if "sampling" in splits.more else "EXACT",
        "measure": form.get("measure", "GAIN"),
        "objective": frame.money(frame.sign * splits.whole),
        "seconds": round(time.perf_counter() - began, 3),
        "players": [
            {"id": name, **{said: frame.money(shown_as[said] * split[n]) for said, split in splits.columns.items()}}
            for n, name in enumerate(frame.players)
        ],
        **splits.more,
    }


def _misplaced(form: Json) -> None:
    """Raise FormError for a field that is known, but says nothing about this form."""
    if "exchange" in form:
        for name in ("players", "worth_of_others", "measure"):
            if name in form and form[name] != "GAIN":
                raise FormError(name, "does not go with exchange, which has its own players and gains.")


def _of_table(form: Json) -> tuple[_Frame, _Splits]:
    players = form.get("players")
    if players is None:
        raise FormError("players", "is missing; worth asks for it.")
    if len(players) > MAX_PLAYERS:
        raise FormError("players", f"{len(players)} players are too many to list coalitions; at most {MAX_PLAYERS}.")
    frame = _Frame(players, -1 if form.get("measure") == "COST" else 1)
    table = _table(form, frame)
    return frame, _exact(form, frame, table, {})


def _table(form: Json, frame: _Frame) -> TableGame:
    rows, everybody = rows_of(frame.players), 2 ** len(frame.players) - 1
    worth: dict[int, Decimal] = {}
    for n, one in enumerate(form["worth"]):
        where = f"worth[{n}].members"
        coalition = sum(1 << row_of(rows, name, f"{where}[{m}]", "player") for m, name in enumerate(one["members"]))
        if coalition in worth:
            raise FormError(where, "this coalition is listed already; list each once.")
        worth[coalition] = one["worth"]
    other = form.get("worth_of_others")
    for coalition in range(1, everybody + 1):
        if coalition not in worth and other is None:
            told = ", ".join(_members(coalition, frame.players))
            raise FormError("worth", f"the coalition {told} is missing; list it, or give worth_of_others.")
    listed = [float(frame.sign * worth.get(coalition, other or Decimal())) for coalition in range(1, everybody + 1)]
    return TableGame(np.array([0.0, *listed], np.float64))


def _of_exchange(form: Json) -> tuple[_Frame, _Splits]:
    given = form["exchange"]
    exchange = exchange_of(given, "exchange")
    plan = proven_plan(exchange, {})
    players = list(dict.fromkeys(one["owner"] for side in ("supplies", "demands") for one in given[side]))
    if not players:
        raise FormError("exchange.supplies", "there is nobody to share with; give at least one supply or demand.")
    rows = rows_of(players)
    owners = [np.array([rows[one["owner"]] for one in given[side]], np.int64) for side in ("supplies", "demands")]
    game = ExchangeGame(exchange.problem, owners[0], owners[1], len(players))
    owen = owen_shares(game, plan)
    priced = {
        "owen": owen.middle,
        "owen_best_for_supplies": owen.best_for_supplies,
        "owen_best_for_demands": owen.best_for_demands,
    }
    frame = _Frame(players, unit=10 ** (exchange.scale.quantity + exchange.scale.value))
    if len(players) <= MAX_PLAYERS:
        splits = _exact(form, frame, tabulate(game), priced)
    else:
        splits = _sampled(form, game, plan.objective, priced)
    return frame, replace(splits, more={**splits.more, "resolution": exchange.scale.as_json()})


def _exact(form: Json, frame: _Frame, table: TableGame, priced: dict[str, Floats]) -> _Splits:
    """Return all splits of a game whose coalitions are all known; priced ones are first shown to be in the core."""
    faults = [fault for split in priced.values() for fault in check_shares(table, split)]
    if faults:
        raise NotProvenError(f"The shares did not pass their own check and are not shown: {' '.join(faults)}")
    value, least = shapley(table), least_core(table)
    more: Json = {
        "core": {
            "empty": least.core_is_empty,
            "epsilon": frame.money(least.epsilon),
            "subsidy": frame.money(smallest_subsidy(table)),
            "shapley_is_in_core": not check_shares(table, value),
            "proof": "COALITIONS",
        }
    }
    if "proposal" in form:
        more["proposal"] = _judged(form, frame, table)
    alone = table.table[1 << np.arange(table.players)]
    columns = {"alone": alone, "shapley": value, "least_core": least.share, **priced}
    return _Splits(float(table.table[-1]), columns, more)


def _sampled(form: Json, game: ExchangeGame, whole: int, priced: dict[str, Floats]) -> _Splits:
    """Return the priced splits, which need no coalitions, and the Shapley value from random orders."""
    if "proposal" in form:
        text = f"a split can be judged for at most {MAX_PLAYERS} players; here are {game.players}."
        raise FormError("proposal", text)
    samples, seed = int(form.get("samples", SAMPLES)), int(form.get("seed", 0))
    found = sample_shapley(game, samples=samples, seed=seed)
    columns = {
        "shapley": found.share,
        "shapley_standard_error": found.standard_error,
        "shapley_low": found.low,
        "shapley_high": found.high,
        **priced,
    }
    sampling = {"samples": samples, "seed": seed, "confidence": CONFIDENCE}
    return _Splits(whole, columns, {"core": {"empty": False, "proof": "PRICES"}, "sampling": sampling})


def _judged(form: Json, frame: _Frame, table: TableGame) -> Json:
    """Return whether a proposed split is in the core, and who has the most reason to leave."""
    rows = rows_of(frame.players)
    share: dict[int, Decimal] = {}
    for n, one in enumerate(form["proposal"]):
        share[row_of(rows, one["player"], f"proposal[{n}].player", "player")] = one["share"]
    for player, name in enumerate(frame.players):
        if player not in share:
            raise FormError("proposal", f"the share of {name} is missing; give one for each player.")
    split = np.array([float(frame.sign * frame.unit * share[n]) for n in range(table.players)], np.float64)
    worst = worst_excess(table, split)
    return {
        "in_core": not check_shares(table, split),
        "left_over": frame.money(frame.sign * float(table.table[-1] - split.sum())),
        "worst_coalition": _members(worst.coalition, frame.players),
        "worst_excess": frame.money(worst.amount),
    }


def _members(coalition: int, players: list[str]) -> list[str]:
    return [name for player, name in enumerate(players) if coalition >> player & 1]
