"""`notify.preview.mailbox.cache`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from notify.preview.mailbox.cache import Cache


def test_forgets_what_was_not_asked_for_the_longest() -> None:
    """When it is full, the value that nobody used goes."""
    cache: Cache[str] = Cache(2)
    cache.put("a", "A")
    cache.put("b", "B")
    cache.get("a")
    cache.put("c", "C")

    assert ["A", None, "C"] == [cache.get(key) for key in "abc"]


def test_is_bounded_by_weight() -> None:
    """What is too heavy is not kept at all; a value that takes another's place weighs once."""
    cache: Cache[str] = Cache(10, weigh=len)
    for _ in range(5):
        cache.put("a", "12345678")
    cache.put("b", "12")
    cache.put("c", "x" * 11)

    assert [None, None, None] == [cache.get(key) for key in "abc"]
    cache.put("d", "1234567890")
    assert "1234567890" == cache.get("d")


def test_threads_share_it() -> None:
    """Many threads at once leave it whole."""
    cache: Cache[int] = Cache(50)

    def work(start: int) -> None:
        for number in range(1000):
            cache.put((start + number) % 80, number)
            cache.get(number % 80)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))

    assert 50 == len(cache._held) == cache._weight
