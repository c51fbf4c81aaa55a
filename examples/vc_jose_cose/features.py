"""Name what a client can ask for, and what it is told."""

from typing import Literal, NamedTuple

from sayso.credentials.formats import JWT_VC, JWT_VP, SD_JWT_VP, VCDM_SD_JWT, Format
from sayso.jsonvalue import Json, JsonObject

BUILT: dict[str, Format] = {
    "credential_jose": JWT_VC,
    "credential_sdjwt": VCDM_SD_JWT,
    "presentation_jose": JWT_VP,
    "presentation_sdjwt": SD_JWT_VP,
}
OTHERS = ("credential_cose", "presentation_cose")


class Result(NamedTuple):
    """Hold what a client is told: "success" with what was made or verified, or why not."""

    result: Literal["success", "failure", "indeterminate", "error"]
    data: Json

    def to_json(self) -> JsonObject:
        """Give what is written."""
        return {"result": self.result, "data": self.data}
