"""Canonicalise documents: from JSON-LD to the text that is hashed, and the graph alone.

PyLD and Digital Bazaar's jsonld do both; pyoxigraph canonicalises a graph that is read already. PyLD's URDNA2015 names the nodes as
RDFC-1.0 does; only what has an escape of its own may be written otherwise.
"""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pyoxigraph
from pyld import jsonld

from benchmarks.data_integrity_peers import URLS, contexts
from benchmarks.documents import SIZES, document
from benchmarks.measuring import Batch, Operation, Title, timed
from benchmarks.peers import Peers
from sayso.credentials.kinds import CredentialType, reading_of_type
from sayso.encodings.jsonld.dataset import to_rdf
from sayso.encodings.rdfc.canonicalization import canonicalize
from sayso.encodings.rdfc.quads import serialize
from sayso.jsonvalue import JsonObject
from tests.interop.parties import party

_RAW = "1 json.loads"
_CONTEXTS = reading_of_type(CredentialType("IdentityCard")).contexts


def operations(peers: Peers) -> Iterator[Operation]:
    """List what is measured here, beside the peers."""
    for size in SIZES:
        yield Operation(Title("canonical-json-ld", "mechanism", size, "quads", _RAW), partial(_documents, peers, size))
        yield Operation(Title("canonical-graph", "mechanism", size, "quads", _RAW), partial(_graphs, size))


def _documents(peers: Peers, size: int, count: int) -> Batch:
    city = party()
    documents = [document(city, size) for _ in range(count)]
    # PyLD keeps what it made of a context that is tagged so.
    static = {"contextUrl": None, "tag": "static"}
    loaded = {url: {**static, "documentUrl": url, "document": json.loads(text)} for url, text in contexts().items()}
    assert {*loaded} == {*URLS}
    options: Any = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": lambda url, _: loaded[url]}

    def ours(one: JsonObject) -> str:
        return canonicalize(to_rdf(one, _CONTEXTS)).text

    def pyld(one: JsonObject) -> Any:
        return jsonld.normalize(one, options)

    shared, items = {"contexts": contexts()}, [{"document": one} for one in documents]
    for text in (pyld(documents[0]), *peers.once("rdfc-document", shared, items)):
        assert text == ours(documents[0])
    theirs = {"pyld": timed([partial(pyld, one) for one in documents]), **peers.side("rdfc-document", shared, items)}
    return Batch([partial(ours, one) for one in documents], [_read(one) for one in documents], theirs)


def _graphs(size: int, count: int) -> Batch:
    city = party()
    documents = [document(city, size) for _ in range(count)]
    graphs = [to_rdf(one, _CONTEXTS) for one in documents]
    assert {len(graph) for graph in graphs} == {size}
    datasets = [pyoxigraph.Dataset(pyoxigraph.parse(serialize(graph).encode(), pyoxigraph.RdfFormat.N_QUADS)) for graph in graphs]

    def oxigraph(dataset: pyoxigraph.Dataset) -> str:
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
        return "".join(sorted(f"{quad} .\n" for quad in dataset))

    sample = pyoxigraph.Dataset(datasets[0])
    assert oxigraph(sample) == canonicalize(graphs[0]).text
    theirs = {"oxigraph": timed([partial(oxigraph, dataset) for dataset in datasets])}
    return Batch([partial(canonicalize, graph) for graph in graphs], [_read(one) for one in documents], theirs)


def _read(one: JsonObject) -> partial[Any]:
    return partial(json.loads, json.dumps(one))
