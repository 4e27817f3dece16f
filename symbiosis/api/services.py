"""What the view needs of the app, and who asks it: signed in, and counted."""

import contextlib
from dataclasses import dataclass, field
from typing import Final

from symbiosis.analytics.viewed import Analyses
from symbiosis.api.asked import RequestError, Sender
from symbiosis.api.rates import Rates
from symbiosis.api.seats import Seats
from symbiosis.api.sign_in import SignIn
from symbiosis.api.telemetry import Telemetry
from symbiosis.api.tokens import TokenError
from symbiosis.errors import StoreError
from symbiosis.market.keys import KeyRefusedError
from symbiosis.market.live import Live
from symbiosis.market.people import UnknownPersonError
from symbiosis.market.runs import RunLauncher
from symbiosis.policy import Viewer
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph

DEADLINE_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Services:
    """What the view needs of the app."""

    graph: Graph
    launcher: RunLauncher
    sign_in: SignIn
    settings: Settings
    live: Live
    deadline_s: float = DEADLINE_S
    rates: Rates = field(default_factory=Rates)
    seats: Seats = field(default_factory=Seats)
    telemetry: Telemetry = field(default_factory=Telemetry)
    analyses: Analyses = field(default_factory=Analyses)


def account_of(viewer: Viewer, sender: Sender) -> str:
    """Return under which name a viewer's requests are counted: an account, a key, or a visitor's address."""
    if viewer.person is None:
        return f"address {sender.address}"
    return f"account {viewer.person.person_id if viewer.key is None else viewer.key.key_id}"


async def signed_in(services: Services, sender: Sender) -> Viewer:
    """Return who asks; a token that is not good is refused, never taken for a visitor's, and then counted."""
    try:
        return await services.sign_in.viewer(services.graph, sender.authorization)
    except (TokenError, KeyRefusedError, UnknownPersonError) as nobody:
        count(services, f"address {sender.address}", services.settings.visitor_rate_per_minute)
        raise RequestError(401, nobody.code, str(nobody), **{"www-authenticate": "Bearer"}) from nobody


async def counted_viewer(services: Services, sender: Sender) -> Viewer:
    """Return who asks, after counting the request; raise RequestError."""
    viewer = await signed_in(services, sender)
    is_visitor = viewer.person is None
    settings = services.settings
    a_minute = settings.visitor_rate_per_minute if is_visitor else settings.rate_per_minute
    count(services, account_of(viewer, sender), a_minute)
    return viewer


async def still_signed_in(services: Services, sender: Sender) -> None:
    """Raise RequestError if who sent this may no longer sign in; a store that is away is no reason to say so."""
    with contextlib.suppress(StoreError):
        await signed_in(services, sender)


def count(services: Services, who: str, a_minute: int) -> None:
    """Count a request of `who`; raise RequestError where that is one too many."""
    wait_s = services.rates.wait_s(who, a_minute)
    if wait_s:
        message = f"That is more than {a_minute} requests a minute; go on in {wait_s} s."
        raise RequestError(429, "RATE_LIMIT", message, **{"retry-after": str(wait_s)})
