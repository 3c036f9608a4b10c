"""The sentences of every refusal by topic; `wording.errors` puts them together."""
