"""From a finished page to a PDF that may leave the office: fonts, layout, tags, reading back."""
