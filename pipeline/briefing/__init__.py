"""The official briefing of a quarter: marts -> facts -> words and charts -> PDF, with its provenance."""
