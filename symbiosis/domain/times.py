"""Times as the store keeps them: UTC, ISO-8601, fixed width, so that they compare as text."""

from datetime import UTC, datetime, timedelta


def utc_text(moment: datetime) -> str:
    """Return a moment like `2026-11-22T21:36:23.004711Z`; raise ValueError if it names no time zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} names no time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def utc_now() -> str:
    """Return the time of now."""
    return utc_text(datetime.now(UTC))


def utc_after(earlier: str | None) -> str:
    """Return the time of now, or the first microsecond after `earlier` where a clock of another machine was ahead."""
    now = utc_now()
    if earlier is None or now > earlier:
        return now
    return utc_text(datetime.fromisoformat(earlier) + timedelta(microseconds=1))
