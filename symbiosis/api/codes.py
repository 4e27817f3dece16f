"""What a few words may mean: codes of the List of Waste, and resources."""

from typing import Self

import strawberry

from symbiosis.api.places import Resource
from symbiosis.domain import suggested_codes as domain


@strawberry.type(description="An entry of the List of Waste that the text may mean.")
class SuggestedWasteCode:
    """An entry of the List of Waste that the text may mean."""

    code: str = strawberry.field(description="Six digits.")
    display: str = strawberry.field(description="As the law writes it, with a star if hazardous: 11 01 05*.")
    hazardous: bool = strawberry.field(description="Whether the entry is hazardous waste.")
    label_fr: str = strawberry.field(description="Its name in French.")
    label_en: str = strawberry.field(description="Its name in English.")
    confidence_share: float = strawberry.field(
        description="How often such a suggestion is right, 0 to 1, on queries that it was measured on."
    )

    @classmethod
    def of(cls, suggested: domain.SuggestedCode) -> Self:
        """Return the entry as the API shows it."""
        entry = suggested.entry
        return cls(
            code=entry.code,
            display=entry.display,
            hazardous=entry.hazardous,
            label_fr=entry.label_fr,
            label_en=entry.label_en,
            confidence_share=suggested.confidence_share,
        )


@strawberry.type(description="A resource of the catalogue that the text may mean.")
class SuggestedResource:
    """A resource of the catalogue that the text may mean."""

    resource: Resource = strawberry.field(description="The resource.")
    confidence_share: float = strawberry.field(
        description="How often such a suggestion is right, 0 to 1, on queries that it was measured on."
    )


@strawberry.type(description="What a text may mean, most likely first; the choice stays with the person.")
class CodeSuggestions:
    """What a text may mean."""

    waste_codes: list[SuggestedWasteCode] = strawberry.field(description="Entries of the List of Waste.")
    resources: list[SuggestedResource] = strawberry.field(description="Resources of the catalogue.")

    @classmethod
    def of(cls, found: domain.CodeSuggestions) -> Self:
        """Return both rankings as the API shows them."""
        return cls(
            waste_codes=[SuggestedWasteCode.of(suggested) for suggested in found.waste_codes],
            resources=[
                SuggestedResource(resource=Resource.of(suggested.resource), confidence_share=suggested.confidence_share)
                for suggested in found.resources
            ],
        )
