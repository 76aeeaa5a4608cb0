"""Files that run giaoban as a service, and how to use them: README.md."""
