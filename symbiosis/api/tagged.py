"""Which tag each field of the schema carries; a field without one keeps the program from starting.

A type whose fields are all of one kind carries one tag; a type that mixes kinds names every field. Pages and edges are
shapes, and carry OPEN. What a tag means, and so who reads the field, is `symbiosis.policy.Tag`'s to say.
"""

from collections.abc import Mapping
from typing import Final

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from symbiosis.policy import Tag

_SHAPES: Final = ("Connection", "Edge")

OF_TYPE: Final[Mapping[Tag, str]] = {
    Tag.OPEN: "Query Mutation Subscription Node PageInfo Problem InputProblem NotFoundProblem NotAllowedProblem "
    "ConflictProblem TransitionProblem RuleProblem CodeSuggestions SuggestedResource SuggestedWasteCode "
    "SuggestedReceiver Commune Territory Site Organisation Resource QualityWindow StatedEvidence MissingFact Progress "
    "LegalCondition LegalRoute LegalPath PairCheckResult PairNotice PairReason AnalysisGroup "
    "Observatory ObservatoryCell ObservatoryFlow",
    Tag.OWN: "Person Mandate ApiKey NewApiKey",
    Tag.MEMBER: "Run RunChangeCount Schedule Scenario ScenarioSite ComparedScenario FrontPoint "
    "UnmatchedSum FlowStructure TerritoryIndicators StatusCount DeclaredJobs GroupBalance "
    "Analysis AnalysisArgument AnalysedSite TouchedListing SiteStop StopsResult MarginalValue MarginalsResult "
    "CooperatingGroup CooperatingPair CooperationResult LikelyListing LikelyExchange SiteChange NewcomerResult "
    "PortfolioPlant RadarResult CascadesFound CyclesFound CycleCount",
    Tag.OUTLINE: "AnonymisedListing ExchangeBand",
    Tag.STEP: "Colleague Consent Delivered Delivery Desk DeskCount HistoryEntry NextStep SynergyEvidence SynergyStep",
    Tag.NUMBERS: "EmissionLine",
    Tag.PRICE: "MoneyLine",
}
"""The tag of every field of these types."""

OF_FIELDS: Final[Mapping[str, Mapping[Tag, str]]] = {
    "Listing": {
        Tag.IDENTITY: "id siteId title description site source",
        Tag.PRICE: "pricePerUnitEur",
        Tag.LISTED: "resourceCode direction quantityPerYear quantityLowPerYear quantityHighPerYear level missing unit "
        "provenance estimated provenanceNote wasteCode qualities minimumPerYear physicalStates evidence availableFrom "
        "availableUntil visibility status version createdAt updatedAt resource",
    },
    "Synergy": {
        Tag.IDENTITY: "supplyId demandId supply demand",
        Tag.OUTLINE: "exchangeBand supplyOutline demandOutline",
        Tag.NUMBERS: "suggestion",
        Tag.NOTE: "note",
        Tag.STEP: "id consents heldFrom trialResult startedOn agreedQuantityPerYear jobsFte unit dueOn lastActivityAt "
        "nextSteps assignee history evidence deliveries delivered status version estimated supplyProvenance "
        "demandProvenance provenanceNote reason createdAt updatedAt",
    },
    "RunChange": {
        Tag.MEMBER: "synergyId kind cause synergy",
        Tag.IDENTITY: "supplyId demandId supply demand",
        Tag.PRICE: "valueChangePerYearEur",
    },
    "Suggestion": {
        Tag.NUMBERS: "runId rank quantityPerYear unit distanceKm transportPerYearEur treatmentPerYearEur "
        "avoidedTco2ePerYear avoidedLowTco2ePerYear avoidedHighTco2ePerYear emissionLines vehicle match technique "
        "factorIds unpriced",
        Tag.PRICE: "valuePerYearEur avoidedDisposalPerYearEur avoidedPurchasePerYearEur supplierSharePerYearEur "
        "receiverSharePerYearEur valueLowPerYearEur valueHighPerYearEur moneyLines",
    },
    "FlowBetween": {
        Tag.NUMBERS: "giver taker kind unit flowCount quantityPerYear avoidedTco2ePerYear",
        Tag.PRICE: "valuePerYearEur",
    },
    "SiteShape": {
        Tag.IDENTITY: "siteId name",
        Tag.NUMBERS: "givesToCount takesFromCount betweennessShare community",
        Tag.PRICE: "outStrengthPerYearEur inStrengthPerYearEur",
    },
    "ChainedSite": {
        Tag.IDENTITY: "siteId name",
    },
    "Cascade": {
        Tag.NUMBERS: "sites given exchangeCount treatedCount unit throughPerYear",
        Tag.PRICE: "valuePerYearEur",
    },
    "Cycle": {
        Tag.NUMBERS: "sites",
        Tag.PRICE: "weakestPerYearEur valuePerYearEur",
    },
    "DivertedAmount": {
        Tag.NUMBERS: "territory kind chapter treatment unit suggested promised delivered evidenced "
        "suggestedAvoidedTco2e promisedAvoidedTco2e deliveredAvoidedTco2e",
        Tag.PRICE: "suggestedEur promisedEur deliveredEur",
    },
    "PairExplanation": {
        Tag.IDENTITY: "supplyId demandId",
        Tag.NUMBERS: "candidate reasons distanceKm estimated provenanceNote meeting checks notices legalPath",
    },
    "PossiblePartner": {
        Tag.IDENTITY: "listing",
        Tag.NUMBERS: "distanceKm meeting",
        Tag.PRICE: "regretPerUnitEur",
    },
    "PairMeeting": {
        Tag.NUMBERS: "match technique wayKm vehicle unit perUnit greatest factorIds unpriced",
        Tag.PRICE: "leftOut",
    },
    "PairWorth": {
        Tag.NUMBERS: "quantity transportEur treatmentEur avoidedTco2e avoidedLowTco2e avoidedHighTco2e emissionLines",
        Tag.PRICE: "valueEur avoidedDisposalEur avoidedPurchaseEur valueLowEur valueHighEur moneyLines",
    },
}
"""The tag of each field of the types that mix them."""


class UntaggedFieldError(RuntimeError):
    """A field of the schema carries no tag: a bug, found when the schema is built."""

    def __init__(self, untagged: list[str]) -> None:
        super().__init__(f"Without a tag: {', '.join(untagged)}. Say in symbiosis/api/tagged.py who may read them.")
        self.untagged = untagged


def tags_of(schema: GraphQLSchema) -> dict[str, Tag]:
    """Return the tag of every field, by `Type.field`; raise UntaggedFieldError."""
    fields = {
        f"{kind.name}.{field}": kind.name
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__")
        for field in kind.fields
    }
    whole = {name: tag for tag, names in OF_TYPE.items() for name in names.split()}
    mixed = ((kind, tag, names) for kind, tags in OF_FIELDS.items() for tag, names in tags.items())
    single = {f"{kind}.{field}": tag for kind, tag, names in mixed for field in names.split()}
    tags = {key: tag for key, kind in fields.items() if (tag := single.get(key) or _of_type(kind, whole)) is not None}
    if untagged := sorted(fields.keys() - tags.keys()):
        raise UntaggedFieldError(untagged)
    return tags


def _of_type(kind: str, whole: Mapping[str, Tag]) -> Tag | None:
    return Tag.OPEN if kind.endswith(_SHAPES) else whole.get(kind)
