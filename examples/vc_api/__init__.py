"""The W3C VC API over the doors of sayso: a conformance client can talk to the library through it."""
