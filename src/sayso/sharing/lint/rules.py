"""Name the rules: a table, each with an id that stays.

Each rule is a function over the request alone and what is known beside it. What is retired leaves its id unused.
"""

from typing import Final, NamedTuple

from sayso.sharing.lint import of_claims, of_requests
from sayso.sharing.lint.finding import Severity
from sayso.sharing.lint.hits import Finder


class Rule(NamedTuple):
    """Hold a rule: `why` is what it is good for, in words for those who ask."""

    id: str
    title: str
    severity: Severity
    why: str
    finds: Finder


RULES: Final = (
    Rule(
        "L01",
        "A date of birth where a yes or no would do",
        "warning",
        "A date, a year or an age tells more than that somebody is old enough. Clean where a claim that says less does instead "
        "(`accepts`), and for purposes that need the date.",
        of_claims.birthdate,
    ),
    Rule(
        "L02",
        "A full address where a postcode would do",
        "warning",
        "A street finds a door; prices, statistics and the nearest shop need an area. Clean where a part that says less does instead "
        "(`accepts`), and for purposes that need the street.",
        of_claims.address,
    ),
    Rule(
        "L03",
        "No retention is stated",
        "warning",
        "What has no end is shared for ever. To keep nothing is a retention too.",
        of_claims.no_retention,
    ),
    Rule("L04", "Kept longer than is usual", "warning", "Every purpose has a usual time, in the table below.", of_claims.long_retention),
    Rule(
        "L05",
        "Required without a consequence",
        "warning",
        "Who may not leave something out is told what happens if they do.",
        of_claims.no_consequence,
    ),
    Rule(
        "L06",
        "No benefit is stated",
        "warning",
        "Give a little, get a little: the customer sees the gain before the decision.",
        of_claims.no_benefit,
    ),
    Rule(
        "L07",
        "Outside the step of the dialogue",
        "error",
        "A step asks for what it needs, as the business's own map says.",
        of_claims.outside_the_step,
    ),
    Rule("L08", "Beyond the registration", "error", "A register says what a business may ask for.", of_claims.beyond_registration),
    Rule(
        "L09",
        "A special category without explicit consent",
        "error",
        "Health, religion, ethnicity, politics, union membership, sex life, genetic and biometric data need explicit consent or another "
        "basis in Article 9(2) of the GDPR. Known by the row's category, or by the claim's name.",
        of_claims.special_category,
    ),
    Rule("L10", "Already held", "warning", "What was shared and has not ended need not be shared again.", of_claims.held_already),
    Rule(
        "L11",
        "Through an intermediary",
        "note",
        "The customer sees who else learns of the request. That is told, and no fault by itself.",
        of_requests.intermediary,
    ),
    Rule("L12", "Asked again too soon", "note", "What was answered is answered for a while, and so is a no.", of_requests.asked_again),
    Rule("L13", "Sale is not excluded", "warning", "What is not excluded may happen.", of_requests.sale_open),
    Rule("L14", "Profiling is not excluded", "warning", "What is not excluded may happen.", of_requests.profiling_open),
    Rule(
        "L15",
        "Training of AI is not excluded",
        "warning",
        "What is not excluded may happen, and a model forgets nothing.",
        of_requests.training_open,
    ),
    Rule("L16", "No reason is stated", "warning", "Who is asked for something is told why.", of_claims.no_reason),
    Rule(
        "L17",
        "The purpose is promised not to be followed",
        "error",
        "A request that sells data and prohibits its sale says two things; so does any purpose that is among what is prohibited.",
        of_requests.contradiction,
    ),
    Rule(
        "L18",
        "Kept longer than the step of the dialogue says",
        "error",
        "The business's own map says how long each claim is kept.",
        of_claims.beyond_the_retention_of_the_step,
    ),
)
"""The rules by their ids, in order."""
