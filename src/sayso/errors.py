"""Say why something was refused: published problem types and the library's one error."""

from dataclasses import dataclass
from typing import NamedTuple, Self

_VCDM = "https://www.w3.org/TR/vc-data-model#"
_SECURITY = "https://w3id.org/security#"
_DID = "https://www.w3.org/ns/did#"
_STATUS = "https://www.w3.org/ns/credentials/status-list#"
_SAYSO = "https://w3id.org/sayso/problems#"


class ProblemType(NamedTuple):
    """Name one kind of problem by URL and title.

    `decided` tells a verdict (True: this was looked at and refused) from a question that could not be decided (False).
    """

    url: str
    title: str
    decided: bool = True


# VCDM 2.0, section 7.3 (DM-26)
PARSING_ERROR = ProblemType(_VCDM + "PARSING_ERROR", "The input cannot be parsed")
CRYPTOGRAPHIC_SECURITY_ERROR = ProblemType(_VCDM + "CRYPTOGRAPHIC_SECURITY_ERROR", "A signature or digest does not hold")
MALFORMED_VALUE_ERROR = ProblemType(_VCDM + "MALFORMED_VALUE_ERROR", "A value does not follow its data model")
RANGE_ERROR = ProblemType(_VCDM + "RANGE_ERROR", "A value is outside the range that is allowed")
# VC Data Integrity 1.0, section 4.7, and Controlled Identifiers 1.0, section 3.4
PROOF_GENERATION_ERROR = ProblemType(_SECURITY + "PROOF_GENERATION_ERROR", "The proof cannot be made as asked")
PROOF_TRANSFORMATION_ERROR = ProblemType(_SECURITY + "PROOF_TRANSFORMATION_ERROR", "The document cannot be made ready for the proof")
DATA_LOSS_DETECTION_ERROR = ProblemType(_SECURITY + "DATA_LOSS_DETECTION_ERROR", "A part of the document would not be signed")
PROOF_VERIFICATION_ERROR = ProblemType(_SECURITY + "PROOF_VERIFICATION_ERROR", "The proof cannot be verified as asked")
INVALID_DOMAIN_ERROR = ProblemType(_SECURITY + "INVALID_DOMAIN_ERROR", "The presentation was made for another audience")
INVALID_CHALLENGE_ERROR = ProblemType(_SECURITY + "INVALID_CHALLENGE_ERROR", "The presentation answers another request")
INVALID_VERIFICATION_METHOD_URL = ProblemType(_SECURITY + "INVALID_VERIFICATION_METHOD_URL", "The key identifier is not a DID URL")
INVALID_CONTROLLED_IDENTIFIER_DOCUMENT = ProblemType(_SECURITY + "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT", "The DID document is malformed")
INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID = ProblemType(
    _SECURITY + "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID", "The DID document belongs to another DID"
)
INVALID_VERIFICATION_METHOD = ProblemType(_SECURITY + "INVALID_VERIFICATION_METHOD", "The verification method is missing or malformed")
INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD = ProblemType(
    _SECURITY + "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD", "The key is not authorised for this purpose"
)
# DID Resolution, section 10 (DID-4)
INVALID_DID = ProblemType(_DID + "INVALID_DID", "The DID is malformed")
INVALID_DID_URL = ProblemType(_DID + "INVALID_DID_URL", "The DID URL is malformed")
NOT_FOUND = ProblemType(_DID + "NOT_FOUND", "The DID document was not found", decided=False)
METHOD_NOT_SUPPORTED = ProblemType(_DID + "METHOD_NOT_SUPPORTED", "The DID method is not supported", decided=False)
FEATURE_NOT_SUPPORTED = ProblemType(_DID + "FEATURE_NOT_SUPPORTED", "The DID method cannot do what was asked", decided=False)
INVALID_OPTIONS = ProblemType(_DID + "INVALID_OPTIONS", "An option of the resolution is malformed")
REPRESENTATION_NOT_SUPPORTED = ProblemType(
    _DID + "REPRESENTATION_NOT_SUPPORTED", "The DID document cannot be given in this media type", decided=False
)
INVALID_DID_DOCUMENT = ProblemType(_DID + "INVALID_DID_DOCUMENT", "What the DID resolves to is no DID document")
INTERNAL_ERROR = ProblemType(_DID + "INTERNAL_ERROR", "The resolution failed", decided=False)
# Bitstring Status List 1.0, section 3.5 (BS-10)
STATUS_RETRIEVAL_ERROR = ProblemType(_STATUS + "STATUS_RETRIEVAL_ERROR", "The status could not be retrieved", decided=False)
STATUS_VERIFICATION_ERROR = ProblemType(_STATUS + "STATUS_VERIFICATION_ERROR", "The status list does not hold", decided=False)
STATUS_LIST_LENGTH_ERROR = ProblemType(_STATUS + "STATUS_LIST_LENGTH_ERROR", "The status list is too short", decided=False)
# What no specification names
RETRIEVAL_REFUSED = ProblemType(_SAYSO + "RETRIEVAL_REFUSED", "A retrieval was needed and not allowed", decided=False)
RETRIEVAL_FAILED = ProblemType(_SAYSO + "RETRIEVAL_FAILED", "The retrieval failed", decided=False)
URL_REFUSED = ProblemType(_SAYSO + "URL_REFUSED", "The URL is not one that may be retrieved", decided=False)
ADDRESS_REFUSED = ProblemType(_SAYSO + "ADDRESS_REFUSED", "The host leads to an address that may not be reached", decided=False)
REDIRECT_REFUSED = ProblemType(_SAYSO + "REDIRECT_REFUSED", "The answer leads on to where it may not lead", decided=False)
TOO_SLOW = ProblemType(_SAYSO + "TOO_SLOW", "The answer did not come in time", decided=False)
MEDIA_TYPE_REFUSED = ProblemType(_SAYSO + "MEDIA_TYPE_REFUSED", "The answer is of another media type than was asked for", decided=False)
CODING_REFUSED = ProblemType(_SAYSO + "CODING_REFUSED", "The answer is compressed, and that was not asked for", decided=False)
UNDECIDABLE = ProblemType(_SAYSO + "UNDECIDABLE", "This needs a capability that is not available", decided=False)
REVOKED = ProblemType(_SAYSO + "REVOKED", "The credential was revoked")
SUSPENDED = ProblemType(_SAYSO + "SUSPENDED", "The credential is suspended")
STATUS_NOT_VALID = ProblemType(_SAYSO + "STATUS_NOT_VALID", "The status of the credential is not that of a valid one")
LIMIT_EXCEEDED = ProblemType(_SAYSO + "LIMIT_EXCEEDED", "The input is larger than the limit")
DEACTIVATED = ProblemType(_SAYSO + "DEACTIVATED", "The DID was deactivated")
UNTRUSTED_ISSUER = ProblemType(_SAYSO + "UNTRUSTED_ISSUER", "The issuer is not one that was named")
UNEXPECTED_TYPE = ProblemType(_SAYSO + "UNEXPECTED_TYPE", "The credential is of another type than expected")
SCHEMA_MISMATCH = ProblemType(_SAYSO + "SCHEMA_MISMATCH", "The credential does not follow its schema")
TYPE_MISMATCH = ProblemType(_SAYSO + "TYPE_MISMATCH", "The credential does not keep to the rules of its type")
MISSING_CLAIM = ProblemType(_SAYSO + "MISSING_CLAIM", "What was asked for is missing")
EXCESS_DISCLOSURE = ProblemType(_SAYSO + "EXCESS_DISCLOSURE", "More was disclosed than was asked for")
HOLDER_BINDING = ProblemType(_SAYSO + "HOLDER_BINDING", "Nothing shows that the holder presented this")
TERMS = ProblemType(_SAYSO + "TERMS", "The sharing terms are malformed")
TERMS_MISSING = ProblemType(_SAYSO + "TERMS_MISSING", "The request carries no sharing terms")
TERMS_ALTERED = ProblemType(_SAYSO + "TERMS_ALTERED", "The sharing terms are not the ones that an answer would sign")
CLAIM_WITHOUT_TERMS = ProblemType(_SAYSO + "CLAIM_WITHOUT_TERMS", "A claim is asked for without terms")
TERMS_WITHOUT_CLAIM = ProblemType(_SAYSO + "TERMS_WITHOUT_CLAIM", "Terms are about a claim that is not asked for")
NECESSITY_MISMATCH = ProblemType(_SAYSO + "NECESSITY_MISMATCH", "The terms and the query do not say the same about what is needed")
UNKNOWN_TERM = ProblemType(_SAYSO + "UNKNOWN_TERM", "The sharing terms use a term that is not known")
DIALOGUE_MAP = ProblemType(_SAYSO + "DIALOGUE_MAP", "The dialogue map is malformed")
OFFER = ProblemType(_SAYSO + "OFFER", "The offer is malformed")
OFFER_ANSWERED = ProblemType(_SAYSO + "OFFER_ANSWERED", "The offer was answered before")
UNKNOWN_OFFER = ProblemType(_SAYSO + "UNKNOWN_OFFER", "This answers no offer that was made here")
HIDDEN_INTERMEDIARY = ProblemType(_SAYSO + "HIDDEN_INTERMEDIARY", "The answer would go to somebody whom the terms do not name")
UNSIGNED_REQUEST = ProblemType(_SAYSO + "UNSIGNED_REQUEST", "Nobody signed the request")
INVALID_TRANSACTION_DATA = ProblemType(_SAYSO + "INVALID_TRANSACTION_DATA", "The transaction data of the request cannot be agreed to")
NOT_ANSWERABLE = ProblemType(_SAYSO + "NOT_ANSWERABLE", "Nothing that is held answers the request")
WHOLE_CREDENTIAL = ProblemType(
    _SAYSO + "WHOLE_CREDENTIAL", "Only a whole credential answers, and nobody has agreed to show it", decided=False
)
NOT_MINE = ProblemType(_SAYSO + "NOT_MINE", "This is not bound to a key that is held")
UNKNOWN_REQUEST = ProblemType(_SAYSO + "UNKNOWN_REQUEST", "The request was not made by this verifier")
OTHER_REQUEST = ProblemType(_SAYSO + "OTHER_REQUEST", "The request asks for something else than this answers")
ALREADY_ANSWERED = ProblemType(_SAYSO + "ALREADY_ANSWERED", "The request was answered before")
SHARE_ENDED = ProblemType(_SAYSO + "SHARE_ENDED", "The share has ended")
PURPOSE_NOT_GRANTED = ProblemType(_SAYSO + "PURPOSE_NOT_GRANTED", "The share was not granted for this purpose")
LEDGER = ProblemType(_SAYSO + "LEDGER", "The ledger, or an entry of it, is malformed")
LEDGER_ALTERED = ProblemType(_SAYSO + "LEDGER_ALTERED", "The ledger is not the one that was written")
EVIDENCE = ProblemType(_SAYSO + "EVIDENCE", "The bundle of evidence is malformed, or was changed")
OTHER_GRANT = ProblemType(_SAYSO + "OTHER_GRANT", "This is about another share")
GRANT_DIFFERS = ProblemType(_SAYSO + "GRANT_DIFFERS", "The grant says something else than the request")
NOT_GRANTED = ProblemType(_SAYSO + "NOT_GRANTED", "The grant is not about this")
GRANT_ENDED = ProblemType(_SAYSO + "GRANT_ENDED", "The grant has ended, or has not begun")
LEASE_LAPSED = ProblemType(_SAYSO + "LEASE_LAPSED", "The lease of the grant was not renewed")
RETENTION_ENDED = ProblemType(_SAYSO + "RETENTION_ENDED", "The time for which this may be kept is over")
GRANT_WITHDRAWN = ProblemType(_SAYSO + "GRANT_WITHDRAWN", "The permission was withdrawn or given back")
GRANT_PAUSED = ProblemType(_SAYSO + "GRANT_PAUSED", "The permission is paused")
EVENT_REPLAYED = ProblemType(_SAYSO + "EVENT_REPLAYED", "The event was taken before")
RECEIPT_DIFFERS = ProblemType(_SAYSO + "RECEIPT_DIFFERS", "The receipt says something else than the grant")
ERASURE_DIFFERS = ProblemType(_SAYSO + "ERASURE_DIFFERS", "The answer does not say what became of what was to be erased")
CLAIM_USED = ProblemType(_SAYSO + "CLAIM_USED", "The claim was used")
UNKNOWN_STATUS_ENTRY = ProblemType(_SAYSO + "UNKNOWN_STATUS_ENTRY", "The status book has no such entry")
REVOKED_FOR_GOOD = ProblemType(_SAYSO + "REVOKED_FOR_GOOD", "What was revoked stays revoked")
STORE_UNREACHABLE = ProblemType(_SAYSO + "STORE_UNREACHABLE", "The store could not be read or written", decided=False)
KEY_FILE_UNREADABLE = ProblemType(_SAYSO + "KEY_FILE_UNREADABLE", "The key file could not be read or written", decided=False)
KEY_FILE_TRUNCATED = ProblemType(_SAYSO + "KEY_FILE_TRUNCATED", "The key file ends too early")
KEY_FILE_DAMAGED = ProblemType(_SAYSO + "KEY_FILE_DAMAGED", "The key file was changed since it was written")
KEY_FILE_UNKNOWN = ProblemType(_SAYSO + "KEY_FILE_UNKNOWN", "The key file is of a kind that is not known", decided=False)
KEY_FILE_OUTDATED = ProblemType(_SAYSO + "KEY_FILE_OUTDATED", "The key file is sealed with less than is asked for today")
WRONG_PASSPHRASE = ProblemType(_SAYSO + "WRONG_PASSPHRASE", "The passphrase is not the one it was sealed under")


