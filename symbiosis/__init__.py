"""Symbiosis: a marketplace for industrial symbiosis that decides all exchanges together and proves it."""

from typing import Final

VERSION: Final = "0.1.0"
