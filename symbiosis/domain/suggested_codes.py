"""What free text may mean: codes of the List of Waste and resources, most likely first."""

from dataclasses import dataclass

from symbiosis.domain.resources import Resource
from symbiosis.domain.waste_codes import WasteCode


@dataclass(frozen=True, slots=True)
class SuggestedCode:
    """A code that the text may mean; `confidence_share` (0 to 1) is how often such a one is right."""

    entry: WasteCode
    confidence_share: float


@dataclass(frozen=True, slots=True)
class SuggestedResource:
    """A resource that the text may mean; `confidence_share` (0 to 1) is how often such a one is right."""

    resource: Resource
    confidence_share: float


@dataclass(frozen=True, slots=True)
class CodeSuggestions:
    """Both rankings, most likely first; either may be empty where no word is known."""

    waste_codes: tuple[SuggestedCode, ...]
    resources: tuple[SuggestedResource, ...]
