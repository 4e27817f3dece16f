"""What is kept of every operation: a span, a line in the log, and numbers for Prometheus. Never what was asked.

An operation is named only where it is one of the shipped ones, so that no client can make up names; all others are
`other`, told apart by the SHA-256 of their document. Spans are made where OpenTelemetry is installed
(`symbiosis[telemetry]`) and the operator has set up an exporter; without that they cost next to nothing.
"""

import logging
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TextIO

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from symbiosis import VERSION
from symbiosis.api.asked import Asked, RequestError, Sender
from symbiosis.api.trusted import trusted_names
from symbiosis.errors import SymbiosisError
from symbiosis.store.meter import StoreUse, metered

try:
    from opentelemetry import propagate, trace
except ImportError:
    HAS_SPANS = False
else:
    HAS_SPANS = True

OTHER: Final = "other"
OK: Final = "ok"
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_log: Final = logging.getLogger(__name__)


@dataclass(slots=True)
class Operation:
    """One operation under way; `outcome` is `ok`, or the code of its first error. It is CANCELLED until it ends."""

    name: str
    document: str
    kind: str = "document"
    outcome: str = "CANCELLED"

    def ended(self, body: Mapping[str, Any]) -> None:
        """Take note of how it ended, from what is sent."""
        errors: Sequence[Mapping[str, Any]] = body.get("errors") or ()
        self.outcome = str(errors[0]["extensions"]["code"]) if errors else OK


class Numbers:
    """The numbers for Prometheus, in a registry of their own: of one app, however many a process has."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        named, of = ("operation",), self.registry
        help_text = "How long operations took, by how they ended: ok, or the code of the first error."
        self.seconds = Histogram(
            "symbiosis_operation_seconds", help_text, (*named, "outcome"), registry=of, buckets=SECONDS
        )
        help_text = "Statements that operations ran."
        self.statements = Counter("symbiosis_store_statements", help_text, named, registry=of)
        help_text = "Seconds that operations waited for statements, summed."
        self.store_seconds = Counter("symbiosis_store_seconds", help_text, named, registry=of)
        self.events = Counter("symbiosis_stream_events", "Results sent on streams.", named, registry=of)
        self.streams = Gauge("symbiosis_open_streams", "WebSockets and event streams that are open.", registry=of)

    def add(self, operation: Operation, spent_s: float, use: StoreUse) -> None:
        """Count an operation that has ended."""
        self.seconds.labels(operation.name, operation.outcome).observe(spent_s)
        self.statements.labels(operation.name).inc(use.statements)
        self.store_seconds.labels(operation.name).inc(use.store_s)

    def as_text(self) -> tuple[bytes, str]:
        """Return the numbers as Prometheus reads them, and their media type."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST


class Telemetry:
    """Sees every operation of one app; spans go to the given provider of OpenTelemetry's, or to the process's own."""

    def __init__(self, spans: "trace.TracerProvider | None" = None) -> None:
        self.numbers, self._spans = Numbers(), spans

    @contextmanager
    def operation(self, asked: Asked, sender: Sender) -> Generator[Operation]:
        """Give an operation to take note of; what it was is told when the block ends, however it ends."""
        operation = Operation(trusted_names().get(asked.document, OTHER), asked.document)
        began = time.perf_counter()
        with _span(operation, sender.trace, self._spans) as note, metered() as use:
            try:
                yield operation
            except Exception as failed:
                operation.outcome = code_of(failed)
                raise
            finally:
                spent_s = time.perf_counter() - began
                self.numbers.add(operation, spent_s, use)
                note(use)
                _log.info(
                    "%s %s %s: %s in %.1f ms, %d statements in %.1f ms",
                    *(operation.kind, operation.name, operation.document, operation.outcome, 1000 * spent_s),
                    *(use.statements, 1000 * use.store_s),
                )


@contextmanager
def lines_written(to: TextIO) -> Generator[None]:
    """Write the lines of operations to a file for as long as the block lasts."""
    handler = logging.StreamHandler(to)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    level = _log.level
    _log.addHandler(handler)
    _log.setLevel(logging.INFO)
    try:
        yield
    finally:
        _log.removeHandler(handler)
        _log.setLevel(level)


def code_of(failed: Exception) -> str:
    """Return the code by which a failure is counted."""
    if isinstance(failed, RequestError):
        return failed.rule
    if isinstance(failed, TimeoutError):
        return "DEADLINE"
    return failed.code if isinstance(failed, SymbiosisError) else "BUG"


@contextmanager
def _span(
    operation: Operation, carrier: Mapping[str, str], spans: "trace.TracerProvider | None"
) -> Generator[Callable[[StoreUse], None]]:
    """Give what notes the end of an operation on its span, where spans are made; the sender's trace goes on in it."""
    if not HAS_SPANS:
        yield lambda _: None
        return
    tracer = trace.get_tracer("symbiosis", VERSION, spans)
    given = {"graphql.operation.name": operation.name, "symbiosis.document": operation.document}
    with tracer.start_as_current_span(
        operation.name, propagate.extract(carrier), trace.SpanKind.SERVER, given, record_exception=False
    ) as span:

        def note(use: StoreUse) -> None:
            span.update_name(f"{operation.kind} {operation.name}")
            span.set_attribute("graphql.operation.type", operation.kind)
            span.set_attribute("symbiosis.outcome", operation.outcome)
            span.set_attribute("symbiosis.store.statements", use.statements)
            span.set_attribute("symbiosis.store.seconds", use.store_s)
            if operation.outcome != OK:
                span.set_status(trace.StatusCode.ERROR, operation.outcome)

        yield note
