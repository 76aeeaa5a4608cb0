"""giaoban: from the spreadsheets of districts and agencies to the briefing of a review meeting."""
