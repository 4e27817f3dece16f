"""The observatory of the current run: made by the first who asks for it, kept with the run, read by everybody after."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import Context
from dataclasses import dataclass
from datetime import date
from typing import Final

from symbiosis.analytics.days import Days
from symbiosis.analytics.flow_graph import FlowGraph, Layer, flow_graph_of, realised
from symbiosis.analytics.observatory import (
    Observatory,
    cells_from,
    delivered_cube,
    public_cube,
    quarter_of,
    quarters_before,
    written,
)
from symbiosis.domain.ids import RunId, SynergyId
from symbiosis.domain.runs import Run, RunKind
from symbiosis.domain.times import utc_now
from symbiosis.errors import StoreError
from symbiosis.store.flow_columns import FlowResource, FlowSite, flow_resources, flow_sites, suggested_flows
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.observatory import KeptObservatory, keep_observatory, observatory_of
from symbiosis.store.realised import WorkedOn, deliveries_between, worked_on
from symbiosis.store.runs import current_run

AHEAD_S: Final = 10.0
"""How often a server looks whether there is a new run."""

_log: Final = logging.getLogger(__name__)


class Publisher:
    """Makes the observatory of a run once, however many ask for it at the same time; one for an app."""

    def __init__(self) -> None:
        self._making: dict[RunId, asyncio.Task[Observatory | None]] = {}

    async def observatory(self, graph: Graph) -> Observatory | None:
        """Return what the current run has published; None before the first run.

        Where it is not made yet it is made now, and to its end also if nobody waits for it any more.
        """
        run_id, kept = await graph.read(_kept)
        if run_id is None or kept is not None:
            return kept
        task = self._making.get(run_id)
        if task is None:
            loop = asyncio.get_running_loop()
            task = loop.create_task(published(graph), context=Context())  # Without the asker's deadline.
            self._making[run_id] = task
            task.add_done_callback(lambda done: self._end(run_id, done))
        return await asyncio.shield(task)

    @asynccontextmanager
    async def ahead(self, graph: Graph, every_s: float = AHEAD_S) -> AsyncIterator[None]:
        """Make the observatory of every new run before anybody asks for it, for as long as the block lasts."""
        task = asyncio.get_running_loop().create_task(self._ahead(graph, every_s), context=Context())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _ahead(self, graph: Graph, every_s: float) -> None:
        made: RunId | None = None
        while True:
            try:
                run = await graph.read(current_run, RunKind.EXCHANGE)
                if run is not None and run.run_id != made:
                    await self.observatory(graph)
                    made = run.run_id
            except StoreError:
                _log.info("the store does not answer; the observatory waits", exc_info=True)
            await asyncio.sleep(every_s)

    def _end(self, run_id: RunId, task: "asyncio.Task[Observatory | None]") -> None:
        del self._making[run_id]
        if not task.cancelled():
            task.exception()  # Who waits is told.


async def published(graph: Graph) -> Observatory | None:
    """Return what the current run has published, made and kept now if it was not; None before the first run."""
    run_id, kept = await graph.read(_kept)
    if run_id is None or kept is not None:
        return kept
    read = await graph.read(_read)
    if read is None:
        return None
    text = await asyncio.to_thread(_made, read)
    made = await graph.write(keep_observatory, read.run.run_id, KeptObservatory(text, utc_now()))
    return _observatory(read.run.run_id, made)


@dataclass(frozen=True, slots=True)
class _Read:
    """What one transaction read; of each quarter, what was delivered by synergy, base units."""

    run: Run
    suggested: FlowGraph
    synergies: list[WorkedOn]
    delivered: list[tuple[Days, Counter[SynergyId]]]

    @property
    def sites(self) -> tuple[FlowSite, ...]:
        """Return the sites."""
        return self.suggested.sites

    @property
    def resources(self) -> tuple[FlowResource, ...]:
        """Return the catalogue."""
        return self.suggested.resources


async def _kept(tx: Tx) -> tuple[RunId | None, Observatory | None]:
    run = await current_run(tx, RunKind.EXCHANGE)
    if run is None:
        return None, None
    kept = await observatory_of(tx, run.run_id)
    return run.run_id, None if kept is None else _observatory(run.run_id, kept)


async def _read(tx: Tx) -> _Read | None:
    run = await current_run(tx, RunKind.EXCHANGE)
    if run is None:
        return None
    flows = await suggested_flows(tx, run.kind)
    delivered: list[tuple[Days, Counter[SynergyId]]] = []
    for days in quarters_before(_day(run)):
        sums: Counter[SynergyId] = Counter()
        for delivery in await deliveries_between(tx, days.first.isoformat(), days.last.isoformat()):
            sums[delivery.synergy_id] += delivery.quantity_base
        delivered.append((days, sums))
    suggested = flow_graph_of(Layer.SUGGESTED, await flow_sites(tx), await flow_resources(tx), flows)
    return _Read(run, suggested, await worked_on(tx), delivered)


def _made(read: _Read) -> str:
    cells = public_cube(read.suggested, quarter_of(_day(read.run)))
    for days, sums in read.delivered:
        flows = [realised(one, sums[one.synergy_id]) for one in read.synergies if one.synergy_id in sums]
        graph = flow_graph_of(Layer.REALISED, read.sites, read.resources, flows)
        cells += delivered_cube(graph, quarter_of(days.first))
    return written(cells)


def _day(run: Run) -> date:
    """Return the day on which a run was published."""
    return date.fromisoformat((run.finished_at or run.started_at)[:10])


def _observatory(run_id: RunId, kept: KeptObservatory) -> Observatory:
    return Observatory(run_id, kept.made_at, cells_from(kept.text))
