"""Know the terms of the Data Privacy Vocabulary that sharing terms are written in, and no others.

Source: W3C Data Privacy Vocabulary (DPV) 2.3, with its extensions for the GDPR and for locations. Terms are written with their prefixes.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

VERSION: Final = "2.3"
NAMESPACES: Final = MappingProxyType(
    {
        "dpv": "https://w3id.org/dpv#",
        "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
        "loc": "https://w3id.org/dpv/loc#",
        "justifications": "https://w3id.org/dpv/justifications#",
    }
)

REQUIRED: Final = "dpv:Required"
OPTIONAL: Final = "dpv:Optional"

AI_TRAINING: Final = "ai-training"
"""To train artificial intelligence with the data: a term of this library, for DPV has none that is about the data of one share."""

# Each purpose with the wider one that it belongs to.
_WIDER: Final = {
    "AccountManagement": "",
    "CommercialPurpose": "",
    "CommunicationManagement": "",
    "CustomerManagement": "",
    "EnforceSecurity": "",
    "EstablishContractualAgreement": "",
    "FulfilmentOfObligation": "",
    "HumanResourceManagement": "",
    "Marketing": "",
    "NonCommercialPurpose": "",
    "Personalisation": "",
    "PublicBenefit": "",
    "RecordManagement": "",
    "ResearchAndDevelopment": "",
    "ServiceProvision": "",
    "Advertising": "Marketing",
    "AcademicResearch": "ResearchAndDevelopment",
    "AgeVerification": "Verification",
    "CommercialResearch": "ResearchAndDevelopment",
    "CommunicationForCustomerCare": "CustomerCare",
    "CounterMoneyLaundering": "FraudPreventionAndDetection",
    "CreditChecking": "CustomerSolvencyMonitoring",
    "CustomerCare": "CustomerManagement",
    "CustomerClaimsManagement": "CustomerManagement",
    "CustomerOrderManagement": "CustomerManagement",
    "CustomerRelationshipManagement": "CustomerManagement",
    "CustomerSolvencyMonitoring": "CustomerManagement",
    "DeliveryOfGoods": "RequestedServiceProvision",
    "DirectMarketing": "Marketing",
    "EnforceAccessControl": "EnforceSecurity",
    "FraudPreventionAndDetection": "MisusePreventionAndDetection",
    "FulfilmentOfContractualObligation": "FulfilmentOfObligation",
    "IdentityAuthentication": "EnforceSecurity",
    "IdentityVerification": "Verification",
    "ImproveHealthcare": "PublicBenefit",
    "LegalCompliance": "FulfilmentOfObligation",
    "MisusePreventionAndDetection": "EnforceSecurity",
    "OptimisationForController": "ServiceOptimisation",
    "PaymentManagement": "ServiceProvision",
    "PersonalisedAdvertising": "Advertising",
    "PersonalisedBenefits": "ServicePersonalisation",
    "PersonnelHiring": "PersonnelManagement",
    "PersonnelManagement": "HumanResourceManagement",
    "PersonnelPayment": "PersonnelManagement",
    "ProvidePersonalisedRecommendations": "ServicePersonalisation",
    "RequestedServiceProvision": "ServiceProvision",
    "ScientificResearch": "ResearchAndDevelopment",
    "SellDataToThirdParties": "SellProducts",
    "SellInsightsFromData": "SellProducts",
    "SellProducts": "ServiceProvision",
    "SellProductsToDataSubject": "SellProducts",
    "ServiceOptimisation": "ServiceProvision",
    "ServicePersonalisation": "ServiceProvision",
    "ServiceRegistration": "ServiceProvision",
    "ServiceUsageAnalytics": "ServiceProvision",
    "SocialMediaMarketing": "Marketing",
    "TargetedAdvertising": "PersonalisedAdvertising",
    "Verification": "EnforceSecurity",
}
PURPOSES: Final[Mapping[str, str]] = MappingProxyType({f"dpv:{name}": f"dpv:{wider}" if wider else "" for name, wider in _WIDER.items()})
"""The purposes, each with the wider one that it belongs to, "" for none."""

CONSENT: Final = frozenset({"eu-gdpr:A6-1-a", "eu-gdpr:A6-1-a-non-explicit-consent"})
"""Consent that need not be explicit."""
EXPLICIT_CONSENT: Final = frozenset({"eu-gdpr:A6-1-a-explicit-consent", "eu-gdpr:A9-2-a"})
LEGAL_BASES: Final = frozenset(
    {
        *CONSENT,
        *EXPLICIT_CONSENT,
        *(f"eu-gdpr:A6-1-{point}" for point in ("b", "b-contract-performance", "b-enter-into-contract", "c", "d", "e", "f")),
        *(f"eu-gdpr:A9-2-{point}" for point in "bcdefghij"),
    }
)
"""The legal bases of the GDPR: Article 6(1), and Article 9(2) for special categories."""
SPECIAL_BASES: Final = frozenset(basis for basis in LEGAL_BASES if basis.startswith("eu-gdpr:A9-"))

ROLES: Final = frozenset(
    f"dpv:{name}" for name in ("DataController", "JointDataControllers", "DataProcessor", "DataSubProcessor", "Recipient", "ThirdParty")
)
"""What a recipient is."""

CATEGORIES: Final = frozenset({"dpv:PersonalData", "dpv:SensitivePersonalData", "dpv:SpecialCategoryPersonalData"})
"""What kind of personal data an attribute is, where a business says so."""

OBJECTIONS: Final = frozenset(
    f"justifications:{name}" for name in ("ContestAccuracy", "NonNecessityObjection", "Objection", "UnlawfulActivityObjection")
)
"""Why somebody asks for erasure, where they say so."""
NON_FULFILMENT: Final = frozenset(
    f"justifications:{name}"
    for name in (
        "ConfidentialityObligationCompromised",
        "ContractEstablishmentNecessity",
        "ContractPerformanceNecessity",
        "CrimeInvestigationImpaired",
        "DisproportionateEffortRequired",
        "FreedomOfExpressionImpaired",
        "FulfilmentImpossible",
        "IdentityVerificationFailure",
        "LegalClaimDefenceImpaired",
        "LegalClaimEstablishmentImpaired",
        "LegalClaimExerciseImpaired",
        "LegalObligationImpaired",
        "LegallyExempted",
        "ProcessExcessive",
        "ProcessUnfounded",
        "PublicInterestArchivingImpaired",
        "PublicSecurityImpaired",
    )
)
"""Why something is kept though it was to be erased."""

PROHIBITABLE: Final = frozenset({*PURPOSES, "dpv:Profiling", "dpv:Transfer", "dpv:Share", "dpv:Sell", AI_TRAINING})
"""What a business can promise not to do."""

_LOCATION = re.compile("loc:[A-Z]{2}", re.ASCII)


def is_location(term: str) -> bool:
    """Tell whether this is a country by its code of two letters. Source: DPV 2.3, extension LOC; ISO 3166-1.

    >>> is_location("loc:NO"), is_location("NO")
    (True, False)
    """
    return _LOCATION.fullmatch(term) is not None


def is_within(purpose: str, wider: str) -> bool:
    """Tell whether a purpose is another one, or belongs to it.

    >>> is_within("dpv:TargetedAdvertising", "dpv:Marketing"), is_within("dpv:Marketing", "dpv:TargetedAdvertising")
    (True, False)
    """
    while purpose and purpose != wider:
        purpose = PURPOSES.get(purpose, "")
    return bool(purpose)


def expand(term: str) -> str:
    """Give the IRI of a term.

    >>> expand("dpv:Marketing")
    'https://w3id.org/dpv#Marketing'
    """
    prefix, _, name = term.partition(":")
    return NAMESPACES[prefix] + name if prefix in NAMESPACES else term
