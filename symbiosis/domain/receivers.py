"""Who may take a waste: exchanges that took place or were planned, and activities ranked from them."""

from dataclasses import dataclass
from enum import IntEnum


class ActivityLevel(IntEnum):
    """How far an activity code is read; the value is the length of the code."""

    DIVISION = 2
    GROUP = 4


@dataclass(frozen=True, slots=True)
class Waste:
    """What is to be given away: codes of the List of Waste, words, and the donor's NACE code; any may lack."""

    codes: tuple[str, ...] = ()
    text: str = ""
    donor_nace: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange of a published case: what was given, and the NACE code of who took it."""

    exchange_id: str
    case_id: str
    waste: Waste
    receiver_nace: str


@dataclass(frozen=True, slots=True)
class SuggestedReceiver:
    """A NACE division or group that may take the waste; the shares of all that are known sum to 1.

    `precedents` are ids of learnt exchanges in which it took a waste of a code that was asked for.
    """

    nace: str
    share: float
    precedents: tuple[str, ...] = ()
