"""STUB."""

from collections.abc import Mapping

from sayso.jsonvalue import JsonObject


class Contexts:
    def __init__(self, documents: Mapping[str, JsonObject]) -> None:
        self.documents = dict(documents)

    def with_documents(self, more):
        for u in more:
            if u in self.documents and self.documents[u] != more[u]:
                raise ValueError("known")
        return Contexts({**self.documents, **more})

    def __contains__(self, url):
        return url in self.documents
