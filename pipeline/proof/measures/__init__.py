"""The measuring functions, one for each kind of measurement; importing this package registers them all."""

from pipeline.proof.measures import accessible, archival, drawn, numbering, pages, paragraphs, placing, text
from pipeline.proof.measuring import MEASURES

__all__ = ["MEASURES", "accessible", "archival", "drawn", "numbering", "pages", "paragraphs", "placing", "text"]
