"""What the settings refuse: nothing that is for development gets out of this machine."""

from typing import Any

import pytest

from symbiosis.settings import SettingsError, load_settings

STORE = {"neo4j_uri": "bolt://127.0.0.1:7687", "neo4j_password": "kx-83-long-enough"}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"dev_tokens": True}, "SYMBIOSIS_DEV_TOKENS is on"),
        ({"debug": True}, "SYMBIOSIS_DEBUG is on"),
        ({"cors_origins": "*"}, "SYMBIOSIS_CORS_ORIGINS has"),
        ({"cors_origins": "https://a.org, https://*.b.org"}, "SYMBIOSIS_CORS_ORIGINS has"),
        ({"neo4j_password": "password"}, "everybody knows"),
        ({"neo4j_password": "Changeme"}, "everybody knows"),
        ({"neo4j_password": "short"}, "under 8 characters"),
    ],
    ids=str,
)
@pytest.mark.parametrize("place", [{"production": True}, {"host": "0.0.0.0"}], ids=["production", "public address"])
def test_production_refuses_what_is_for_development(given: dict[str, Any], words: str, place: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match=r"production|SYMBIOSIS_HOST") as refused:
        load_settings(**(STORE | given | place))
    if "dev_tokens" not in given or "host" not in place:
        assert words in str(refused.value)


def test_production_takes_what_is_meant_for_it() -> None:
    settings = load_settings(**STORE, production=True, cors_origins="https://a.org, https://b.org")
    assert settings.is_production
    assert settings.origins == ("https://a.org", "https://b.org")
    assert not load_settings(**(STORE | {"neo4j_password": "password"}), debug=True, cors_origins="*").is_production


def test_the_three_settings_of_the_issuer_come_together() -> None:
    with pytest.raises(SettingsError, match="together"):
        load_settings(oidc_issuer="https://id.example.org")
