"""Draw chance: the only room with randomness."""

import os
from collections.abc import Callable
from typing import TypeAlias

Entropy: TypeAlias = Callable[[int], bytes]
"""Gives that many unpredictable bytes. One draw costs as much as many bytes: ask once for all salts."""

system_entropy: Entropy = os.urandom
