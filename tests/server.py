"""A server on this machine that answers as a test tells it, over TLS or without: honest, hostile, slow or endless."""

import socket
import ssl
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import NamedTuple, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAMES = ("city.example", "other.example", "localhost")
HERE = "127.0.0.1"
"""Where the servers of the tests listen."""
CRLF = "\r\n"


class Conversation:
    """Be one connection: the request that came, and what is sent back."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.request = self._head()

    def _head(self) -> str:
        received = b""
        # A TLS handshake where none is spoken is answered at once.
        while b"\r\n\r\n" not in received and not received.startswith(b"\x16") and (more := self._connection.recv(4096)):
            received += more
        return received.decode("latin-1")

    def body(self) -> bytes:
        """Read what was posted."""
        head, _, received = self.request.partition(CRLF * 2)
        length = int(head.partition("Content-Length: ")[2].partition(CRLF)[0])
        body = received.encode("latin-1")
        while len(body) < length:
            body += self._connection.recv(4096)
        return body

    def send(self, data: bytes) -> None:
        self._connection.sendall(data)

    def wait(self) -> None:
        """Say nothing until the other side has gone."""
        while self._connection.recv(4096):
            pass

    def reset(self) -> None:
        """Break the connection off, with a reset where there is no TLS."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


Answer = Callable[[Conversation], None]


def answer(body: bytes = b"{}", status: str = "200 OK", media_type: str | None = "application/json", **headers: str) -> Answer:
    """Answer with a body, and with headers: `cache_control` is Cache-Control."""
    lines = [f"HTTP/1.1 {status}"]
    if media_type is not None:
        lines.append(f"Content-Type: {media_type}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if not {"content_length", "transfer_encoding"} & headers.keys():
        lines.append(f"Content-Length: {len(body)}")
    sent = (CRLF.join(lines) + CRLF * 2).encode("latin-1") + body
    return lambda conversation: conversation.send(sent)


def redirect(location: str, status: str = "302 Found") -> Answer:
    """Answer that it is elsewhere."""
    return answer(b"", status, None, location=location)


def endless(head: bytes, more: bytes) -> Answer:
    """Answer with a head, and then with the same for as long as anybody reads."""

    def go_on(conversation: Conversation) -> None:
        conversation.send(head)
        while True:
            conversation.send(more)

    return go_on


def head(*lines: str) -> bytes:
    """Write the beginning of a good answer, with further headers, and without its end."""
    return CRLF.join(["HTTP/1.1 200 OK", "Content-Type: application/json", *lines, ""]).encode("latin-1")


class Authority(NamedTuple):
    """Hold what a server of the tests shows, and what proves it."""

    server: ssl.SSLContext
    client: ssl.SSLContext


@cache
def authority(names: Collection[str] = NAMES, addresses: Collection[str] = (HERE,)) -> Authority:
    """Make a certificate for some names and addresses, which is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    named = [*(x509.DNSName(one) for one in names), *(x509.IPAddress(ip_address(one)) for one in addresses)]
    now = datetime.now(UTC)  # noqa: TID251 - what TLS looks at is the machine's clock
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - timedelta(days=1), now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(named), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as place:
        file = Path(place) / "server.pem"
        secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        file.write_bytes(secret + pem)
        server.load_cert_chain(file)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(cadata=pem.decode())
    return Authority(server, client)


class Server:
    """Answer each connection with the next of some answers, and all further ones with the last; remember what was asked.

    `connections` counts whoever came, whether or not they said anything.
    """

    def __init__(self, *answers: Answer, tls: ssl.SSLContext | None = None, host: str = HERE) -> None:
        self._answers = answers
        self._tls = tls
        self._listener = socket.create_server((host, 0))
        self._last: object = None
        self._thread = threading.Thread(target=self._serve)
        self.host = host
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        self.requests: list[str] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        # The last to come, behind everybody who came before: with it the thread ends.
        with socket.socket() as last:
            last.bind((self.host, 0))
            self._last = last.getsockname()
            last.connect((self.host, self.port))
            self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            connection, peer = self._listener.accept()
            with connection:
                if peer == self._last:
                    return
                self.connections += 1
                with suppress(OSError):  # a client that had enough
                    self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        with ExitStack() as stack:
            if self._tls:
                connection = stack.enter_context(self._tls.wrap_socket(connection, server_side=True))
            conversation = Conversation(connection)
            self.requests.append(conversation.request)
            self._answers[min(len(self.requests), len(self._answers)) - 1](conversation)


@contextmanager
def serving(*answers: Answer, tls: bool = True) -> Iterator[Server]:
    """Run a server for as long as a test needs it."""
    with Server(*answers, tls=authority().server if tls else None) as server:
        yield server
