"""The official briefing of a quarter: marts -> facts -> words and charts -> PDF, with its provenance."""

from pipeline.briefing.document import build_briefing
from pipeline.briefing.facts import figures

__all__ = ["build_briefing", "figures"]