def pointer(*steps: str | int) -> str:
    """Write a JSON Pointer.

    Source: RFC 6901, section 3.

    >>> pointer("credentialSubject", 0, "a/b")
    '/credentialSubject/0/a~1b'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


@dataclass(frozen=True, slots=True)
class Problem:
    """Describe one thing that was refused or could not be decided.

    `detail` names the path and the rule and never a claim value, key, salt or nonce; `pointer` is a JSON Pointer into what was
    looked at ("" is the whole of it); `stage` is the stage of the pipeline, or the door.

    Source: VCDM 2.0, section 7.3 (ProblemDetails); RFC 9457.
    """

    kind: ProblemType
    detail: str
    pointer: str = ""
    stage: str = ""

    @property
    def type(self) -> str:
        """The URL of the problem type."""
        return self.kind.url

    @property
    def title(self) -> str:
        """The title of the problem type."""
        return self.kind.title

    @property
    def decided(self) -> bool:
        """Whether this is a verdict, and not a question left open."""
        return self.kind.decided

    def under(self, *steps: str | int, stage: str = "") -> "Problem":
        """Place this problem below a path, and in a stage where it names none.

        >>> Problem(RANGE_ERROR, "ended", "/exp").under("pid", 0, stage="date").pointer
        '/pid/0/exp'
        """
        return Problem(self.kind, self.detail, pointer(*steps) + self.pointer, self.stage or stage)

    def to_json(self) -> dict[str, str]:
        """Give the ProblemDetails members (RFC 9457, section 3.1, with `pointer` and `stage` as extensions)."""
        return {"type": self.type, "title": self.title, "detail": self.detail, "pointer": self.pointer, "stage": self.stage}

    def __str__(self) -> str:
        place = f" at {self.pointer}" if self.pointer else ""
        return f"{self.title}{place}: {self.detail}"


class SaysoError(Exception):
    """Refuse: the one error that bad input can cause.

    `problems` is never empty. `decided` is False where every problem is a question that could not be decided; that is no success either.
    """

    def __init__(self, *problems: Problem) -> None:
        if not problems:
            msg = "an error needs at least one problem"
            raise ValueError(msg)
        super().__init__(*problems)
        self.problems = problems

    @classmethod
    def of(cls, kind: ProblemType, detail: str, *steps: str | int) -> Self:
        """Make the error of one problem at a path."""
        return cls(Problem(kind, detail, pointer(*steps)))

    @property
    def decided(self) -> bool:
        """Whether at least one problem is a verdict."""
        return any(problem.decided for problem in self.problems)

    def under(self, *steps: str | int, stage: str = "") -> "SaysoError":
        """Place every problem below a path and in a stage."""
        return SaysoError(*(problem.under(*steps, stage=stage) for problem in self.problems))

    def __str__(self) -> str:
        return "; ".join(map(str, self.problems))
