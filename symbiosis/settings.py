"""Settings, read once by the composition root from `SYMBIOSIS_…` variables; nothing else reads the environment."""

from pathlib import Path
from typing import Self

import platformdirs
from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from symbiosis.errors import InputError


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
    host: str = Field("127.0.0.1", description="Address that `serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that `serve` listens on; 0 takes a free one.")
    dev_tokens: bool = Field(default=False, description="Accept development tokens; only ever on a loopback address.")

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.neo4j_uri is not None and self.neo4j_password is None:
            raise ValueError("SYMBIOSIS_NEO4J_URI is set, but SYMBIOSIS_NEO4J_PASSWORD is not: set both.")
        if self.dev_tokens and self.host not in {"127.0.0.1", "::1", "localhost"}:
            raise ValueError(
                f"Development tokens are on, but SYMBIOSIS_HOST is {self.host}: they work on 127.0.0.1 only."
            )
        return self


def load_settings(**given: object) -> Settings:
    """Return the settings from the environment and the given values, or raise SettingsError in words."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        name = f"SYMBIOSIS_{where.upper()}: " if where else ""
        raise SettingsError(f"{name}{first['msg'].removeprefix('Value error, ')}") from wrong
