# 2026-06-24 14:40
tag agent-copilot/v0.3.0-G3
from :160
tagger Ingrid Solheim <ingrid.solheim@larkfield.example> 1782308400 +0100
data <<END_OF_MESSAGE
G3 passed: scale after hardening

Decided in DEC-010, after DEC-008 had said: iterate.
END_OF_MESSAGE

