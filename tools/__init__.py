"""What the Makefile runs besides the tools it installs."""
