"""Say what a purpose usually needs: how long data is kept for it, and whether it takes a date of birth or a street.

These are this library's rules of thumb and no law; a business may have its reasons, and a customer may ask for them.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from sayso.sharing import dpv


def _years(number: int) -> int:
    """Give the days of some years: of the longest ones, so that nobody who says it in days is too late."""
    return number * 365 + (number + 3) // 4


USUAL_DAYS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "": _years(1),
        "dpv:AccountManagement": _years(1),
        "dpv:CommercialPurpose": _years(1),
        "dpv:CommunicationManagement": _years(1),
        "dpv:CustomerManagement": _years(1),
        "dpv:EnforceSecurity": 180,
        "dpv:EstablishContractualAgreement": _years(3),
        "dpv:FulfilmentOfObligation": _years(10),
        "dpv:HumanResourceManagement": _years(5),
        "dpv:Marketing": _years(1),
        "dpv:NonCommercialPurpose": _years(1),
        "dpv:Personalisation": 180,
        "dpv:PublicBenefit": _years(10),
        "dpv:RecordManagement": _years(10),
        "dpv:ResearchAndDevelopment": _years(5),
        "dpv:ServiceProvision": _years(1),
        "dpv:Advertising": 180,
        "dpv:AgeVerification": 1,
        "dpv:CounterMoneyLaundering": _years(10),
        "dpv:CreditChecking": 180,
        "dpv:CustomerCare": 180,
        "dpv:CustomerClaimsManagement": _years(3),
        "dpv:DeliveryOfGoods": 90,
        "dpv:EnforceAccessControl": 30,
        "dpv:FraudPreventionAndDetection": _years(2),
        "dpv:FulfilmentOfContractualObligation": _years(3),
        "dpv:IdentityAuthentication": 30,
        "dpv:PaymentManagement": _years(5),
        "dpv:PersonnelHiring": 180,
        "dpv:PersonnelPayment": _years(10),
        "dpv:ServicePersonalisation": 180,
        "dpv:ServiceUsageAnalytics": 90,
        "dpv:Verification": 30,
    }
)
"""For how many days data is usually kept for a purpose, "" where none is stated; a purpose without a row has what the wider one has."""

NEEDS_BIRTHDATE: Final = frozenset(
    {
        "dpv:CounterMoneyLaundering",
        "dpv:CreditChecking",
        "dpv:IdentityVerification",
        "dpv:ImproveHealthcare",
        "dpv:LegalCompliance",
        "dpv:PersonnelPayment",
    }
)
"""Purposes that tell one person from another of the same name, or follow a law that asks for the date: no yes or no would do."""

NEEDS_STREET: Final = frozenset(
    {
        "dpv:CounterMoneyLaundering",
        "dpv:CreditChecking",
        "dpv:DeliveryOfGoods",
        "dpv:EstablishContractualAgreement",
        "dpv:FulfilmentOfObligation",
        "dpv:PersonnelPayment",
    }
)
"""Purposes that bring something to a door, or that name a party as contracts and laws do: no postcode would do."""


def usual(purpose: str) -> timedelta:
    """Give how long data is usually kept for a purpose.

    >>> usual("dpv:DeliveryOfGoods").days, usual("dpv:AcademicResearch") == usual("dpv:ResearchAndDevelopment")
    (90, True)
    """
    while purpose not in USUAL_DAYS:
        purpose = dpv.PURPOSES[purpose]
    return timedelta(USUAL_DAYS[purpose])


def needs(purpose: str, needing: Collection[str]) -> bool:
    """Tell whether a purpose is one of some, or belongs to one.

    >>> needs("dpv:LegalCompliance", NEEDS_STREET), needs("dpv:Marketing", NEEDS_STREET)
    (True, False)
    """
    return any(dpv.is_within(purpose, one) for one in needing)
