"""The edition of the briefing for publication: no communes, nothing internal, no count that could point at a family."""
