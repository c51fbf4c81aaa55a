"""Hand the library joserfc what it encrypts and decrypts: the one module that imports it, and itself imported on first use.

Chance is passed in: the library would draw the key of a message and its initialization vector by itself.
"""

from copy import copy

from joserfc.errors import JoseError
from joserfc.jwa import JWEEncModel
from joserfc.jwe import FlattenedJSONEncryption, JWERegistry, decrypt_compact, encrypt_json
from joserfc.jwk import ECKey, OKPKey

from sayso.jsonvalue import JsonObject


class _Registry(JWERegistry):
    """Know the one way that is built, with the initialization vector that is given."""

    def __init__(self, algorithms: tuple[str, str], most: int, iv: bytes = b"") -> None:
        super().__init__(algorithms=algorithms)
        self.max_ciphertext_length = most
        self.max_protected_header_length = most
        model = copy(super().get_enc(algorithms[1]))
        model.generate_iv = lambda: iv  # type: ignore[method-assign]
        self._model = model

    def get_enc(self, name: str) -> JWEEncModel:
        super().get_enc(name)
        return self._model


def _key(jwk: JsonObject) -> ECKey | OKPKey:
    members: dict[str, str | list[str]] = {name: str(member) for name, member in jwk.items()}
    return OKPKey.import_key(members) if members["kty"] == "OKP" else ECKey.import_key(members)


def encrypt(protected: JsonObject, plaintext: bytes, recipient: JsonObject, ephemeral: JsonObject, iv: bytes) -> str:
    """Encrypt to a public JWK with a private one that is made for this, whose public part the header names as `epk`."""
    sealed = FlattenedJSONEncryption(dict(protected), plaintext)
    sealed.add_recipient({}, _key(recipient))
    sealed.recipients[0].ephemeral_key = _key(ephemeral)
    registry = _Registry((str(protected["alg"]), str(protected["enc"])), 0, iv)
    # Flattened, for only there can the library be told which key to use; everything in the header stands under the protected one already.
    written = encrypt_json(sealed, None, registry=registry)
    return ".".join((written["protected"], "", written["iv"], written["ciphertext"], written["tag"]))


def decrypt(text: bytes, algorithms: tuple[str, str], private: JsonObject) -> bytes | None:
    """Decrypt with a private JWK; None where it does not hold."""
    try:
        return decrypt_compact(text, _key(private), registry=_Registry(algorithms, len(text))).plaintext
    except (JoseError, ValueError):
        return None
