"""The context of status lists and their entries, which the base context of VCDM 2.0 repeats.

Source: Bitstring Status List 1.0, section 5.2.
"""

from sayso.credentials.contexts.definitions import KEYWORDS, MULTIBASE, PROTECTED, STATUS, XSD_HTTPS, linked, type_scoped, typed
from sayso.credentials.contexts.layout import Group, Node


def context() -> Node:
    """Give the value of `@context`."""
    return (PROTECTED, KEYWORDS, *definitions())


def definitions() -> tuple[Group, ...]:
    """Define the types of status lists and their entries."""
    return (
        {"BitstringStatusListCredential": STATUS + "BitstringStatusListCredential"},
        {"BitstringStatusList": type_scoped(STATUS + "BitstringStatusList", _status_list())},
        {"BitstringStatusListEntry": type_scoped(STATUS + "BitstringStatusListEntry", _status_entry())},
    )


def _status_list() -> Group:
    return {
        "encodedList": typed(STATUS + "encodedList", MULTIBASE),
        "statusPurpose": STATUS + "statusPurpose",
        "ttl": STATUS + "ttl",
    }


def _status_entry() -> Group:
    return {
        "statusListCredential": linked(STATUS + "statusListCredential"),
        "statusListIndex": STATUS + "statusListIndex",
        "statusPurpose": STATUS + "statusPurpose",
        "statusMessage": type_scoped(STATUS + "statusMessage", {"message": STATUS + "message", "status": STATUS + "status"}),
        "statusReference": linked(STATUS + "statusReference"),
        "statusSize": typed(STATUS + "statusSize", XSD_HTTPS + "integer"),
    }
