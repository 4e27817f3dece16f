"""Who asks: nobody in particular, or the person behind an access token, an API key or a development token."""

import hashlib
import hmac
import secrets
from dataclasses import replace

from symbiosis.api.oidc import AccessTokens, IssuerKeys, is_access_token
from symbiosis.api.tokens import DevelopmentTokens, TokenError
from symbiosis.market.keys import PREFIX, viewer_for_key
from symbiosis.market.people import viewer_for
from symbiosis.policy import Viewer
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph


class SignIn:
    """The ways to sign in that the settings open."""

    def __init__(self, settings: Settings) -> None:
        self._development = DevelopmentTokens(settings)
        given = settings.alias_secret
        self._alias_secret = secrets.token_bytes(32) if given is None else given.get_secret_value().encode()
        self._access: AccessTokens | None = None
        if settings.oidc_issuer and settings.oidc_audience and settings.oidc_jwks:
            self._access = AccessTokens(settings.oidc_issuer, settings.oidc_audience, IssuerKeys(settings.oidc_jwks))

    @property
    def is_for_development(self) -> bool:
        """Say whether development tokens are accepted."""
        return self._development.accepted

    async def viewer(self, graph: Graph, authorization: str | None) -> Viewer:
        """Return who sent this header, with the mandates of today and the key of the own aliases of listings.

        Without a header it is a visitor; a header that is not good is never taken for a visitor's: TokenError,
        KeyRefusedError, UnknownPersonError or KeysUnavailableError is raised.
        """
        viewer = await self._viewer(graph, authorization)
        if viewer.person is None:
            return viewer
        key = hmac.new(self._alias_secret, viewer.person.person_id.encode(), hashlib.sha256).digest()
        return replace(viewer, alias_key=key)

    async def _viewer(self, graph: Graph, authorization: str | None) -> Viewer:
        if authorization is None:
            return await viewer_for(graph, None)
        scheme, _, given = authorization.partition(" ")
        token = given.strip()
        if scheme.lower() != "bearer" or not token:
            raise TokenError("Send `Authorization: Bearer` and a token or an API key, or no such header.")
        if token.startswith(PREFIX):
            return await viewer_for_key(graph, token)
        return await viewer_for(graph, await self._subject(token))

    async def _subject(self, token: str) -> str:
        if self._access is not None and (is_access_token(token) or not self._development.accepted):
            return await self._access.subject(token)
        return self._development.subject(token)
