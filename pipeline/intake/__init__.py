"""Bytes as they were sent -> cells -> observations and findings. `take_in` reads one quarter whole."""

from pipeline.intake.reading import Readers
from pipeline.intake.register import Receipt, receive
from pipeline.intake.taking_in import TakenIn, take_in

__all__ = ["Readers", "Receipt", "TakenIn", "receive", "take_in"]
