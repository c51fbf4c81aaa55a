"""The commands of a VC-JOSE-COSE conformance client over sayso: `python -m examples.vc_jose_cose issue|verify …`."""
