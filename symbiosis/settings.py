"""Settings, read once by the composition root from `SYMBIOSIS_…` variables; nothing else reads the environment."""

from pathlib import Path
from typing import Final, Self

import platformdirs
from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from symbiosis.errors import InputError

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
SHORTEST_SECRET: Final = 8
SHORTEST_ALIAS_SECRET: Final = 32
KNOWN_SECRETS: Final = frozenset(
    {"changeme", "changeit", "neo4jneo4j", "password", "password1", "passw0rd", "secretsecret", "symbiosis", "testtest"}
    | {"12345678", "123456789", "1234567890", "qwertyui", "letmein1", "adminadmin", "changeme1"}
)


class SettingsError(InputError):
    """A setting is missing or wrong."""

    code = "SETTINGS"


class Settings(BaseSettings):
    """Everything an operator can set; each field's description is its documentation."""

    model_config = SettingsConfigDict(env_prefix="SYMBIOSIS_", extra="ignore", frozen=True)

    neo4j_uri: str | None = Field(
        None,
        description="Bolt address of a Neo4j (bolt://, neo4j://, +s). Not set: the embedded store is started.",
    )
    neo4j_user: str = Field("neo4j", description="User of that Neo4j.")
    neo4j_password: SecretStr | None = Field(None, description="Password of that user.")
    neo4j_database: str = Field("neo4j", description="Database of that Neo4j.")
    data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("symbiosis", appauthor=False)),
        description="Where the embedded store, its password and the development key live.",
    )
    osrm_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s?#]+$",
        description="Address of a routing server (OSRM) that runs ask for distances by road. Not set: nobody is asked.",
    )
    keep_schedule: bool = Field(
        default=True, description="Start the runs that are due (`symbiosis runs schedule`) in the served app."
    )
    run_lease_s: float = Field(90.0, ge=0.5, description="A run that is silent for so long may be taken over.")
    run_time_limit_s: float | None = Field(3600.0, gt=0, description="How long a run may compute, in seconds.")
    run_memory_limit_mb: int | None = Field(
        None, gt=0, description="How much memory the process that computes a run may take, in MB. Not set: no limit."
    )
    keep_runs: int = Field(
        60, ge=2, description="So many published plans are kept; of an older run its figures are, its suggestions not."
    )
    keep_days: int = Field(400, gt=0, description="For so many days a plan is kept at most; never less than two plans.")
    analyses_at_once: int = Field(
        1, ge=1, le=16, description="So many analyses that decide again are worked on at once; 20 more may wait."
    )
    analysis_time_limit_s: float = Field(600.0, gt=0, description="How long such an analysis may take, in seconds.")
    carry_over: bool = Field(
        default=True, description="Begin a run where the one before has ended, instead of finding everything anew."
    )
    carry_from: int = Field(
        20_000,
        ge=0,
        description="From so many open listings on; a smaller market is found anew sooner than carried over.",
    )
    carry_dir: Path | None = Field(
        None,
        description="Where a run leaves what the next one carries over, some 45 bytes a candidate; it may be deleted "
        "at any time. Not set: `carried` in the data directory.",
    )
    host: str = Field("127.0.0.1", description="Address that `serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that `serve` listens on; 0 takes a free one.")
    dev_tokens: bool = Field(default=False, description="Accept development tokens; only ever on a loopback address.")

    production: bool = Field(
        default=False, description="Refuse what is for development only; always so on an address that is not loopback."
    )
    debug: bool = Field(default=False, description="Tell clients what a bug was, and let visitors introspect.")
    cors_origins: str = Field("", description="Origins whose pages may ask, separated by commas; `*` is any.")
    oidc_issuer: str | None = Field(None, description="`iss` of the access tokens to accept; not set: none are.")
    oidc_audience: str | None = Field(None, description="`aud` that those tokens must name.")
    oidc_jwks: str | None = Field(None, description="The issuer's public keys: an https URL, or a JWKS file.")
    metrics_token: SecretStr | None = Field(
        None, min_length=16, description="What Prometheus sends as Bearer token to /metrics; not set: loopback only."
    )
    log_operations: bool = Field(
        default=False, description="Write a line on standard error for every operation; never what was asked."
    )
    alias_secret: SecretStr | None = Field(
        None,
        description="From which the aliases of anonymised listings are made, at least 32 characters; the same for "
        "every process that serves one store. Not set: a fresh one at each start, and aliases change with it.",
    )
    rate_per_minute: int = Field(600, gt=0, description="Requests a minute of one account or API key.")
    visitor_rate_per_minute: int = Field(120, gt=0, description="Requests a minute of one visitor's address.")

    @property
    def is_production(self) -> bool:
        """Say whether others than this machine may be served, so that nothing for development is let through."""
        return self.production or self.host not in LOOPBACK

    @property
    def origins(self) -> tuple[str, ...]:
        """Return the origins whose pages may ask."""
        return tuple(origin.strip() for origin in self.cors_origins.split(",") if origin.strip())

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.neo4j_uri is not None and self.neo4j_password is None:
            raise ValueError("SYMBIOSIS_NEO4J_URI is set, but SYMBIOSIS_NEO4J_PASSWORD is not: set both.")
        if self.dev_tokens and self.host not in LOOPBACK:
            raise ValueError(
                f"Development tokens are on, but SYMBIOSIS_HOST is {self.host}: they work on 127.0.0.1 only."
            )
        if self.alias_secret is not None and len(self.alias_secret.get_secret_value()) < SHORTEST_ALIAS_SECRET:
            short = f"SYMBIOSIS_ALIAS_SECRET has fewer than {SHORTEST_ALIAS_SECRET} characters"
            raise ValueError(f"{short}; make one with `openssl rand -hex 32`.")
        named = (self.oidc_issuer, self.oidc_audience, self.oidc_jwks)
        if any(named) and not all(named):
            raise ValueError("Set SYMBIOSIS_OIDC_ISSUER, SYMBIOSIS_OIDC_AUDIENCE and SYMBIOSIS_OIDC_JWKS together.")
        if self.is_production and (reason := self._not_for_production()):
            where = "production" if self.production else f"SYMBIOSIS_HOST {self.host}"
            raise ValueError(f"{reason} That is refused in {where}.")
        return self

    def _not_for_production(self) -> str | None:
        """Return what is set that only a development machine may have, or None."""
        password = None if self.neo4j_password is None else self.neo4j_password.get_secret_value()
        if self.dev_tokens:
            return "SYMBIOSIS_DEV_TOKENS is on; sign in over OIDC or with API keys."
        if self.debug:
            return "SYMBIOSIS_DEBUG is on; switch it off."
        if "*" in self.cors_origins:
            return "SYMBIOSIS_CORS_ORIGINS has `*`; name the origins."
        if password is not None and (len(password) < SHORTEST_SECRET or password.lower() in KNOWN_SECRETS):
            return f"SYMBIOSIS_NEO4J_PASSWORD is one that everybody knows, or under {SHORTEST_SECRET} characters."
        return None


def load_settings(**given: object) -> Settings:
    """Return the settings from the environment and the given values, or raise SettingsError in words."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        name = f"SYMBIOSIS_{where.upper()}: " if where else ""
        raise SettingsError(f"{name}{first['msg'].removeprefix('Value error, ')}") from wrong
