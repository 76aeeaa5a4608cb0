"""Dividing whole numbers: a total among areas by weight and within bounds, with the same answer everywhere.

Only sums, products and quotients of Fractions and of `random()` are used: no logarithm, no hash, no float total.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from random import Random

Number = int | Fraction


def split_total(
    total: int, weights: Mapping[str, Number], lower: Mapping[str, int], upper: Mapping[str, int]
) -> dict[str, int]:
    """Whole numbers that add up to `total`, near to proportional to `weights`, each in [lower, upper].

    The largest remainders get the odd units, ties by key. ValueError where the bounds leave no way.
    """
    if not sum(lower[key] for key in weights) <= total <= sum(upper[key] for key in weights):
        raise ValueError(f"{total} does not fit: {sum(lower.values())}..{sum(upper.values())}")
    exact = _within_bounds(total, weights, lower, upper)
    shares = {key: int(share) for key, share in exact.items()}
    by_remainder = sorted(exact, key=lambda key: (shares[key] - exact[key], key))
    left = total - sum(shares.values())
    for key in [key for key in by_remainder if shares[key] < upper[key]][:left]:
        shares[key] += 1
    return shares


def _within_bounds(
    total: int, weights: Mapping[str, Number], lower: Mapping[str, int], upper: Mapping[str, int]
) -> dict[str, Fraction]:
    """Proportional shares; those beyond a bound are held there and the rest share again, the worse side first."""
    held: dict[str, int] = {}
    while True:
        free = [key for key in weights if key not in held]
        rest = total - sum(held.values())
        if not free:
            return {key: Fraction(share) for key, share in held.items()}
        whole = sum((Fraction(weights[key]) for key in free), Fraction(0))
        share = {key: rest * Fraction(weights[key]) / whole if whole else Fraction(rest, len(free)) for key in free}
        low = {key: lower[key] for key in free if share[key] < lower[key]}
        high = {key: upper[key] for key in free if share[key] > upper[key]}
        if not low and not high:
            return share | {key: Fraction(value) for key, value in held.items()}
        lacking = sum(lower[key] - share[key] for key in low)
        beyond = sum(share[key] - upper[key] for key in high)
        held |= low if lacking >= beyond else high


def around(random: Random) -> Fraction:
    """A number in -1..1, mostly near 0, as a Fraction of thousandths."""
    return Fraction(sum(random.randrange(-1000, 1001) for _ in range(3)), 3000)


def varied(seed: str, percent: Number) -> Fraction:
    """A factor near 1 that belongs to `seed`: 1 plus or minus up to `percent`."""
    return 1 + around(Random(seed)) * Fraction(percent) / 100
