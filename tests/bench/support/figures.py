"""Figures: a name, ours, the peer's, a unit, and which way is better. One line each, as `make bench` promises."""
import statistics


def digits(value):
    if value is None:
        return "-"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def ratio(ours, peer, more_is_better):
    if ours is None or peer is None or ours <= 0 or peer <= 0:
        return None
    return ours / peer if more_is_better else peer / ours


class Series:
    """Several measurements of one figure on both sides, taken in turns. The medians count."""

    def __init__(self, name, unit, more_is_better):
        self.name, self.unit, self.more_is_better = name, unit, more_is_better
        self.values = {"ours": [], "peer": []}

    def add(self, side, value):
        self.values[side].append(value)

    def median(self, side):
        return statistics.median(self.values[side]) if self.values[side] else None

    def line(self):
        ours, peer = self.median("ours"), self.median("peer")
        r = ratio(ours, peer, self.more_is_better)
        return f"{self.name} ours {digits(ours)} peer {digits(peer)} {self.unit} ratio {'-' if r is None else f'{r:.2f}'}"
