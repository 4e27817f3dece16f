"""What a field of the API tells, as a tag that every field carries: who may read it follows from the tag."""

from enum import StrEnum


class Tag(StrEnum):
    """What kind of fact a field tells.

    OPEN      a public fact, a name of the vocabulary, or the shape of an answer: to everybody who sees its object
    OWN       about the viewer alone: the account, its keys, what it asked for
    MEMBER    to people with a mandate in force
    LISTED    a fact of a listing: to those who see the listing whole
    IDENTITY  who it is: site, organisation, place, title, and the ids that lead there
    NUMBERS   an exact amount of a pair: null while a side of it is anonymised or private to the viewer
    PRICE     what a site pays, or what that could be worked out from: to the site and facilitators of its territory
    OUTLINE   what is shown of an anonymised listing: widened until three firms could be meant
    STEP      where a synergy stands, and what was done about it: to its two sites, its facilitators and analysts
    NOTE      what facilitators write for each other
    """

    OPEN = "OPEN"
    OWN = "OWN"
    MEMBER = "MEMBER"
    LISTED = "LISTED"
    IDENTITY = "IDENTITY"
    NUMBERS = "NUMBERS"
    PRICE = "PRICE"
    OUTLINE = "OUTLINE"
    STEP = "STEP"
    NOTE = "NOTE"
