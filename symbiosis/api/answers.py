"""What every door of the API does alike: prepares what is asked, answers it, and says what went wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import ExecutionResult

from symbiosis.api.asked import Asked, RequestError
from symbiosis.api.context import context_for
from symbiosis.api.documents import Prepared
from symbiosis.api.faults import masked, told
from symbiosis.api.schema import documents, executed
from symbiosis.api.services import Services
from symbiosis.errors import StoreError, SymbiosisError
from symbiosis.policy import Viewer


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong as a client is told it, with the HTTP status and headers that say so."""

    status: int
    message: str
    extensions: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_error(self) -> dict[str, Any]:
        """Return it as GraphQL writes an error."""
        return {"message": self.message, "extensions": dict(self.extensions)}


def fault_of(failed: Exception, services: Services) -> Fault:
    """Return what a client is told of a failure; a bug is masked, with its traceback in the log."""
    if isinstance(failed, RequestError):
        return Fault(failed.status, str(failed), {"code": failed.rule}, failed.headers)
    if isinstance(failed, TimeoutError):
        message = f"The answer took longer than {services.deadline_s:g} s and was given up; ask for less at once."
        return Fault(503, message, {"code": "DEADLINE", "retryable": True})
    if isinstance(failed, StoreError):
        return Fault(503, str(failed), {"code": failed.code, "retryable": failed.retryable})
    if isinstance(failed, SymbiosisError):
        return Fault(400, str(failed), {"code": failed.code})
    bug = masked(failed, debug=services.settings.debug)
    return Fault(500, bug["message"], bug["extensions"])


def is_curious(services: Services, viewer: Viewer) -> bool:
    """Say whether this viewer may introspect and is told which name was probably meant."""
    return viewer.person is not None or services.settings.debug


def prepared_for(services: Services, viewer: Viewer, asked: Asked) -> Prepared:
    """Return the document that is asked, or raise RequestError where this viewer may not ask it like this."""
    if viewer.person is None and services.settings.is_production and not asked.is_trusted:
        message = "Visitors ask trusted documents (`documentId`); sign in to ask anything else."
        raise RequestError(403, "TRUSTED_DOCUMENTS_ONLY", message)
    prepared = documents().prepared(asked.query, curious=is_curious(services, viewer))
    if asked.is_read_only and not prepared.errors and prepared.is_mutation(asked.operation_name):
        raise RequestError(405, "METHOD_NOT_ALLOWED", "What changes something is POSTed, never read.", allow="POST")
    return prepared


def kind_of(prepared: Prepared, asked: Asked) -> str:
    """Return `query`, `mutation` or `subscription`; of a document that is refused, `document`."""
    return "document" if prepared.errors else prepared.operation(asked.operation_name).operation.value


async def answered(services: Services, viewer: Viewer, asked: Asked, prepared: Prepared) -> ExecutionResult:
    """Return the result of a query or a mutation."""
    context = context_for(services.graph, viewer, services.launcher, services.analyses, selected=prepared.selected)
    curious = is_curious(services, viewer)
    return await executed(prepared, asked.operation_name, asked.variables, context, curious=curious)


def is_refused_whole(result: ExecutionResult) -> bool:
    """Say whether an operation was refused before any field of it was read."""
    errors = result.errors or []
    return result.data is None and bool(errors) and all(error.path is None for error in errors)


def body_of(result: ExecutionResult, *, debug: bool) -> dict[str, Any]:
    """Return a result as it is sent."""
    body: dict[str, Any] = {"errors": told(result.errors, debug=debug)} if result.errors else {}
    if not is_refused_whole(result):
        body["data"] = result.data
    return body
