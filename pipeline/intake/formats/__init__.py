"""Every format a district office sends, from its bytes to sheets of cells."""
