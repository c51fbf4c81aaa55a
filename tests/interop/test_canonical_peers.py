"""The canonical forms of the peers in JavaScript, which are oracles of ours: other oracles and the published vectors agree with them."""

import json
import re
from typing import Any

import pyoxigraph
import pytest
import rfc8785

from tests.interop.documents import CREDENTIALS_V2, EXAMPLES_V2, credential, disputed, generated, plain
from tests.interop.javascript import Peer, PeerError
from tests.interop.keys import key
from tests.interop.provers import Order, digitalbazaar, how_to_sign, how_to_verify, jcs, rdfc_document, rdfc_quads
from tests.support import shared

KEY = key("Ed25519")
ISSUER = KEY.did


def test_canonical_json_is_that_of_another_oracle(js: Peer) -> None:
    documents = {**plain(ISSUER), **disputed(ISSUER), **generated(ISSUER, 40)}
    del documents["integers"]  # what no reader of doubles keeps
    for name, document in documents.items():
        assert jcs(js, document).encode() == rfc8785.dumps(document), name


def test_canonical_quads_are_those_of_another_oracle(js: Peer) -> None:
    """With the labels that pyoxigraph gives to the nodes of the same graph, and its way of writing."""
    for name, document in {**plain(ISSUER), **disputed(ISSUER), **generated(ISSUER, 40)}.items():
        quads = rdfc_document(js, document)
        assert rdfc_quads(js, quads) == quads, name
        dataset = pyoxigraph.Dataset(pyoxigraph.parse(quads.encode(), pyoxigraph.RdfFormat.N_QUADS))
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
        assert sorted(f"{quad} ." for quad in dataset) == quads.split("\n")[:-1], name


@pytest.mark.parametrize("hash_name", ["SHA-256", "SHA-384"])
def test_the_hash_decides_the_labels(js: Peer, hash_name: str) -> None:
    """Both are valid; what they write differs in the labels alone, and is stable."""
    quads = rdfc_document(js, plain(ISSUER)["twins"], hash_name)
    assert rdfc_quads(js, quads, hash_name) == quads
    assert (quads == rdfc_document(js, plain(ISSUER)["twins"])) == (hash_name == "SHA-256")


def test_canonical_quads_are_the_published_ones(js: Peer) -> None:
    """VC-DI-EdDSA 1.0, appendix B.1: the canonical credential without its proof."""
    folder = ("vectors", "data-integrity", "eddsa")
    document = json.loads(shared(*folder, "unsigned.json").read_bytes())
    assert rdfc_document(js, document) == shared(*folder, "eddsa-rdfc-2022", "canonDocDataInt.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", [credential(ISSUER, {"age": 36}, {"age": None}), credential(ISSUER, {"id": "ada", "age": 36})])
def test_what_would_be_lost_is_not_signed(js: Peer, document: dict[str, Any]) -> None:
    with pytest.raises(PeerError, match="Safe mode"):
        rdfc_document(js, document)


def test_nothing_is_fetched(js: Peer) -> None:
    """Neither a context nor the document of a DID that is no key."""
    unknown, method = "https://unknown.example/context", "did:web:city.example#key"
    with pytest.raises(PeerError, match=re.escape(unknown)):
        rdfc_document(js, credential(ISSUER, {"age": 36}, unknown))
    signing = KEY._replace(method=method)
    order = Order("eddsa-jcs-2022", signing, credential(signing.did, {"age": 36}))
    with pytest.raises(PeerError, match=re.escape(f"{method} is not at hand")):
        digitalbazaar(js).verify(digitalbazaar(js).secure(order), None)


def test_a_context_has_one_content(js: Peer) -> None:
    """jsonld keeps what it made of a context, so another under the same URL would be taken for the first."""
    document = credential(ISSUER, {"age": 36})
    rdfc_document(js, document)
    with pytest.raises(PeerError, match="had another content"):
        js.ask("rdfc-document", document=document, contexts={CREDENTIALS_V2: "{}", EXAMPLES_V2: "{}"})


def test_the_time_of_one_is_that_of_all_divided(js: Peer) -> None:
    document = credential(ISSUER, {"age": 36})
    order = Order("eddsa-rdfc-2022", KEY, document)
    signing = how_to_sign(order)
    secured = js.ask("di-issue", document=document, **signing)
    for task, how, item in [
        ("di-issue", signing, {"document": document}),
        ("di-verify", how_to_verify(), {"document": secured}),
        ("rdfc-document", {"contexts": signing["contexts"]}, {"document": document}),
        ("rdfc-quads", {}, {"quads": rdfc_document(js, document)}),
        ("jcs", {}, {"document": document}),
    ]:
        assert js.microseconds(task, how, [item] * 20, times=2) > 0
