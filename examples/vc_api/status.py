"""Give credentials an entry in a status list, serve the lists, and change what stands there."""

from collections.abc import Mapping

from sayso import Issuer, MemoryStatusStore, PublishedList, StatusBook, StatusEntry
from sayso.jsonvalue import JsonObject
from sayso.retrieval import Retrieve, Retrieved, offline

PATH = "/status"


class StatusLists:
    """Keep a book for each key and each way to secure a credential, as long as the process lives."""

    def __init__(self, issuers: Mapping[str, Issuer], url: str) -> None:
        """Take the issuers by their kind of key, and the URL at which this server can be reached."""
        self._issuers = issuers
        self._url = url
        self._books: dict[str, StatusBook] = {}
        self._given: dict[object, tuple[StatusBook, StatusEntry]] = {}

    def with_entry(self, credential: JsonObject, kind: str, secured: str) -> JsonObject:
        """Add `credentialStatus` where there is none."""
        if "credentialStatus" in credential:
            return credential
        url = f"{self._url}{PATH}/{kind}/{secured}"
        if url not in self._books:
            self._books[url] = self._issuers[kind].status_book(MemoryStatusStore(), url=url, secured=secured)
        book = self._books[url]
        entry = book.allocate()
        names = [credential.get("id"), *(place_named(one) for one in listed(entry.members))]
        self._given.update((name, (book, entry)) for name in names if name is not None)
        return {**credential, **entry.members}

    def served(self, path: str) -> PublishedList | None:
        """Sign the list of this path anew; None where there is none."""
        return self._current(self._url + path)

    def fetch(self, retrieve: Retrieve) -> Retrieved:
        """Give whoever verifies here a list that is served here; nothing else is retrieved."""
        found = self._current(retrieve.url)
        return offline(retrieve) if found is None else Retrieved(found.data, found.media_type)

    def _current(self, url: str) -> PublishedList | None:
        book = next((book for begins, book in self._books.items() if url.startswith(begins + "/")), None)
        if book is not None:
            book.publish()
        return None if book is None else book.published(url)

    def change(self, body: JsonObject) -> None:
        """Set what `credentialStatus` names, by its list and index or by `credentialId`, to what `status` says.

        Raises:
            TypeError, ValueError: it names nothing that was issued here, or says nothing.
            SaysoError: it was revoked.
        """
        value = body.get("status")
        if not isinstance(value, bool):
            msg = "status is true or false"
            raise TypeError(msg)
        for entry in listed(body) or [{}]:
            found = self._given.get(place_named(entry)) or self._given.get(text_of(body, "credentialId"))
            if found is None:
                msg = "credentialStatus or credentialId names what was issued here"
                raise ValueError(msg)
            self._set(*found, entry.get("statusPurpose", "revocation"), value)

    def _set(self, book: StatusBook, entry: StatusEntry, purpose: object, value: bool) -> None:
        changes = {
            ("revocation", True): book.revoke,
            ("suspension", True): book.suspend,
            ("suspension", False): book.reinstate,
        }
        wanted = (str(purpose), value)
        if wanted not in changes:
            msg = "what can be changed: revocation to true, for good; suspension to true or false"
            raise ValueError(msg)
        changes[wanted](entry)


def listed(members: Mapping[str, object]) -> list[JsonObject]:
    """Give the entries of `credentialStatus`: one, or several."""
    value = members.get("credentialStatus")
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def place_named(entry: JsonObject) -> object:
    """Give the list and the index that an entry names; None where it names none."""
    place = (text_of(entry, "statusListCredential"), text_of(entry, "statusListIndex"))
    return None if None in place else place


def text_of(members: JsonObject, name: str) -> str | None:
    """Give a member that is text, None where there is none."""
    value = members.get(name)
    return value if isinstance(value, str) else None
