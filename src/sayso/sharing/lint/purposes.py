"""Say what a purpose usually needs: how long data is kept for it, and whether it takes a date of birth or a street.

These are this library's rules of thumb and no law; a business may have its reasons, and a customer may ask for them.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from sayso.sharing import dpv

USUAL_DAYS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "": 365,
        "dpv:AccountManagement": 365,
        "dpv:CommercialPurpose": 365,
        "dpv:CommunicationManagement": 365,
        "dpv:CustomerManagement": 365,
        "dpv:EnforceSecurity": 180,
        "dpv:EstablishContractualAgreement": 3 * 365,
        "dpv:FulfilmentOfObligation": 10 * 366,
        "dpv:HumanResourceManagement": 5 * 365,
        "dpv:Marketing": 365,
        "dpv:NonCommercialPurpose": 365,
        "dpv:Personalisation": 180,
        "dpv:PublicBenefit": 10 * 366,
        "dpv:RecordManagement": 10 * 366,
        "dpv:ResearchAndDevelopment": 5 * 365,
        "dpv:ServiceProvision": 365,
        "dpv:Advertising": 180,
        "dpv:AgeVerification": 1,
        "dpv:CounterMoneyLaundering": 10 * 366,
        "dpv:CreditChecking": 180,
        "dpv:CustomerCare": 180,
        "dpv:CustomerClaimsManagement": 3 * 365,
        "dpv:DeliveryOfGoods": 90,
        "dpv:EnforceAccessControl": 30,
        "dpv:FraudPreventionAndDetection": 2 * 365,
        "dpv:FulfilmentOfContractualObligation": 3 * 365,
        "dpv:IdentityAuthentication": 30,
        "dpv:PaymentManagement": 5 * 366,
        "dpv:PersonnelHiring": 180,
        "dpv:PersonnelPayment": 10 * 366,
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
