"""What glibc keeps of freed memory: bounds on it, and giving it back.

Other C libraries have neither call; there nothing happens.
"""

import ctypes

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
BOUNDS = {M_ARENA_MAX: 2, M_MMAP_THRESHOLD: 2 * 2**20, M_TRIM_THRESHOLD: 32 * 2**20}
"""glibc gives each thread an arena of its own, and what a burst has left in one is of no use to the others; and it learns to keep
ever larger blocks, so that one long text stays in memory. With these, 64 clients left 677 MB instead of 748 (`make bench`)."""


def bound() -> None:
    """Hold glibc to BOUNDS, from now on."""
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        for name, value in BOUNDS.items():
            mallopt(name, value)


def give_back() -> None:
    """Return every whole free page of all arenas to the system: milliseconds, for when there is nothing else to do."""
    if malloc_trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        malloc_trim(0)
