"""Know claims by what they are called: dates of birth, addresses, and special categories of personal data.

Names are read as English words, however they are joined: `birth_date`, `birthDate` and the path `("birth", "date")` are one name. What a
claim holds is not known here.
"""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Final, TypeAlias

from sayso.credentials.claims_path import ClaimsPath
from sayso.credentials.kinds import Claim

Words: TypeAlias = tuple[str, ...]

_HUMP = re.compile("(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"[^\W\d_]+|\d+")


def _phrases(*texts: str) -> frozenset[Words]:
    return frozenset(tuple(text.split()) for text in texts)


BIRTH: Final = _phrases(
    *("birthdate", "birth date", "date of birth", "dob", "birthday", "birthyear", "birth year", "year of birth"),
    *("age in years", "age birth year"),
)
"""What a name ends in that tells how old somebody is; `age` does where it is all of the name."""
ADDRESS: Final = _phrases(
    *("address", "street", "street name", "street number", "house number", "house name", "address line", "address line 1"),
    *("address line 2", "address formatted"),
)
"""What a name ends in that tells where somebody lives, to the door."""
NO_ADDRESS: Final = frozenset({"email", "mail", "ip", "mac", "web", "wallet"})
"""Before `address`: where somebody is reached, and does not live."""
SPECIAL: Final = _phrases(
    # GDPR, Article 9(1), in the order in which it names them.
    *("racial", "ethnic", "ethnicity", "skin colour", "skin color"),
    *("political", "politics", "party membership", "voting intention"),
    *("religion", "religious", "philosophical", "belief", "beliefs", "faith", "church", "denomination"),
    *("trade union", "labour union", "labor union", "union member", "union membership"),
    *("genetic", "genome", "dna"),
    *("biometric", "biometrics", "fingerprint", "fingerprints", "iris", "face template", "voice print", "voiceprint"),
    *("health", "medical", "diagnosis", "diagnoses", "disability", "disabilities", "allergy", "allergies", "medication", "medications"),
    *("blood type", "blood group", "vaccination", "vaccinations", "pregnant", "pregnancy", "illness", "disease", "hiv"),
    *("sexual", "sexuality", "sex life"),
)
"""What stands in a name of special categories of personal data; `race` does where it is all of the name, for people run races too."""


def path_of(claim: Claim) -> ClaimsPath:
    """Give the path of a claim."""
    return (claim,) if isinstance(claim, str) else claim


@lru_cache(maxsize=1024)
def words(claim: Claim) -> Words:
    """Give the words of a claim's name, from the first step of its path to the last.

    >>> words("dateOfBirth"), words(("address", "street_address"))
    (('date', 'of', 'birth'), ('address', 'street', 'address'))
    """
    steps = (step for step in path_of(claim) if isinstance(step, str))
    return tuple(word.casefold() for step in steps for word in _WORD.findall(_HUMP.sub(" ", step)))


def _ends_in(name: Words, phrases: Collection[Words]) -> bool:
    return any(name[-length:] in phrases for length in range(1, 1 + min(len(name), _LONGEST)))


def _last(claim: Claim) -> Words:
    return words(path_of(claim)[-1:])


_LONGEST = max(map(len, BIRTH | ADDRESS | SPECIAL))


def is_birth(claim: Claim) -> bool:
    """Tell whether a claim says how old somebody is, and more than a yes or no about an age.

    >>> is_birth("birth_date"), is_birth("age"), is_birth("age_over_18"), is_birth("place_of_birth")
    (True, True, False, False)
    """
    return _ends_in(words(claim), BIRTH) or _last(claim) == ("age",)


def is_address(claim: Claim) -> bool:
    """Tell whether a claim says where somebody lives, to the door.

    >>> is_address(("address", "street_address")), is_address(("address", "postal_code")), is_address("email_address")
    (True, False, False)
    """
    name = words(claim)
    return _ends_in(name, ADDRESS) and not (name[-1:] == ("address",) and name[-2:-1] and name[-2] in NO_ADDRESS)


def is_special(claim: Claim) -> bool:
    """Tell whether a claim is of a special category of personal data, by its name.

    >>> is_special("bloodType"), is_special(("work", "trade_union")), is_special("european_union_citizen")
    (True, True, False)
    """
    name = words(claim)
    return _last(claim) == ("race",) or any(
        name[at : at + length] in SPECIAL for at in range(len(name)) for length in range(1, _LONGEST + 1)
    )


def beside(claim: Claim, name: str) -> Claim:
    """Name a claim that stands where another one does.

    >>> beside("birthdate", "age_over_18"), beside(("person", "birthdate"), "age_over_18")
    ('age_over_18', ('person', 'age_over_18'))
    """
    above = path_of(claim)[:-1]
    return (*above, name) if above else name


def covering(claim: Claim, among: Collection[Claim]) -> ClaimsPath | None:
    """Find, among paths, the claim that this one is or is a part of: the nearest one.

    >>> covering(("address", "city"), {("address",)}), covering("address", {("address", "city")})
    (('address',), None)
    """
    path = path_of(claim)
    return next((path[:length] for length in range(len(path), 0, -1) if path[:length] in among), None)
