"""The curve of Ed25519, slowly and in the open: points are pairs (x, y), and every law is that of RFC 8032, section 5.1."""

from typing import TypeAlias

Point: TypeAlias = tuple[int, int]

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
IDENTITY: Point = (0, 1)
_ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def on_curve(point: Point) -> bool:
    """Tell whether -x² + y² = 1 + d x² y²."""
    x, y = point
    return (-x * x + y * y - 1 - D * x * x * y * y) % P == 0


def add(one: Point, other: Point) -> Point:
    """Add two points; the law is complete."""
    (x1, y1), (x2, y2) = one, other
    product = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P
    return x, y


def multiply(times: int, point: Point) -> Point:
    """Add a point to itself."""
    result = IDENTITY
    while times:
        if times & 1:
            result = add(result, point)
        point = add(point, point)
        times >>= 1
    return result


def points(y: int) -> set[Point]:
    """Find the points with this y: none, one or two (RFC 8032, section 5.1.3)."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    root = pow(square, (P + 3) // 8, P)
    return {(x, y) for x in (root, -root % P, root * _ROOT_OF_MINUS_ONE % P, -root * _ROOT_OF_MINUS_ONE % P) if x * x % P == square}


def encode(point: Point) -> bytes:
    """Write a point as 32 bytes (RFC 8032, section 5.1.2)."""
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decode(raw: bytes) -> Point:
    """Read a point that is known to be one."""
    number = int.from_bytes(raw, "little")
    return next(point for point in points(number & (1 << 255) - 1) if point[0] & 1 == number >> 255)


def torsion() -> set[Point]:
    """Give all points that eight times themselves vanish, found from a point of full order.

    The curve has 8 L points and is cyclic up to its 8-torsion, so L times a point whose order is a multiple of 8 makes all of them.
    """
    for y in range(2, 100):
        for point in points(y):
            generator = multiply(L, point)
            found = {multiply(times, generator) for times in range(8)}
            if len(found) == 8:
                return found
    raise AssertionError
