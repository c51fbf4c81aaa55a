"""Verify what is secured with keys from files."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from examples.vc_jose_cose.features import Result
from examples.vc_jose_cose.keys import KeyFile
from sayso import ANYONE, Expectations, Report, examine
from sayso.credentials.formats import Format
from sayso.jsonvalue import Json, JsonObject
from sayso.proofs.jose import jws

_A_LIFE = timedelta(days=36_500)


def verify(text: str, feature: Format, keys: Iterable[KeyFile], at: datetime) -> Result:
    """Verify a token, and give the document that it secures.

    Raises:
        ValueError: a key is none.
    """
    expected = Expectations(
        issuers=ANYONE,
        keys={name: key.method for key in keys for name in key.names},
        algorithms=jws.READABLE,
        text_dates=True,  # clients send `iat` as text
        max_age=_A_LIFE,  # and presentations that were made long ago
        status="waive",
        schema="ignore",
        subjects="any",
        holder_binding=feature.presents,
    )
    return _result(examine(text, expected, at=at), feature)


def _result(report: Report, feature: Format) -> Result:
    if report.verified is None:
        told: list[Json] = [{**problem.to_json()} for problem in report.problems]
        return Result("failure" if report.decided else "indeterminate", told)
    if report.verified.format != feature.id:
        return Result("failure", "it is secured in another way than was asked for")
    document: JsonObject = {**report.verified.claims}
    if feature.presents:
        document["verifiableCredential"] = [one.claims for one in report.verified.credentials["verifiableCredential"]]
    return Result("success", document)
