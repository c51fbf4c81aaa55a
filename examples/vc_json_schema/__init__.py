"""The command of a VC JSON Schema conformance client over sayso: `python -m examples.vc_json_schema validate …`."""
