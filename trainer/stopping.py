"""When training should stop: the rules alone, without torch, the same as src/core/training/stopping.ts."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

WINDOW = 5
"""Evaluations that convergence looks at."""

STEADY = 8
"""Mann-Kendall's S over five values: falling pairs less rising ones, of ten. From 8 on a fall is real (p = 0.04)."""


@dataclass(frozen=True)
class Settings:
    patience: int = 3
    min_delta: float = 0.001
    convergence_spread: float = 0.005


@dataclass
class Stopping:
    """Takes evaluation losses in order and says when to stop, and why."""

    settings: Settings
    losses: list[float] = field(default_factory=list)
    reference: float | None = None
    """The last loss that was better than the one before it by more than min_delta."""
    without_improvement: int = 0
    reason: str | None = None

    def judge(self, loss: float) -> str | None:
        """The reason to stop after this evaluation, or None. Not a number, then convergence, then patience."""
        self.losses.append(loss)
        if not math.isfinite(loss):
            self.reason = "not_a_number"
            return self.reason
        if self.reference is None or loss < self.reference - self.settings.min_delta:
            self.reference = loss
            self.without_improvement = 0
        else:
            self.without_improvement += 1
        if converged(self.losses, self.settings.convergence_spread):
            self.reason = "convergence"
        elif self.without_improvement >= self.settings.patience:
            self.reason = "patience"
        else:
            self.reason = None
        return self.reason


def replay(settings: Settings, losses: list[float]) -> Stopping:
    """The state after these losses, under settings that may be others than when they were seen."""
    stopping = Stopping(settings)
    for loss in losses:
        stopping.judge(loss)
    return stopping


def converged(losses: list[float], spread: float) -> bool:
    """The last five lie within `spread` of each other, relative to the smallest, and do not fall steadily."""
    last = losses[-WINDOW:]
    if len(last) < WINDOW or not all(math.isfinite(loss) for loss in last):
        return False
    low, high = min(last), max(last)
    if high - low >= spread * abs(low):
        return False
    falls = sum((last[i] > last[j]) - (last[i] < last[j]) for i in range(WINDOW) for j in range(i + 1, WINDOW))
    return falls < STEADY
