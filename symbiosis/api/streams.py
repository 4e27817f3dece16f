"""The results of one operation one after the other: of a subscription as its events come, else the only one."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from inspect import isawaitable
from typing import Any

from graphql import ExecutionResult, Executor, GraphQLError, create_source_event_stream, execute_subscription_event
from strawberry.execution.is_awaitable import optimized_is_awaitable

from symbiosis.api.answers import answered, body_of, is_curious, kind_of, prepared_for
from symbiosis.api.asked import Asked, Sender
from symbiosis.api.context import Context, Stream, context_for
from symbiosis.api.documents import Prepared
from symbiosis.api.schema import schema
from symbiosis.api.services import Services, signed_in
from symbiosis.policy import Viewer
from symbiosis.store.deadline import deadline_in


async def bodies(services: Services, sender: Sender, viewer: Viewer, asked: Asked) -> AsyncGenerator[dict[str, Any]]:
    """Yield each result as it is sent; whatever refuses the operation or ends it early is raised.

    Every event of a subscription is answered as whoever the sender is at that moment, within the deadline of a
    request.
    """
    prepared = prepared_for(services, viewer, asked)
    if kind_of(prepared, asked) != "subscription":
        with services.telemetry.operation(asked, sender) as operation, deadline_in(services.deadline_s):
            operation.kind = kind_of(prepared, asked)
            async with asyncio.timeout(services.deadline_s):
                body = body_of(await answered(services, viewer, asked, prepared), debug=services.settings.debug)
            operation.ended(body)
        yield body
        return
    too_much = prepared.too_much(asked.operation_name, asked.variables)
    if too_much is not None:
        yield body_of(ExecutionResult(None, [too_much]), debug=services.settings.debug)
        return
    async with aclosing(_events(services, sender, viewer, asked, prepared)) as results:
        async for body in results:
            yield body


async def _events(
    services: Services, sender: Sender, viewer: Viewer, asked: Asked, prepared: Prepared
) -> AsyncGenerator[dict[str, Any]]:
    """Yield the result for every event of a subscription; each counts as an operation of its own."""
    debug = services.settings.debug

    async def renewed(stream: Stream) -> Context:
        return context_for(
            services.graph, await signed_in(services, sender), services.launcher, services.analyses, stream
        )

    stream = Stream(services.live, renewed)
    context = context_for(services.graph, viewer, services.launcher, services.analyses, stream)
    executor = _executor(asked, prepared, context, curious=is_curious(services, viewer))
    if not isinstance(executor, Executor):
        yield body_of(ExecutionResult(None, executor), debug=debug)
        return
    found = create_source_event_stream(executor)
    source = await found if isawaitable(found) else found
    if not isinstance(source, AsyncGenerator):
        yield body_of(source if isinstance(source, ExecutionResult) else ExecutionResult(None), debug=debug)
        return
    async with aclosing(source):
        async for event in source:
            with services.telemetry.operation(asked, sender) as operation, deadline_in(services.deadline_s):
                operation.kind = "subscription"
                async with asyncio.timeout(services.deadline_s):
                    body = body_of(await _answered(executor, event, stream.context), debug=debug)
                operation.ended(body)
            services.telemetry.numbers.events.labels(operation.name).inc()
            yield body


def _executor(
    asked: Asked, prepared: Prepared, context: Context, *, curious: bool
) -> Executor[Any] | list[GraphQLError]:
    """Return what executes an operation, or what is wrong with its variables."""
    if prepared.document is None:
        return list(prepared.errors)
    return Executor.build(
        schema().core,
        prepared.document,
        context_value=context,
        raw_variable_values=asked.variables,
        operation_name=asked.operation_name,
        is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # It is a type guard that does not say so.
        hide_suggestions=not curious,
    )


async def _answered(executor: Executor[Any], event: object, context: Context | None) -> ExecutionResult:
    """Return the result for one event, looked at in its own context."""
    own = executor.build_per_event_executor(event)
    own.context_value = context
    result = execute_subscription_event(own)
    return await result if isawaitable(result) else result


async def ended(waiting: asyncio.Future[Any] | None) -> None:
    """Cancel what is waited for, if anything is, and wait until it has let go, also when cancelled meanwhile."""
    if waiting is None:
        return
    waiting.cancel()
    stopped: asyncio.CancelledError | None = None
    while not waiting.done():
        try:
            await asyncio.wait({waiting})
        except asyncio.CancelledError as again:  # A reader who leaves cancels every wait of the response anew.
            stopped = again
    if not waiting.cancelled():
        waiting.exception()  # It is known, or nobody waits for it any more.
    if stopped is not None:
        raise stopped
